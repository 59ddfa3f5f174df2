"""A worker may die in any window: every report still arrives once."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models.functions import Now

from stockport.outbox import delivering
from stockport.outbox.connectors import connector_for
from stockport.outbox.connectors.base import Outcome
from stockport.outbox.models import Delivery
from stockport.outbox.settling import settle
from stockport.outbox.workflow import State, Step
from tests.backoffice import API_KEY, running_backoffice
from tests.factories.outbox import DeliveryFactory, DestinationFactory
from tests.waiting import eventually


def dies_with(delivery):
    """The worker that holds the delivery says no more, and its lease runs out."""
    Delivery.objects.filter(pk=delivery.pk).update(leased_until=Now() - timedelta(seconds=1))
    assert delivering.reclaim() == 1
    delivery.refresh_from_db()


def arrivals(office, delivery):
    return office.references().count(delivery.reference)


def test_worker_that_dies_before_sending_delays_the_report(office, highways, work):
    delivery = DeliveryFactory(destination=highways)
    delivering.claim(highways.pk)
    dies_with(delivery)
    assert delivery.state == State.UNKNOWN
    assert work(delivery).state == State.RETRY
    assert work(delivery).state == State.SENT
    assert arrivals(office, delivery) == 1


def test_worker_that_dies_after_sending_does_not_double_the_report(office, highways, work):
    delivery = DeliveryFactory(destination=highways)
    connector_for(highways).send(delivering.claim(highways.pk).delivery)
    dies_with(delivery)
    assert work(delivery).state == State.SENT
    assert arrivals(office, delivery) == 1


def test_without_the_look_up_the_same_death_doubles_the_report(office, highways, work):
    """The negative control: the office knows no keys, so only the look-up protects from this."""
    delivery = DeliveryFactory(destination=highways)
    connector_for(highways).send(delivering.claim(highways.pk).delivery)
    dies_with(delivery)
    Delivery.objects.filter(pk=delivery.pk).update(state=State.RETRY, next_step=Step.SEND)
    assert work(delivery).state == State.SENT
    assert arrivals(office, delivery) == 2


def test_worker_that_dies_while_looking_leaves_it_in_doubt(office, highways, work):
    office.fault("drop", times=1)
    delivery = work(DeliveryFactory(destination=highways))
    Delivery.objects.filter(pk=delivery.pk).update(next_attempt_at=Now())
    delivering.claim(highways.pk)
    dies_with(delivery)
    assert delivery.state == State.UNKNOWN
    assert work(delivery).state == State.SENT
    assert arrivals(office, delivery) == 1


def test_answer_that_comes_after_the_lease_changes_nothing(office, highways, work):
    delivery = DeliveryFactory(destination=highways)
    late = delivering.claim(highways.pk)
    dies_with(delivery)
    work(delivery)
    work(delivery)
    outcome = Outcome(State.DEAD, "Too late")
    assert not settle(delivery=late.delivery, attempt=late.attempt, outcome=outcome)
    delivery.refresh_from_db()
    assert delivery.state == State.SENT


def test_worker_that_slept_through_its_lease_sends_nothing(office, highways):
    delivery = DeliveryFactory(destination=highways)
    claim = delivering.claim(highways.pk)
    long_ago = claim.claimed_at - settings.OUTBOX_LEASE_SECONDS
    delivering.carry(delivering.Claim(claim.delivery, claim.attempt, long_ago))
    assert arrivals(office, delivery) == 0


def test_report_that_kills_every_worker_is_given_to_staff(highways, settings):
    settings.OUTBOX_GIVE_UP_TRIES = 2
    delivery = DeliveryFactory(destination=highways)
    for _ in range(2):
        assert delivering.claim(highways.pk)
        dies_with(delivery)
        Delivery.objects.filter(state=State.UNKNOWN).update(next_attempt_at=Now())
    assert delivery.state == State.DEAD
    assert delivery.reason.startswith("Gave up at try 2.")
    assert delivery.in_doubt


DRAIN = """
import django
django.setup()
from stockport.outbox.delivering import drain
drain({pk}, seconds=30)
"""


def start_drain(destination, database_url):
    environment = {
        "PATH": "",
        "DJANGO_SETTINGS_MODULE": "stockport.settings.test",
        "DATABASE_URL": database_url,
        "OUTBOX_LEASE_SECONDS": "2",
    }
    return subprocess.Popen(
        [sys.executable, "-c", DRAIN.format(pk=destination.pk)],
        env=environment,
        cwd=settings.BASE_DIR,
    )


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["slow", "hang"])
def test_worker_killed_while_it_waits_for_the_answer(committed, database_url, fault):
    """A real process, killed with -9 after (slow) or before (hang) the report was accepted."""
    with running_backoffice("--ignore-keys") as office:
        destination = DestinationFactory(endpoint=office.url, api_key=API_KEY)
        delivery = DeliveryFactory(destination=destination)
        office.fault(fault, times=1)
        worker = start_drain(destination, database_url)
        eventually(lambda: office.ledger()["calls"])
        worker.kill()
        worker.wait()
        eventually(lambda: delivering.reclaim() == 1)
        delivering.drain(destination.pk, seconds=20)
        delivery.refresh_from_db()
        assert delivery.state == State.SENT
        assert office.references() == [delivery.reference]


@pytest.mark.slow
def test_report_made_while_the_back_office_is_stopped_arrives_once(committed, settings):
    settings.OUTBOX_REST_SECONDS = 1
    with running_backoffice() as office:
        destination = DestinationFactory(endpoint=office.url, api_key=API_KEY)
        office.stop()
        delivery = DeliveryFactory(destination=destination)
        delivering.drain(destination.pk, seconds=5)
        delivery.refresh_from_db()
        assert (delivery.state, delivery.reason) == (State.RETRY, "It cannot be reached.")
        office.start()
        Delivery.objects.update(next_attempt_at=Now())
        delivering.drain(destination.pk, seconds=5)
        delivering.drain(destination.pk, seconds=5)
        assert office.references() == [delivery.reference]
