"""Several workers at once: each delivery is carried by one, and none by more than allowed."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier

import pytest
from django.db import transaction
from django.db.models.functions import Now

from stockport.outbox import delivering
from stockport.outbox.models import Attempt, Delivery
from stockport.outbox.workflow import State
from tests.factories.outbox import DeliveryFactory, DestinationFactory

pytestmark = pytest.mark.usefixtures("committed")


def claim_all(destination):
    claimed = []
    while claim := delivering.claim(destination.pk):
        claimed.append(claim.delivery.pk)
    return claimed


def test_delivery_is_never_claimed_by_two_workers(at_once):
    destination = DestinationFactory(concurrency=100)
    DeliveryFactory.create_batch(30, destination=destination)
    claimed = [pk for worker in at_once(6, lambda: claim_all(destination)) for pk in worker]
    assert len(claimed) == len(set(claimed)) == 30
    assert Attempt.objects.count() == 30


def test_without_the_locks_two_workers_take_the_same_delivery(at_once):
    """The negative control: what the claim protects from does happen without it."""
    destination = DestinationFactory(concurrency=100)
    DeliveryFactory.create_batch(2, destination=destination)
    both_looked = Barrier(2)

    def naive_claim():
        delivery = destination.deliveries.due().order_by("next_attempt_at").first()
        both_looked.wait()
        delivery.move_to(State.LEASED)
        return delivery.pk

    first, second = at_once(2, naive_claim)
    assert first == second


def test_destination_never_has_more_calls_under_way_than_it_allows(at_once):
    destination = DestinationFactory(concurrency=3)
    DeliveryFactory.create_batch(20, destination=destination)
    claimed = [pk for worker in at_once(8, lambda: claim_all(destination)) for pk in worker]
    assert len(claimed) == 3


def test_delivery_that_staff_are_changing_does_not_hold_up_the_others(at_once):
    destination = DestinationFactory()
    first, second = (
        DeliveryFactory(destination=destination, next_attempt_at=Now() - timedelta(seconds=age))
        for age in (20, 10)
    )
    with transaction.atomic():
        Delivery.objects.select_for_update().get(pk=first.pk)
        [claim] = at_once(1, lambda: delivering.claim(destination.pk))
    assert claim.delivery.pk == second.pk


def test_delivery_can_be_made_while_a_claim_holds_its_destination(at_once):
    destination = DestinationFactory()
    with transaction.atomic():
        type(destination).objects.select_for_update(no_key=True).get(pk=destination.pk)
        [made] = at_once(1, lambda: DeliveryFactory(destination=destination))
    assert made.state == State.PENDING


def test_paused_or_resting_destination_gives_nothing_away():
    for fields in ({"paused_at": Now()}, {"resting_until": Now() + timedelta(minutes=1)}):
        destination = DestinationFactory(**fields)
        DeliveryFactory(destination=destination)
        assert delivering.claim(destination.pk) is None
    assert delivering.due_slots() == {}


def test_failing_destination_gets_one_probe_at_a_time():
    destination = DestinationFactory(failures=3, concurrency=4)
    DeliveryFactory.create_batch(3, destination=destination)
    assert delivering.due_slots() == {destination.pk: 1}
    assert delivering.claim(destination.pk)
    assert delivering.claim(destination.pk) is None


def test_try_and_lease_are_on_record_before_anything_is_sent():
    delivery = DeliveryFactory()
    claim = delivering.claim(delivery.destination_id)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempt_count) == (State.LEASED, 1)
    assert delivery.lease == claim.delivery.lease
    assert delivery.attempts.get().finished_at is None
