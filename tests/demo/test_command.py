"""`manage.py demo` brings the borough into the database and can be run again."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import PersonLink, Resident
from accounts.roles import ROLES
from benefits.models import Claim
from benefits.models import Document as ClaimDocument
from council_tax.models import Account, Document
from stockport.demo.extract import extracted_at
from stockport.demo.residents import DEMO_RESIDENTS
from stockport.demo.seeding import load_extracts
from stockport.feeds.loader import load
from stockport.feeds.models import FeedRun, Quarantine
from tests.demo.extracts import DAYS

pytestmark = pytest.mark.slow
TODAY = DAYS[0]


@pytest.fixture(autouse=True)
def demo_folder(settings, tmp_path):
    settings.DEMO_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


def demo(**options: object) -> str:
    out = StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_loader_takes_the_extract_and_nothing_is_held_back(extract):
    run = load(extract.folder, now=extracted_at(DAYS[-1]))
    assert run.state == FeedRun.State.LOADED
    assert not Quarantine.objects.exists()
    assert Account.objects.count() > 400
    assert Claim.objects.count() > 40


@pytest.mark.django_db
def test_nights_follow_each_other_over_the_year_end(extract_of):
    last, first = date(2027, 3, 31), date(2027, 4, 1)
    for night in (last - timedelta(days=1), last, first, first + timedelta(days=1)):
        load(extract_of(night).folder, now=extracted_at(night))
    assert not Quarantine.objects.exists()
    newest = extracted_at(first + timedelta(days=1))
    assert Account.objects.filter(confirmation__at=newest).count() > 400


def test_people_and_addresses_are_the_same_the_next_day(extract_of):
    today, tomorrow = (extract_of(day) for day in (TODAY, TODAY + timedelta(days=1)))
    for file in ("people", "properties", "elements"):
        assert today.rows[file] == tomorrow.rows[file]


@pytest.mark.django_db
def test_demo_residents_can_sign_in_and_are_linked(client, settings):
    said = demo(today=TODAY)
    for resident in DEMO_RESIDENTS:
        assert resident.email in said
        assert client.login(username=resident.email, password=settings.DEMO_PASSWORD)
        linked = PersonLink.objects.filter(resident__email=resident.email)
        assert [link.person.reference for link in linked] == [resident.person] * linked.count()
        assert linked.exists() == bool(resident.person)
    staff = Resident.objects.filter(is_staff=True)
    assert [one.email for one in staff.filter(is_superuser=True)] == ["staff@example.org"]
    assert set(staff.filter(is_superuser=False).values_list("groups__name", flat=True)) == {*ROLES}


@pytest.mark.django_db
def test_second_run_of_a_day_loads_nothing_unless_asked():
    demo(today=TODAY)
    residents = Resident.objects.count()
    runs = FeedRun.objects.count()
    assert "loaded already" in demo(today=TODAY)
    assert (FeedRun.objects.count(), Resident.objects.count()) == (runs, residents)
    demo(today=TODAY, fresh=True)
    assert FeedRun.objects.count() > runs
    assert FeedRun.objects.filter(state=FeedRun.State.UNCHANGED).exists()
    with pytest.raises(CommandError, match="older than the extract"):
        demo(today=TODAY - timedelta(days=1), fresh=True)


@pytest.mark.django_db
def test_demo_refuses_where_its_residents_have_no_password(settings):
    settings.DEMO_PASSWORD = ""
    with pytest.raises(CommandError, match="for development"):
        demo()
    assert not Resident.objects.exists()


@pytest.mark.django_db
def test_demo_says_when_a_year_borrows_figures():
    assert "No council tax is published for 2027/28 yet: using 2026/27." in demo(
        today=date(2027, 4, 2)
    )


@pytest.mark.django_db
def test_extract_without_an_app_to_take_it_is_left_out(settings):
    settings.FEEDS = []
    from stockport.feeds.tables import declared

    declared.cache_clear()
    try:
        said = list(load_extracts(settings.DEMO_DIR, TODAY))
    finally:
        declared.cache_clear()
    assert said == ["revenues: no app takes people.csv", "highways: no app takes assets.csv"]


@pytest.mark.django_db
def test_every_letter_of_the_demo_is_a_file_and_is_written_once(tmp_path):
    demo(today=TODAY)
    assert Document.objects.delivered().count() > 800
    assert not Document.objects.undelivered().exists()
    paths = list((tmp_path / "media/letters").rglob("*.pdf"))
    assert len(paths) == Document.objects.count() + ClaimDocument.objects.count()
    assert paths[0].read_bytes().startswith(b"%PDF-1.4")
