"""What the back office says comes in any order, once, and reaches the resident."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockport.outbox.connectors.base import Update as News
from stockport.outbox.models import Delivery
from street_reports.models import Update
from street_reports.progress import apply_update, hear
from street_reports.workflow import Status
from tests.factories.outbox import DeliveryFactory
from tests.factories.street_reports import ReportFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture
def report():
    return ReportFactory(wants_updates=True)


def say(report, status, hours=0, update_id=None, text=""):
    apply_update(
        report=report,
        update_id=update_id or f"{status}-{hours}",
        status=status,
        text=text,
        updated_at=START + timedelta(hours=hours),
    )
    report.refresh_from_db()
    return report.status


def emails():
    return list(Delivery.objects.filter(kind="email").order_by("created_at"))


def test_report_follows_what_the_team_says(report):
    assert say(report, "open", 1) == Status.ACCEPTED
    assert say(report, "planned", 2) == Status.PLANNED
    assert say(report, "fixed", 3) == Status.FIXED


def test_same_update_counts_once(report):
    say(report, "open", 1, update_id="U1")
    say(report, "open", 1, update_id="U1")
    assert Update.objects.count() == 1
    assert len(emails()) == 1


def test_old_news_is_recorded_and_changes_nothing(report):
    say(report, "fixed", 3)
    assert say(report, "planned", 2) == Status.FIXED
    assert Update.objects.count() == 2
    assert len(emails()) == 1


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None
)
@given(order=st.permutations(["open", "planned", "unchanged", "fixed"]))
def test_any_order_comes_to_the_same_state(order):
    """The oracle: the news with the latest time wins."""
    report = ReportFactory()
    times = {"open": 1, "planned": 2, "fixed": 3, "unchanged": 4}
    for status in order:
        say(report, status, times[status])
    assert report.status == Status.FIXED


@pytest.mark.parametrize("word", ["unchanged", "for_triage", "gefixt", ""])
def test_word_that_nobody_knows_is_recorded_and_changes_nothing(report, word):
    assert say(report, word, 1, update_id="U1", text="Hello") == Status.RECEIVED
    assert Update.objects.get().text == "Hello"
    assert emails() == []


@pytest.mark.parametrize(
    ("word", "logged"),
    [("gefixt", True), ("x" * 100, True), ("unchanged", False), ("For Triage", False), ("", False)],
)
def test_word_that_nobody_knows_is_logged_once(report, caplog, word, logged):
    with caplog.at_level(logging.WARNING):
        say(report, word, 1, update_id="U1")
        say(report, word, 1, update_id="U1")
    assert caplog.text.count("nobody knows the status") == logged


def test_news_of_a_report_is_heard_and_of_anything_else_left_to_others(report):
    update = News("U1", "7", "Fixed", "All is well.", START)
    assert hear(delivery=report.delivery, update=update)
    report.refresh_from_db()
    assert report.status == Status.FIXED
    photo = DeliveryFactory(destination=report.delivery.destination, depends_on=report.delivery)
    assert not hear(delivery=photo, update=update)


def test_resident_who_asked_is_told_in_plain_words(report):
    say(report, "planned", 1, text="We come on Friday.")
    [email] = emails()
    assert email.payload["to"] == [report.resident.email]
    assert email.payload["subject"] == f"Work is planned: your report {report.reference}"
    assert "We come on Friday." in email.payload["body"]
    assert report.get_absolute_url() in email.payload["body"]


def test_resident_who_did_not_ask_is_left_alone():
    say(ReportFactory(), "fixed", 1)
    assert emails() == []


def test_closed_report_is_never_called_fixed(report):
    say(report, "closed", 1, text="Duplicate.")
    assert report.status == Status.CLOSED
    assert "ixed" not in emails()[0].payload["body"]


def test_report_is_not_opened_again_beside_another_of_the_same_fault(report, caplog):
    say(report, "fixed", 1)
    ReportFactory(asset=report.asset)
    with caplog.at_level(logging.WARNING):
        assert say(report, "reopen", 2) == Status.FIXED
    assert "does not become accepted" in caplog.text


def test_report_can_be_opened_again(report):
    say(report, "fixed", 1)
    assert say(report, "reopen", 2) == Status.ACCEPTED
