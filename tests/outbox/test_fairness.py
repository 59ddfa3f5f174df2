"""A destination in trouble, or a delivery that always fails, holds up nobody else."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from stockport.outbox import delivering
from stockport.outbox.connectors.base import Outcome
from stockport.outbox.models import Delivery, Destination
from stockport.outbox.settling import settle
from stockport.outbox.workflow import (
    FIRST_DELAY,
    LONGEST_DELAY,
    SHORTEST_DELAY,
    State,
    backoff,
)
from tests.factories.outbox import DeliveryFactory, DestinationFactory
from tests.outbox.scripted import Says, answering

pytestmark = pytest.mark.django_db

TROUBLE = Outcome(State.RETRY, "It cannot be reached.", trouble=True)


def an_hour_later():
    """All clocks go on alike, so what is due first stays first."""
    hour = timedelta(hours=1)
    Delivery.objects.update(
        next_attempt_at=F("next_attempt_at") - hour, created_at=F("created_at") - hour
    )
    Destination.objects.update(resting_until=F("resting_until") - hour)


def carry_one(destination, outcome=None):
    """The delivery that was carried: by a real call, or to this outcome."""
    claim = delivering.claim(destination.pk)
    if claim is None:
        return None
    if outcome is None:
        delivering.carry(claim)
    else:
        settle(delivery=claim.delivery, attempt=claim.attempt, outcome=outcome)
    destination.refresh_from_db()
    return claim.delivery


def test_three_failures_stop_the_calls_one_probe_tries_and_one_success_starts_them_again():
    destination = DestinationFactory(concurrency=4)
    DeliveryFactory.create_batch(8, destination=destination)
    for _ in range(3):
        assert carry_one(destination, TROUBLE)
    assert carry_one(destination, TROUBLE) is None

    an_hour_later()
    probe = delivering.claim(destination.pk)
    assert delivering.claim(destination.pk) is None
    settle(delivery=probe.delivery, attempt=probe.attempt, outcome=TROUBLE)
    assert delivering.claim(destination.pk) is None

    an_hour_later()
    assert carry_one(destination, Outcome(State.SENT))
    assert (destination.failures, destination.resting_until) == (0, None)
    assert [bool(delivering.claim(destination.pk)) for _ in range(5)] == [True] * 4 + [False]


def test_failing_destination_is_left_alone_and_the_others_are_not():
    dead, well = DestinationFactory(), DestinationFactory()
    DeliveryFactory.create_batch(5, destination=dead)
    DeliveryFactory.create_batch(5, destination=well)
    for _ in range(3):
        carry_one(dead, TROUBLE)
    assert delivering.due_slots() == {well.pk: 4}
    assert all(carry_one(well, Outcome(State.SENT)) for _ in range(5))


def test_destination_whose_calls_are_all_under_way_leaves_the_others_their_workers():
    hangs, well = DestinationFactory(concurrency=2), DestinationFactory()
    DeliveryFactory.create_batch(5, destination=hangs)
    DeliveryFactory(destination=well)
    assert delivering.claim(hangs.pk)
    assert delivering.claim(hangs.pk)
    assert delivering.drain(hangs.pk, seconds=5) == 0
    assert delivering.due_slots() == {well.pk: 1}


def test_deliveries_that_always_fail_do_not_starve_the_rest():
    """Three that always get 500 are first in line, as many as stop a destination."""
    with answering(lambda method, reference: Says(500 if "BAD" in reference else 200)) as system:
        destination = DestinationFactory(endpoint=system.url)
        for number in range(3):
            DeliveryFactory(
                destination=destination,
                reference=f"BAD-{number}",
                next_attempt_at=Now() - timedelta(minutes=5 - number),
            )
        good = DeliveryFactory.create_batch(10, destination=destination)
        assert [carry_one(destination).reference for _ in range(3)] == ["BAD-0", "BAD-1", "BAD-2"]
        an_hour_later()
        assert {carry_one(destination).pk for _ in good} == {delivery.pk for delivery in good}
    assert destination.deliveries.filter(state=State.SENT).count() == 10


def test_oldest_goes_first():
    destination = DestinationFactory()
    ages = [3, 1, 2]
    made = {
        age: DeliveryFactory(destination=destination, next_attempt_at=Now() - timedelta(hours=age))
        for age in ages
    }
    order = [carry_one(destination, Outcome(State.SENT)).pk for _ in ages]
    assert order == [made[3].pk, made[2].pk, made[1].pk]


@pytest.mark.parametrize("tries", [1, 2, 4, 8, 9, 10, 30])
def test_waits_are_spread_over_the_whole_time_from_nothing_to_the_ceiling(tries):
    """Full jitter: a quarter of the waits falls into each quarter of the time."""
    random.seed(311)
    ceiling = min(FIRST_DELAY * 2 ** (tries - 1), LONGEST_DELAY)
    waits = [backoff(tries) for _ in range(4000)]
    assert all(SHORTEST_DELAY <= wait <= ceiling for wait in waits)
    for quarter in (1, 2, 3):
        below = sum(wait <= ceiling * quarter / 4 for wait in waits) / len(waits)
        assert below == pytest.approx(quarter / 4, abs=0.03)


def test_wait_that_a_failure_leads_to_is_within_that_time():
    delivery = DeliveryFactory()
    for tries in (1, 2, 3):
        an_hour_later()
        carry_one(delivery.destination, TROUBLE)
        delivery.refresh_from_db()
        assert delivery.next_attempt_at - timezone.now() <= FIRST_DELAY * 2 ** (tries - 1)
