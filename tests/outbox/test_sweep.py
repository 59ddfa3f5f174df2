"""The sweep carries whatever is due, whatever became of broker and workers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.db.models.functions import Now

from stockport.celery import app
from stockport.outbox import delivering
from stockport.outbox.actions import send_email
from stockport.outbox.models import Delivery
from stockport.outbox.sweeping import SECONDS_FOR_A_DRAIN, Sweeper
from stockport.outbox.workflow import State
from tests.backoffice import API_KEY, running_backoffice
from tests.factories.outbox import DeliveryFactory, DestinationFactory
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("committed")


def is_sent(delivery):
    return Delivery.objects.filter(pk=delivery.pk, state=State.SENT).exists()


@contextmanager
def sweeping(**options):
    """A sweeper at work in a thread, as in its process."""
    sweeper = Sweeper(every=0.1, **options)
    thread = Thread(target=lambda: (sweeper.run(), connection.close()))
    thread.start()
    try:
        yield
    finally:
        sweeper.stop()
        thread.join()


def test_what_nobody_announced_is_sent():
    delivery = DeliveryFactory(email=True)
    with sweeping():
        eventually(lambda: is_sent(delivery))
    assert len(mail.outbox) == 1


def test_what_a_dead_worker_left_is_taken_back_and_sent():
    delivery = DeliveryFactory(email=True)
    delivering.claim(delivery.destination_id)
    Delivery.objects.update(leased_until=Now() - timedelta(seconds=1))
    with sweeping():
        eventually(lambda: is_sent(delivery))
    assert delivery.attempts.count() == 3  # the dead worker's, the look-up, this one's


def test_destination_that_hangs_holds_up_no_other():
    with running_backoffice() as office, sweeping():
        office.fault("hang", everywhere="true")
        hanging = DestinationFactory(endpoint=office.url, api_key=API_KEY)
        DeliveryFactory.create_batch(6, destination=hanging)
        eventually(lambda: office.ledger()["calls"])
        other = DeliveryFactory(email=True)
        eventually(lambda: is_sent(other))
        assert not Delivery.objects.filter(destination=hanging, attempts__outcome__gt="").exists()
        office.fault()


def test_sweep_that_fails_is_followed_by_the_next(tmp_path):
    """PostgreSQL ends every connection, as at a restart."""
    with sweeping(alive=tmp_path / "alive"):
        eventually((tmp_path / "alive").exists)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        delivery = DeliveryFactory(email=True)
        eventually(lambda: is_sent(delivery))


SWEEP = [sys.executable, "manage.py", "sweep"]


@pytest.mark.slow
def test_process_sends_without_any_broker_and_ends_when_told(database_url, tmp_path):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "stockport.settings.development",
        "DATABASE_URL": database_url,
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "STATE_DIR": str(tmp_path),
        "OUTBOX_SWEEP_SECONDS": "1",
    }
    alive = tmp_path / "alive"
    process = subprocess.Popen(
        [*SWEEP, "--alive", str(alive)], env=environment, cwd=settings.BASE_DIR
    )
    try:
        delivery = DeliveryFactory(email=True)
        eventually(lambda: is_sent(delivery))
        eventually(alive.exists)
    finally:
        process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0


def nudges() -> list[int]:
    """The destinations that workers have been told of."""
    found = []
    with app.connection_for_read() as broker:
        channel = broker.default_channel
        while message := channel.basic_get("celery", no_ack=True):
            [[destination_id], _, _] = channel.message_to_python(message).decode()
            found.append(destination_id)
    return found


def test_workers_are_told_once_the_delivery_is_committed():
    nudges()
    with transaction.atomic():
        delivery = send_email(to="ada@example.org", subject="Hello", body="Hello.")
        assert nudges() == []
    found = []
    eventually(lambda: found.extend(nudges()) or delivery.destination_id in found)


ENQUEUE = """
import django, time
django.setup()
from django.db import connection, transaction
from stockport.outbox.actions import send_email
connection.ensure_connection()
start = time.monotonic()
with transaction.atomic():
    send_email(to="ada@example.org", subject="Hello", body="Hello.")
print("took", time.monotonic() - start)
time.sleep({lingers})
"""


@contextmanager
def enqueuing(database_url, redis_url, lingers=0):
    """Another process that sends an e-mail with this broker, and then stays for some seconds."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "stockport.settings.development",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
    }
    with subprocess.Popen(
        [sys.executable, "-c", ENQUEUE.format(lingers=lingers)], env=environment,
        cwd=settings.BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        yield process
        process.kill()


@pytest.mark.slow
def test_report_is_kept_and_the_log_says_so_when_the_broker_is_down(database_url):
    with enqueuing(database_url, "redis://127.0.0.1:9/0", lingers=60) as process:
        assert any("sweep will find" in line for line in process.stdout)
    assert Delivery.objects.get().state == State.PENDING


@pytest.mark.slow
def test_nobody_waits_for_a_broker_that_accepts_and_says_nothing(database_url):
    """Its socket time-out alone would be two seconds."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        with enqueuing(database_url, address) as process:
            printed = process.stdout.read()
    assert float(printed.split("took ")[1].split()[0]) < 1.5
    assert Delivery.objects.get().state == State.PENDING


def test_drain_ends_before_an_orderly_stop_loses_patience():
    """docker-compose.yml gives worker and sweeper 60 seconds to end what they have begun."""
    longest_call = 25
    assert SECONDS_FOR_A_DRAIN + longest_call < 60
