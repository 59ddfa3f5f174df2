"""The broker only makes the outbox faster: without it everything still arrives."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db.models.functions import Now

from stockport.celery import app
from stockport.outbox import delivering
from stockport.outbox.actions import send_email
from stockport.outbox.models import Delivery
from stockport.outbox.tasks import SECONDS_FOR_A_DRAIN, sweep
from stockport.outbox.workflow import State
from tests.factories.outbox import DeliveryFactory


@pytest.fixture
def at_once_here():
    """Tasks run where they are started."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def test_email_leaves_as_soon_as_its_transaction_is_committed(
    db, at_once_here, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        send_email(to="ada@example.org", subject="Hello", body="Hello.")
        assert not mail.outbox
    assert len(mail.outbox) == 1


def test_sweep_finds_what_no_nudge_announced(db, at_once_here):
    delivery = DeliveryFactory(email=True)
    sweep.delay()
    delivery.refresh_from_db()
    assert delivery.state == State.SENT


def test_sweep_takes_back_what_a_dead_worker_left(db, at_once_here):
    delivery = DeliveryFactory(email=True)
    delivering.claim(delivery.destination_id)
    Delivery.objects.update(leased_until=Now() - timedelta(seconds=1))
    sweep.delay()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempt_count) == (State.SENT, 3)


def test_drain_ends_well_before_the_time_limit_of_a_task():
    assert (
        SECONDS_FOR_A_DRAIN + settings.OUTBOX_LEASE_SECONDS < settings.CELERY_TASK_SOFT_TIME_LIMIT
    )


ENQUEUE = """
import django, time
django.setup()
from django.db import transaction
from stockport.outbox.actions import send_email
start = time.monotonic()
with transaction.atomic():
    send_email(to="ada@example.org", subject="Hello", body="Hello.")
print(time.monotonic() - start)
"""


@pytest.mark.slow
def test_resident_is_answered_at_once_with_the_broker_down(committed, database_url):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "stockport.settings.development",
        "DATABASE_URL": database_url,
        "REDIS_URL": "redis://127.0.0.1:9/0",
    }
    done = subprocess.run(
        [sys.executable, "-c", ENQUEUE], env=environment, cwd=settings.BASE_DIR,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert float(done.stdout.split()[-1]) < 1.5
    assert Delivery.objects.get().state == State.PENDING
    assert "sweep will find" in done.stdout + done.stderr
