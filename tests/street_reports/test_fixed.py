"""“Is it fixed?” is asked of who reported a fault and who follows it, and heard."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from stockport.db import violated_constraint
from stockport.outbox.models import Delivery
from street_reports import asking
from street_reports.acting import act
from street_reports.models import Act, Report
from street_reports.progress import apply_update
from street_reports.service import service
from street_reports.tasks import ask_again
from street_reports.workflow import NotAllowed
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import FollowerFactory, ReportFactory

pytestmark = pytest.mark.django_db
QUESTION = "Is it fixed?"
CONFIRM, REOPEN = Act.Kind.CONFIRM, Act.Kind.REOPEN
RACERS = 8


def fixed(days=1, **more):
    """A report that was fixed so many days ago, whose reporter wants e-mails."""
    at = timezone.now() - timedelta(days=days)
    return ReportFactory(status="fixed", **{"fixed_at": at, "wants_updates": True, **more})


def becomes_fixed(report, update_id="U1"):
    now = timezone.now()
    apply_update(report=report, update_id=update_id, status="fixed", text="", updated_at=now)
    report.refresh_from_db()


def question_of(report):
    return f"{report.get_absolute_url()}is-it-fixed/"


def asks(portal, report):
    """Whether the report's page asks."""
    return QUESTION in portal.get(report.get_absolute_url()).page.text("main")


@pytest.fixture(params=["reporter", "follower"])
def report(request, resident, portal):
    """What was fixed yesterday, and the signed-in resident reported or follows."""
    portal.sign_in(resident)
    if request.param == "reporter":
        return fixed(resident=resident)
    report = fixed(asset=None, location="By my house", postcode="SK3 8UD")
    FollowerFactory(report=report, resident=resident, wants_updates=True)
    return report


# Yes and no -------------------------------------------------------------------------------------
def test_yes_is_recorded_once_and_closes_the_question(portal, report):
    page = portal.post(question_of(report), {"fixed": "yes"}, follow=True).page
    assert "Thank you for telling us" in page.text("main")
    assert "Fixed, says" in page.text(".portal-timeline")
    assert not asks(portal, report)
    assert portal.post(question_of(report), {"fixed": "yes"}).url == report.get_absolute_url()
    assert portal.get(question_of(report)).url == report.get_absolute_url()
    assert Act.objects.get().kind == CONFIRM
    assert not Delivery.objects.filter(kind="note").exists()
    report.refresh_from_db()
    assert report.status == "fixed"


def test_no_leads_to_what_is_still_wrong_and_opens_it_again(portal, report):
    assert asks(portal, report)
    there = portal.post(question_of(report), {"fixed": "no"}).url
    assert portal.get(there).page.h1 == "It is not fixed"
    assert not Act.objects.exists()
    page = portal.post(there, {"text": "Still dark."}, follow=True).page
    assert "Still dark." in page.text(".portal-timeline")
    assert not asks(portal, report)
    report.refresh_from_db()
    assert (report.status, report.fixed_at) == ("accepted", None)
    note = Delivery.objects.get(kind="note").payload
    assert note["status"] == "REOPEN"
    assert note["description"].endswith("says that it is not fixed. Still dark.")


def test_question_needs_an_answer(portal, report):
    for data in ({}, {"fixed": "perhaps"}):
        page = portal.post(question_of(report), data).page
        assert page.errors == ["Select yes if it is fixed"]
    assert page.h1 == QUESTION
    assert report.reference in page.text("main")


def test_it_is_asked_again_each_time_that_the_team_says_so(portal, report, resident):
    act(report=report, resident=resident, kind=REOPEN, text="")
    becomes_fixed(report)
    assert asks(portal, report)
    act(report=report, resident=resident, kind=CONFIRM)
    assert not asks(portal, report)
    kinds = Act.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == [REOPEN, CONFIRM]


@pytest.mark.parametrize("kind", [CONFIRM, REOPEN])
def test_nobody_is_asked_after_28_days_or_of_what_is_not_fixed(portal, resident, kind):
    portal.sign_in(resident)
    for report in (
        fixed(days=29, resident=resident),
        ReportFactory(resident=resident, status="closed"),
        fixed(resident=resident, fixed_at=None),
    ):
        assert QUESTION not in portal.get(report.get_absolute_url()).page.text("main")
        assert portal.get(question_of(report)).url == report.get_absolute_url()
        with pytest.raises(NotAllowed):
            act(report=report, resident=resident, kind=kind)


def test_somebody_else_is_not_asked(portal, resident):
    portal.sign_in(resident)
    report = fixed()
    assert portal.get(question_of(report)).status_code == 404
    assert portal.post(f"{report.get_absolute_url()}reopen/", {"text": ""}).status_code == 404
    for kind in (CONFIRM, REOPEN):
        with pytest.raises(NotAllowed):
            act(report=report, resident=resident, kind=kind)


# Others -----------------------------------------------------------------------------------------
def test_nobody_reads_what_others_say_about_it(portal, resident):
    report = fixed(resident=resident, asset=None, location="By my house")
    follower, third = FollowerFactory(report=report), FollowerFactory(report=report)
    act(report=report, resident=third.resident, kind=CONFIRM)
    act(report=report, resident=follower.resident, kind=REOPEN, text="Dark at number 12")
    for reader in (resident, third.resident):
        portal.sign_in(reader)
        text = portal.get(report.get_absolute_url()).page.text("main")
        assert "Not fixed, says somebody who follows the report" in text
        assert "number 12" not in text
        assert ("says somebody who follows the report" in text.replace("Not fixed, says", "")) == (
            reader == third.resident
        )
        assert follower.resident.email not in text


def test_follower_does_not_read_where_the_reporter_says_it_is(portal, resident):
    portal.sign_in(resident)
    report = fixed(asset=None, location="By my house", postcode="SK3 8UD")
    FollowerFactory(report=report, resident=resident)
    for page in ("", "is-it-fixed/", "reopen/"):
        html = portal.get(f"{report.get_absolute_url()}{page}").page.html
        assert "By my house" not in html
        assert "Near SK3 8UD" in html


def test_follower_who_says_no_after_a_new_report_follows_that_one(resident):
    report = fixed()
    FollowerFactory(report=report, resident=resident)
    new = ReportFactory(asset=report.asset, fault=report.fault)
    assert act(report=report, resident=resident, kind=REOPEN, text="Dark.") == new
    assert new.followers.get().resident == resident


def test_copy_has_ones_own_answers_and_erasure_takes_their_words(resident):
    report = fixed(resident=resident)
    follower = FollowerFactory(report=report).resident
    act(report=report, resident=follower, kind=REOPEN, text="I live at 12")
    assert dict(service.export(resident))["acts"] == []
    [own] = dict(service.export(follower))["acts"]
    assert (own["kind"], own["text"]) == ("reopen", "I live at 12")
    service.erase(resident)
    assert Act.objects.get().text == "I live at 12"
    service.erase(follower)
    done = Act.objects.get()
    assert (done.text, done.resident) == ("", None)
    note = Delivery.objects.get(kind="note")
    assert (note.state, note.payload, note.resident) == ("cancelled", {}, None)


# E-mails ----------------------------------------------------------------------------------------
def emails(words):
    return [email for email in Delivery.objects.filter(kind="email") if words in str(email.payload)]


def test_news_that_it_is_fixed_asks_who_wants_news(settings):
    report = ReportFactory(wants_updates=True)
    FollowerFactory(report=report, wants_updates=True)
    becomes_fixed(report)
    sent = emails("Is it fixed? Tell us until")
    assert len(sent) == 2
    for email in sent:
        assert f"{settings.SITE_URL}{question_of(report)}" in email.payload["body"]


def test_who_has_not_answered_is_asked_once_more_and_no_more():
    report = fixed(days=8)
    wants, silent = (
        FollowerFactory(report=report, wants_updates=True),
        FollowerFactory(report=report),
    )
    answered = FollowerFactory(report=report, wants_updates=True)
    act(report=report, resident=answered.resident, kind=CONFIRM)
    for _ in range(2):
        ask_again()
    sent = emails("we do not ask again")
    assert sorted(email.payload["to"] for email in sent) == sorted(
        [[report.resident.email], [wants.resident.email]]
    )
    assert silent.wants_updates is False
    assert not any(answered.resident.email in str(email.payload) for email in sent)


@pytest.mark.parametrize("days", [1, 6, 29])
def test_nobody_is_asked_again_too_early_or_when_it_is_too_late(days):
    fixed(days=days)
    ask_again()
    assert not emails("we do not ask again")


def test_what_is_fixed_a_second_time_is_asked_about_a_second_time():
    report = fixed(days=8)
    ask_again()
    act(report=report, resident=report.resident, kind=REOPEN)
    ask_again()
    becomes_fixed(report)
    Report.objects.update(fixed_at=timezone.now() - timedelta(days=8))
    ask_again()
    assert len(emails("we do not ask again")) == 2


def test_follower_is_not_sent_where_the_reporter_says_it_is():
    report = fixed(days=8, asset=None, location="By my house", postcode="SK3 8UD")
    FollowerFactory(report=report, wants_updates=True)
    ask_again()
    assert len(emails("Near SK3 8UD")) == len(emails("By my house")) == 1


# Many at once -----------------------------------------------------------------------------------
def at_once(work):
    def run(_):
        try:
            return work()
        except NotAllowed:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(RACERS) as pool:
        return list(pool.map(run, range(RACERS)))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_workers_that_ask_at_once_ask_once():
    for _ in range(3):
        fixed(days=8)
    assert sum(at_once(asking.ask_again)) == 3
    assert len(emails("we do not ask again")) == 3


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_without_the_lock_they_ask_again_and_again(monkeypatch):
    """The negative control: only the lock on the report makes it once."""
    fixed(days=8)
    queryset = type(Report.objects.all())
    monkeypatch.setattr(queryset, "select_for_update", lambda self, **options: self)
    monkeypatch.setattr(asking, "destinations", slowly(asking.destinations))
    at_once(asking.ask_again)
    assert len(emails("we do not ask again")) > 1


def slowly(function):
    """Takes so long that others read meanwhile."""

    def slow(*args):
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.2)")
        return function(*args)

    return slow


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_yes_said_many_times_at_once_is_said_once():
    report = fixed()
    done = at_once(lambda: act(report=report, resident=report.resident, kind=CONFIRM))
    assert len([result for result in done if result]) == 1
    assert Act.objects.count() == 1


# The database -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"status": "closed"}, "street_reports_report_fixed_at_of_fixed"),
        (
            {"fixed_at": None, "reminded_at": timezone.now()},
            "street_reports_report_reminded_of_fixed",
        ),
    ],
)
def test_database_knows_when_a_report_can_be_asked_about(values, constraint):
    report = fixed()
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Report.objects.filter(pk=report.pk).update(**values)
    assert violated_constraint(error.value) == constraint


def test_database_keeps_one_answer_of_each_person_each_time():
    report = fixed()
    answer = {"resident": report.resident, "fixed_at": report.fixed_at}
    report.acts.create(kind=CONFIRM, **answer)
    with pytest.raises(IntegrityError) as twice, transaction.atomic():
        report.acts.create(kind=REOPEN, **answer)
    assert violated_constraint(twice.value) == "street_reports_act_answered_once"
    report.acts.create(kind=CONFIRM, **{**answer, "resident": ResidentFactory()})
    for values in ({"kind": CONFIRM}, {"kind": "add", "by_follower": True}):
        with pytest.raises(IntegrityError) as wrong, transaction.atomic():
            report.acts.create(resident=report.resident, **values)
        assert violated_constraint(wrong.value) == "street_reports_act_kind_known"
