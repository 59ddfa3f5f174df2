"""A report that was begun is kept in the account until it is sent, deleted or forgotten."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from accounts.models import Resident
from stockport.db import violated_constraint
from stockport.keeping import KEPT, SessionStore
from street_reports.actions import Place, submit_report
from street_reports.drafts import DraftStore, delete_draft, delete_old_drafts
from street_reports.models import Draft, FaultType, Follower, Photo, Report
from street_reports.photos import delete_unsent
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import (
    AssetFactory,
    DraftFactory,
    PhotoFactory,
    ReportFactory,
)
from tests.street_reports.test_photos import photo_file

LIST = "/street-reports/"


def elsewhere(form, resident):
    """The same form on another device, where the resident has just signed in."""
    form.portal = PortalClient()
    form.portal.sign_in(resident)
    return form


def store(resident, key=None, session=None):
    key = key or uuid.uuid4()
    return DraftStore(resident, key, SessionStore({} if session is None else session, "new", key))


def listed(portal):
    """What the list says of each report that was begun, and where its two links lead."""
    items = portal.get(LIST).page.select("li.portal-report")
    return [
        (" ".join("".join(i.itertext()).split()), [a.get("href") for a in i.iter("a")])
        for i in items
    ]


# Continue ---------------------------------------------------------------------------------------
def test_report_begun_here_is_continued_and_sent_on_another_device(form, light, resident):
    form.fill(until="fault")
    elsewhere(form, resident)
    [(words, (continues, _))] = listed(form.portal)
    assert words.startswith("Street light Street light 014, outside number 68, Ashfield Road")
    page = form.portal.get(continues, follow=True).page
    assert page.h1 == "What is wrong?"
    answer = form.portal.post(f"{form.base}fault/?change=1", form.ANSWERS["fault"], follow=True)
    assert answer.page.h1 == "A few more questions"
    for step in ("details", "photo", "updates"):
        form.post(step)
    sent = form.send()
    assert Report.objects.get().asset == light
    assert listed(form.portal)[0][0].startswith(Report.objects.get().reference)
    assert form.send().url == form.get("find").url == sent.url
    assert Draft.objects.get().answers == {}


def test_report_outlives_the_session_and_its_photos_too(form, resident):
    form.fill(until="photo")
    form.post("photo", photo=photo_file())
    form.portal.post("/account/sign-out/")
    Photo.objects.update(created_at=timezone.now() - timedelta(days=27))
    assert delete_unsent() == 0
    elsewhere(form, resident)
    form.post("photo")
    form.post("updates")
    form.send()
    assert Report.objects.get().photos.count() == 1


@pytest.mark.parametrize(
    ("until", "where", "next_question"),
    [
        ("danger", "", "Check that it is not dangerous"),
        ("choose", "14 ashfield rd", "Which street light is it?"),
        ("fault", "By the bus stop on Ashfield Road", "What is wrong?"),
    ],
)
def test_list_says_as_much_as_is_known_and_leads_to_the_next_question(
    form, until, where, next_question
):
    form.answer_to_choose = "not-listed"
    form.fill(until=until)
    [(words, (continues, _))] = listed(form.portal)
    assert words.startswith(f"Street light {where} Last changed on ".replace("  ", " "))
    assert f"Continue with Street light{', ' if where else ''}{where}" in words
    assert form.portal.get(continues, follow=True).page.h1 == next_question


def test_light_that_is_gone_is_asked_for_again_and_nothing_else(form, light):
    form.fill()
    other = AssetFactory(feature_id="015")
    light.delete()
    answer = form.get("check", follow=True)
    assert answer.page.h1 == "Which street light is it?"
    assert answer.page.errors == ["Select a street light, or “It is not listed”"]
    form.portal.post(f"{form.base}choose/?change=1", {"asset": str(other.pk)})
    summary = form.get("check").page.text(".govuk-summary-list")
    assert "It is not working" in summary
    assert "Since Monday." in summary


def test_fault_that_is_switched_off_is_asked_for_again_and_nothing_else(form):
    form.fill()
    FaultType.objects.filter(code="light-out").update(is_active=False)
    answer = form.get("check", follow=True)
    assert answer.page.h1 == "What is wrong?"
    form.portal.post(f"{form.base}fault/?change=1", {"fault": "light-flickering"})
    assert "Since Monday." in form.get("check").page.text(".govuk-summary-list")


def test_draft_of_what_was_reported_meanwhile_leads_to_following_it(form, light):
    form.fill()
    other = ReportFactory(asset=light)
    assert form.get("check", follow=True).page.h1 == "This has already been reported"
    form.post("reported", updates="no")
    assert form.send().url == form.send().url == other.get_absolute_url()
    assert Follower.objects.get().report == Draft.objects.get().report == other


def test_draft_of_who_was_slower_ends_with_the_report_that_was_first(teams, light, resident):
    """Both had the check page open, which is the only way that the database has to say so."""
    draft, first = DraftFactory(resident=resident), ReportFactory(asset=light)
    submit_report(resident=resident, token=draft.key, fault=first.fault, place=Place.of(light))
    draft.refresh_from_db()
    assert (draft.report, draft.answers) == (first, {})


def test_nothing_is_kept_before_the_first_answer(form):
    form.get("kind")
    assert not Draft.objects.exists()


# Two tabs ---------------------------------------------------------------------------------------
def test_two_tabs_of_one_form_keep_the_last_answer_of_each_page(resident):
    one = store(resident)
    other = store(resident, one.key)
    one.change(lambda kept: kept | {"kind": "a", "find": "a"})
    one.read(), other.read()
    one.change(lambda kept: kept | {"find": "b"})
    other.change(lambda kept: kept | {"details": "c"})
    one.change(lambda kept: kept | {"details": "d"})
    assert one.read() == {"kind": "a", "find": "b", "details": "d"}


def test_answer_in_a_tab_left_open_changes_nothing_of_what_was_sent(form):
    form.fill()
    late = store(Draft.objects.get().resident, uuid.UUID(form.key))
    form.send()
    late.change(lambda kept: kept | {"details": "late"})
    assert Draft.objects.get().answers == {}
    assert form.post("details").url == form.send().url


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_answers_given_at_once_are_all_kept(monkeypatch, guarded):
    """The negative control: without the lock on the row, some are lost."""
    key, resident = DraftFactory(answers={}).key, Resident.objects.get()
    if not guarded:
        monkeypatch.setattr(Draft.objects.__class__, "select_for_update", lambda self: self)

    def answer(number):
        try:
            store(resident, key).change(lambda kept: kept | slowly({str(number): "x"}))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(answer, range(8)))
    assert (len(Draft.objects.get().answers) == 8) == guarded


def slowly(answers):
    """Asks the database on the way, so that others read before this one writes."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.05)")
    return answers


# How many, how long -----------------------------------------------------------------------------
def test_oldest_goes_with_its_photos_where_there_are_too_many(resident):
    old = [DraftFactory(resident=resident) for _ in range(KEPT)]
    photo, others = PhotoFactory(resident=resident, form_token=old[0].key), DraftFactory()
    sent = DraftFactory(
        resident=resident,
        answers={},
        report=ReportFactory(),
        changed_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    store(resident).change(lambda kept: {"kind": "kind=grid"})
    assert Draft.objects.for_resident(resident).unfinished().count() == KEPT
    assert not Draft.objects.filter(pk=old[0].pk).exists()
    assert not Photo.objects.filter(pk=photo.pk).exists()
    assert Draft.objects.filter(pk__in=[sent.pk, others.pk, old[1].pk]).count() == 3


def test_forgotten_after_28_days_with_its_photos(resident, django_capture_on_commit_callbacks):
    long_ago = timezone.now() - timedelta(days=28, minutes=1)
    old = DraftFactory(resident=resident, changed_at=long_ago)
    sent = DraftFactory(resident=resident, answers={}, report=ReportFactory(), changed_at=long_ago)
    taken = PhotoFactory(resident=resident, report=sent.report, form_token=sent.key)
    gone = PhotoFactory(resident=resident, form_token=old.key)
    new = DraftFactory(resident=resident, changed_at=long_ago + timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_old_drafts() == 2
    assert Draft.objects.get() == new
    assert Photo.objects.get() == taken
    assert not gone.file.storage.exists(gone.file.name)
    assert taken.file.storage.exists(taken.file.name)


# Delete -----------------------------------------------------------------------------------------
def test_resident_deletes_what_they_began_with_its_photos(form):
    form.fill(until="photo")
    form.post("photo", photo=photo_file())
    [(_, (_, delete))] = listed(form.portal)
    page = form.portal.get(delete).page
    assert "outside number 68" in page.text("main")
    page = form.portal.post(delete, follow=True).page
    assert "We have deleted what you began" in page.text("main")
    assert not Draft.objects.exists() and not Photo.objects.exists()
    assert form.portal.post(delete).status_code == 404
    assert form.get("photo").url == f"{form.base}kind/"


def test_what_was_sent_is_no_draft_any_more(form):
    form.fill()
    form.post("photo", photo=photo_file())
    form.send()
    assert form.portal.get(f"{LIST}drafts/{form.key}/delete/").status_code == 404
    delete_draft(resident=Report.objects.get().resident, key=uuid.UUID(form.key))
    assert Draft.objects.count() == Photo.objects.count() == 1


def test_draft_of_somebody_else_is_neither_shown_nor_deleted(portal, resident):
    other = DraftFactory()
    portal.sign_in(resident)
    assert listed(portal) == []
    assert portal.post(f"{LIST}drafts/{other.key}/delete/").status_code == 404
    assert portal.get(f"{LIST}new/{other.key}/find/").url.endswith("/kind/")
    delete_draft(resident=resident, key=other.key)
    store(resident, other.key).change(lambda kept: {"kind": "kind=grid"})
    other.refresh_from_db()
    assert other.answers["find"] == "q=Ashfield+Road"


# What the session had ---------------------------------------------------------------------------
def test_report_begun_in_the_session_moves_into_the_account(form, resident):
    form.fill(until="details")
    session = form.portal.session
    session["journey_new"] = {form.key: Draft.objects.get().answers, "other": {"kind": "x"}}
    session.save()
    Draft.objects.all().delete()
    assert form.get("details").page.h1 == "A few more questions"
    form.post("details")
    assert form.portal.session["journey_new"] == {"other": {"kind": "x"}}
    elsewhere(form, resident)
    assert "Since Monday." in form.get("details").page.html


# The database -----------------------------------------------------------------------------------
def test_database_keeps_one_draft_of_a_form_and_no_answers_of_what_was_sent(resident):
    draft = DraftFactory(resident=resident)
    with pytest.raises(IntegrityError) as twice, transaction.atomic():
        DraftFactory(resident=resident, key=draft.key)
    assert violated_constraint(twice.value) == "street_reports_draft_once"
    with pytest.raises(IntegrityError) as full, transaction.atomic():
        DraftFactory(report=ReportFactory())
    assert violated_constraint(full.value) == "street_reports_draft_of_report_is_empty"
    DraftFactory(resident=ResidentFactory(), key=draft.key)
