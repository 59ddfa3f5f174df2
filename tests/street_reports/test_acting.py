"""What a reporter does later: each is told to the team once, and nobody else can do it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from stockport.db import violated_constraint
from stockport.outbox.models import Delivery
from street_reports.acting import act
from street_reports.models import Act, Report
from street_reports.service import service
from street_reports.workflow import NotAllowed
from tests.factories.street_reports import ContactFactory, FollowerFactory, ReportFactory

ADD, WITHDRAW, REOPEN = Act.Kind.ADD, Act.Kind.WITHDRAW, Act.Kind.REOPEN


def fixed(days=1, **more):
    """A report that was fixed so many days ago."""
    return ReportFactory(status="fixed", fixed_at=timezone.now() - timedelta(days=days), **more)


@pytest.mark.parametrize(
    ("kind", "state", "status", "words"),
    [
        (ADD, "received", "OPEN", "The person who reported this adds: Sparks."),
        (WITHDRAW, "closed", "CLOSED", "The person who reported this has withdrawn it. Sparks."),
    ],
)
def test_open_report_is_added_to_or_withdrawn(portal, resident, kind, state, status, words):
    portal.sign_in(resident)
    report = ReportFactory(resident=resident)
    url = f"{report.get_absolute_url()}{kind}/"
    assert f'href="{url}"' in portal.get(report.get_absolute_url()).page.html
    assert portal.get(url).page.select("textarea")
    page = portal.post(url, {"text": "Sparks."}, follow=True).page
    assert "Sparks." in page.text(".portal-timeline")
    report.refresh_from_db()
    assert report.status == state
    note = Delivery.objects.get(kind="note")
    assert (note.payload, note.depends_on) == (
        {"description": words, "status": status},
        report.delivery,
    )
    portal.post(url, {"text": "Sparks."})
    assert Act.objects.count() == Delivery.objects.filter(kind="note").count() == 1


def test_what_is_not_fixed_is_opened_again_within_28_days(portal, resident):
    portal.sign_in(resident)
    report = fixed(days=27, resident=resident)
    page = portal.post(f"{report.get_absolute_url()}reopen/", {"text": ""}, follow=True).page
    assert "Not fixed, says the person who reported it" in page.text(".portal-timeline")
    assert Report.objects.open().get() == report
    assert Delivery.objects.get(kind="note").payload["status"] == "REOPEN"


@pytest.mark.django_db
def test_after_28_days_it_stays_as_it_is(resident):
    report = fixed(days=29, resident=resident)
    with pytest.raises(NotAllowed):
        act(report=report, resident=resident, kind=REOPEN)


@pytest.mark.django_db
def test_what_was_reported_again_meanwhile_is_followed_instead(resident):
    report = fixed(resident=resident)
    other = ReportFactory(asset=report.asset)
    assert act(report=report, resident=resident, kind=REOPEN, text="Dark.") == other
    assert other.followers.get().resident == resident
    assert not report.acts.exists()


@pytest.mark.parametrize("other", [FollowerFactory, ContactFactory])
def test_what_others_follow_stays_open_for_them(portal, resident, other):
    portal.sign_in(resident)
    report = ReportFactory(resident=resident)
    other(report=report)
    page = portal.get(report.get_absolute_url()).page
    assert "Others follow this report" in page.text("main")
    assert not page.select('a[href$="/withdraw/"]')
    portal.post(f"{report.get_absolute_url()}withdraw/", {"text": ""})
    report.refresh_from_db()
    assert report.is_open
    with pytest.raises(NotAllowed):
        act(report=report, resident=resident, kind=WITHDRAW)


@pytest.mark.parametrize("kind", [ADD, WITHDRAW])
def test_nobody_else_can_do_it(portal, resident, kind):
    report = ReportFactory()
    FollowerFactory(report=report, resident=resident)
    portal.sign_in(resident)
    url = f"{report.get_absolute_url()}{kind}/"
    assert url not in portal.get(report.get_absolute_url()).page.html
    assert portal.get(url).status_code == portal.post(url, {"text": "x"}).status_code == 404
    with pytest.raises(NotAllowed):
        act(report=report, resident=resident, kind=kind, text="x")


@pytest.mark.django_db
def test_followers_do_not_read_what_the_reporter_adds(portal, resident):
    report = ReportFactory()
    FollowerFactory(report=report, resident=resident)
    act(report=report, resident=report.resident, kind=ADD, text="I live at 12")
    portal.sign_in(resident)
    page = portal.get(report.get_absolute_url()).page
    assert "Information added" in page.text(".portal-timeline")
    assert "I live at 12" not in page.html


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_withdrawn_many_times_at_once_is_withdrawn_once(db):
    report = ReportFactory()

    def withdraw(_):
        try:
            return act(report=report, resident=report.resident, kind=WITHDRAW)
        except NotAllowed:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(withdraw, range(8)))
    assert sum(result is not None for result in done) == 1
    assert Act.objects.count() == 1


@pytest.mark.django_db
def test_database_knows_the_acts_and_keeps_the_same_words_once():
    report = ReportFactory()
    with pytest.raises(IntegrityError) as unknown, transaction.atomic():
        report.acts.create(kind="fix")
    assert violated_constraint(unknown.value) == "street_reports_act_kind_known"
    report.acts.create(kind=ADD, text="Sparks.")
    with pytest.raises(IntegrityError) as twice, transaction.atomic():
        report.acts.create(kind=ADD, text="Sparks.")
    assert violated_constraint(twice.value) == "street_reports_act_words_added_once"


def test_information_is_needed_to_add_some(portal, resident):
    portal.sign_in(resident)
    report = ReportFactory(resident=resident)
    page = portal.post(f"{report.get_absolute_url()}add/", {"text": ""}).page
    assert page.errors == ["Enter what you want to add"]
    assert portal.get(f"{report.get_absolute_url()}burn/").status_code == 404


@pytest.mark.django_db
def test_erasure_removes_the_words_also_on_their_way(resident):
    report = ReportFactory(resident=resident)
    act(report=report, resident=resident, kind=ADD, text="I live at 12")
    service.erase(resident)
    assert Act.objects.get().text == ""
    note = Delivery.objects.get(kind="note")
    assert (note.state, note.payload, note.resident) == ("cancelled", {}, None)
