"""The same update at the same moment, by every way: one row, applied once."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import IntegrityError
from django.db.models.functions import Now

from stockport.outbox.connectors.base import Update as News
from stockport.outbox.inbound.applying import apply, hand_on
from stockport.outbox.inbound.receiving import receive
from stockport.outbox.models import Delivery, InboundUpdate
from stockport.services import services
from street_reports.models import Report, Update
from street_reports.workflow import Status
from tests.factories.street_reports import ReportFactory

pytestmark = pytest.mark.usefixtures("committed")
AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PLANNED = News("U1", "7", "planned", "Friday.", AT)
WAYS = InboundUpdate.Way


@pytest.fixture
def report():
    report = ReportFactory(wants_updates=True)
    Delivery.objects.filter(pk=report.delivery_id).update(
        remote_reference="7", state="sent", sent_at=Now()
    )
    report.refresh_from_db()
    return report


def test_update_that_is_fetched_and_pushed_at_once_is_applied_once(report, at_once):
    destination = report.delivery.destination
    ways = iter([WAYS.FETCHED, WAYS.WEBHOOK] * 4)
    start = Barrier(8)

    def arrive():
        way = next(ways)
        start.wait()
        receive(destination=destination, updates=[PLANNED], way=way)
        hand_on(destination.pk)

    at_once(8, arrive)
    update = InboundUpdate.objects.get()
    assert update.state == "applied"
    assert Update.objects.count() == 1
    assert Delivery.objects.filter(kind="email").count() == 1
    assert Report.objects.get().status == Status.PLANNED


def test_without_the_constraint_in_mind_the_same_update_is_written_twice_or_fails(report, at_once):
    """The negative control: looking first is not enough, since both find nothing."""
    destination = report.delivery.destination
    both_looked = Barrier(2)

    def naive_receive():
        new = not InboundUpdate.objects.filter(destination=destination, update_id="U1").exists()
        both_looked.wait()
        try:
            InboundUpdate.objects.create(
                destination=destination, update_id="U1", remote_reference="7",
                updated_at=AT, way=WAYS.FETCHED, reason=InboundUpdate.UNKNOWN,
            )  # fmt: skip
        except IntegrityError:
            return (new, "refused")
        return (new, "written")

    assert sorted(at_once(2, naive_receive)) == [(True, "refused"), (True, "written")]


def test_without_the_lock_a_service_hears_the_same_update_twice(report, at_once):
    """The negative control: what the lock of `apply` protects from does happen without it."""
    destination = report.delivery.destination
    receive(destination=destination, updates=[PLANNED], way=WAYS.FETCHED)
    InboundUpdate.objects.update(state="waiting", delivery=report.delivery, reason="")
    both_looked, heard = Barrier(2), []

    def naive_apply():
        update = InboundUpdate.objects.due().get()
        both_looked.wait()
        heard.append(update.news)
        update.settle()
        update.save()

    at_once(2, naive_apply)
    assert len(heard) == 2


def test_one_update_is_handed_over_by_one_of_many(report, at_once, monkeypatch):
    destination = report.delivery.destination
    receive(destination=destination, updates=[PLANNED], way=WAYS.FETCHED)
    InboundUpdate.objects.update(state="waiting", delivery=report.delivery, reason="")
    pk, heard = InboundUpdate.objects.get().pk, []
    reports = services()[-1]
    monkeypatch.setattr(
        reports, "hear", lambda delivery, update: heard.append(update) or True, raising=False
    )
    results = at_once(8, lambda: apply(pk))
    assert sorted(results) == [False] * 7 + [True]
    assert len(heard) == 1


def test_updates_of_one_report_in_any_order_at_once_come_to_the_same_state(report, at_once):
    destination = report.delivery.destination
    words = ["open", "planned", "fixed", "unchanged"]
    updates = [
        News(word, "7", word, "", AT.replace(hour=number)) for number, word in enumerate(words)
    ]
    receive(destination=destination, updates=updates, way=WAYS.FETCHED)
    at_once(4, lambda: hand_on(destination.pk))
    hand_on(destination.pk)
    assert set(InboundUpdate.objects.values_list("state", flat=True)) == {"applied"}
    assert Report.objects.get().status == Status.FIXED
    assert Update.objects.count() == 4


def test_reference_that_arrives_with_the_update_releases_it(at_once):
    """Whichever of the two is committed first."""
    report = ReportFactory()
    destination = report.delivery.destination
    jobs = iter(
        [
            lambda: receive(destination=destination, updates=[PLANNED], way=WAYS.WEBHOOK),
            lambda: Delivery.objects.filter(pk=report.delivery_id).update(remote_reference="7"),
        ]
    )
    at_once(2, lambda: next(jobs)())
    hand_on(destination.pk)
    assert InboundUpdate.objects.get().state == "applied"
