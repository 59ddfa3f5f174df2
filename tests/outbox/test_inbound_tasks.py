"""Destinations are asked apart from each other, and what came is handed on by whoever runs."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from stockport.celery import app
from stockport.outbox.models import Destination, InboundUpdate
from stockport.outbox.sweeping import Sweeper
from stockport.outbox.tasks import (
    ask_for_updates,
    drain,
    fetch_updates,
    forget_unclaimed_updates,
)
from street_reports.models import Report
from street_reports.workflow import Status
from tests.backoffice import API_KEY
from tests.factories.outbox import DeliveryFactory, DestinationFactory, InboundUpdateFactory
from tests.factories.street_reports import ReportFactory


@pytest.fixture
def at_once_here():
    """Tasks run where they are started."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def asked(monkeypatch):
    """The destinations for which a task was started."""
    asked = []
    monkeypatch.setattr(
        fetch_updates, "apply_async", lambda args, **options: asked.append((args[0], options))
    )
    return asked


def waiting_for_a_report():
    report = ReportFactory()
    return InboundUpdateFactory(
        destination=report.delivery.destination, state="waiting", reason="",
        delivery=report.delivery,
    )  # fmt: skip


def test_each_destination_is_asked_in_a_task_of_its_own(db, asked, settings):
    first, second = DestinationFactory.create_batch(2)
    ask_for_updates()
    assert {pk for pk, _ in asked} >= {first.pk, second.pk}
    assert {options["expires"] for _, options in asked} == {settings.OUTBOX_UPDATES_SECONDS}


@pytest.mark.parametrize(
    "fields", [{"paused_at": Now()}, {"resting_until": Now() + timedelta(minutes=1)}]
)
def test_destination_that_takes_no_calls_is_not_asked(db, asked, fields):
    destination = DestinationFactory(**fields)
    ask_for_updates()
    assert destination.pk not in {pk for pk, _ in asked}


def test_destination_that_is_broken_does_not_keep_another_s_news(
    office, highways, work, at_once_here, monkeypatch
):
    delivery = work(DeliveryFactory(destination=highways))
    for fault in ("http://127.0.0.1:9", "http://127.0.0.1:99999", office.url + "/nothing"):
        DestinationFactory(endpoint=fault, api_key=API_KEY)
    ask_for_updates()
    assert InboundUpdate.objects.filter(delivery=delivery).exists()


def test_worker_that_is_nudged_hands_on_what_came(db):
    update = waiting_for_a_report()
    drain(update.destination_id)
    update.refresh_from_db()
    assert update.state == "applied"
    assert Report.objects.get().status == Status.PLANNED


def test_sweeper_hands_on_what_came_without_broker_or_workers(committed):
    update = waiting_for_a_report()
    Destination.objects.filter(pk=update.destination_id).update(paused_at=Now(), pause_reason="x")
    sweeper = Sweeper(every=1)
    sweeper.sweep()
    end = time.monotonic() + 20
    while InboundUpdate.objects.get().state != "applied":
        assert time.monotonic() < end
        time.sleep(0.05)
    sweeper.stop()
    sweeper.run()
    assert Report.objects.get().status == Status.PLANNED


def test_what_nobody_claims_is_forgotten_by_a_task(db):
    update = InboundUpdateFactory()
    InboundUpdate.objects.update(received_at=Now() - timedelta(days=31))
    forget_unclaimed_updates()
    update.refresh_from_db()
    assert update.state == "dismissed"
