"""What a call came to is written down, and a failing destination is left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from stockport.outbox import delivering
from stockport.outbox.actions import pause, resume
from stockport.outbox.connectors.base import Outcome
from stockport.outbox.models import Delivery
from stockport.outbox.settling import settle
from stockport.outbox.workflow import State
from tests.factories.outbox import DeliveryFactory, DestinationFactory

pytestmark = pytest.mark.django_db

LATER = Outcome(State.RETRY, "It cannot be reached.", trouble=True)


def settled(delivery, outcome):
    Delivery.objects.update(next_attempt_at=Now())
    delivery.destination.resting_until = None
    delivery.destination.save(update_fields=["resting_until"])
    claim = delivering.claim(delivery.destination_id)
    assert settle(delivery=claim.delivery, attempt=claim.attempt, outcome=outcome)
    delivery.refresh_from_db()
    delivery.destination.refresh_from_db()
    return delivery


def test_answer_is_kept_without_what_it_says_about_people():
    said = "Ada Shaw, ada@example.org, your key is top-key"
    delivery = DeliveryFactory(destination__api_key="top-key")
    settled(delivery, Outcome(State.DEAD, f"Refused: {said}", status_code=400, answer=said))
    attempt = delivery.attempts.get()
    assert attempt.answer == "[removed] [removed], [removed], your key is [removed]"
    assert delivery.reason == f"Refused: {attempt.answer}"
    assert (attempt.outcome, attempt.status_code) == (State.DEAD, 400)
    assert attempt.finished_at is not None


def test_delivery_that_failed_waits_before_the_next_try():
    delivery = settled(DeliveryFactory(), LATER)
    assert timedelta() < delivery.next_attempt_at - timezone.now() < timedelta(seconds=6)
    assert delivering.claim(delivery.destination_id) is None


def test_lost_answer_is_looked_up_only_once_a_slow_system_had_its_time(settings):
    settings.OUTBOX_LOOK_UP_AFTER_SECONDS = 40
    delivery = settled(DeliveryFactory(), Outcome(State.UNKNOWN, "No answer."))
    assert delivery.next_attempt_at - timezone.now() > timedelta(seconds=30)


def test_delivery_that_is_too_old_is_given_to_staff():
    delivery = DeliveryFactory(fresh_at=Now() - timedelta(hours=73))
    settled(delivery, LATER)
    assert delivery.state == State.DEAD
    assert delivery.reason == "Gave up at try 1. It cannot be reached."


def test_destination_rests_after_three_failures_and_one_success_ends_it():
    destination = DestinationFactory()
    for failures in (1, 2, 3):
        settled(DeliveryFactory(destination=destination), LATER)
        destination.refresh_from_db()
        assert destination.failures == failures
        assert (destination.resting_until is not None) == (failures == 3)
    settled(DeliveryFactory(destination=destination), Outcome(State.SENT))
    destination.refresh_from_db()
    assert (destination.failures, destination.resting_until) == (0, None)


def test_dead_destination_costs_a_round_of_work_three_calls_however_much_waits():
    destination = DestinationFactory(endpoint="http://127.0.0.1:9/")
    DeliveryFactory.create_batch(10, destination=destination)
    assert delivering.drain(destination.pk, seconds=20) == 3


def test_destination_that_asks_for_time_gets_it():
    wait = timedelta(minutes=5)
    delivery = DeliveryFactory()
    settled(delivery, Outcome(State.RETRY, "Busy", trouble=True, wait=wait))
    for until in (delivery.next_attempt_at, delivery.destination.resting_until):
        assert timedelta(minutes=4) < until - timezone.now() <= wait


def test_lost_answer_of_our_own_making_says_nothing_about_the_destination():
    destination = DestinationFactory(failures=2)
    settled(DeliveryFactory(destination=destination), Outcome(State.UNKNOWN, "The portal failed."))
    destination.refresh_from_db()
    assert destination.failures == 2


def test_pause_tells_staff_once(settings):
    settings.ALERT_EMAILS = ["duty@example.org"]
    destination = DestinationFactory()
    pause(destination=destination, reason="Key refused")
    pause(destination=destination, reason="Key refused again")
    destination.refresh_from_db()
    assert destination.pause_reason == "Key refused"
    assert Delivery.objects.filter(kind="email").count() == 1


def test_what_waited_while_a_destination_was_paused_is_not_too_old():
    destination = DestinationFactory(paused_at=timezone.now())
    delivery = DeliveryFactory(
        destination=destination, fresh_at=Now() - timedelta(days=30), state=State.RETRY
    )
    resume(destination=destination)
    assert settled(delivery, LATER).state == State.RETRY


def test_reference_of_another_delivery_is_given_to_staff_and_nothing_is_sent_again():
    first = DeliveryFactory(remote_reference="101", reference="SL-1")
    second = DeliveryFactory(destination=first.destination)
    Delivery.objects.filter(pk=first.pk).update(state=State.SENT, sent_at=Now())
    settled(second, Outcome(State.SENT, remote_reference="101"))
    assert (second.state, second.remote_reference) == (State.DEAD, "")
    assert second.reason == "It was given the reference 101, which street_report SL-1 has already."
    assert second.in_doubt


def test_what_follows_a_delivery_may_have_its_number():
    first = DeliveryFactory(remote_reference="101", state=State.SENT, sent_at=timezone.now())
    photo = DeliveryFactory(destination=first.destination, depends_on=first)
    settled(photo, Outcome(State.SENT, remote_reference="101"))
    assert (photo.state, photo.remote_reference) == (State.SENT, "101")
