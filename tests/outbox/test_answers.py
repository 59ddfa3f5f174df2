"""What a system answers decides what becomes of a delivery."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from time import sleep

import pytest
from django.conf import settings

from stockport import http
from stockport.outbox import delivering
from stockport.outbox.connectors import lookup
from stockport.outbox.workflow import State, Step
from tests.factories.outbox import DeliveryFactory, DestinationFactory
from tests.outbox.scripted import Says, answering

pytestmark = pytest.mark.django_db

SORRY = b"<errors><error><code>1</code><description>No such street.</description></error></errors>"
LOOK_UP_AFTER = timedelta(seconds=settings.OUTBOX_LOOK_UP_AFTER_SECONDS)


def sent_to(*says):
    """A delivery after one call to a system that answers this."""
    answers = iter(says)
    with answering(lambda method, reference: next(answers)) as system:
        delivery = DeliveryFactory(destination=DestinationFactory(endpoint=system.url))
        delivering.carry(delivering.claim(delivery.destination_id))
    delivery.refresh_from_db()
    delivery.destination.refresh_from_db()
    return delivery


def wait_of(delivery):
    return delivery.next_attempt_at - delivery.attempts.get().finished_at


@pytest.mark.parametrize("status", [400, 404, 405, 409, 410, 413, 415, 422, 451])
def test_refusal_needs_staff_at_once_and_says_why_in_the_systems_words(status):
    delivery = sent_to(Says(status, SORRY))
    assert (delivery.state, delivery.reason) == (State.DEAD, "No such street.")
    assert delivery.destination.failures == 0


@pytest.mark.parametrize("status", [401, 403])
def test_refusal_of_the_portal_pauses_the_destination_and_keeps_the_delivery(status):
    delivery = sent_to(Says(status, SORRY))
    assert delivery.state == State.RETRY
    assert delivery.destination.pause_reason == "No such street."


@pytest.mark.parametrize("status", [408, 425, 429])
def test_busy_system_has_taken_nothing_and_gets_it_later(status):
    delivery = sent_to(Says(status, b""))
    assert (delivery.state, delivery.next_step) == (State.RETRY, "send")
    assert delivery.destination.failures == 1


@pytest.mark.parametrize("status", [302, 307, 500, 501, 502, 503, 504, 520])
def test_answer_that_may_hide_a_success_is_looked_up_before_anything_is_sent(status):
    delivery = sent_to(Says(status, b""))
    assert (delivery.state, delivery.next_step) == (State.UNKNOWN, "find")
    assert wait_of(delivery) >= LOOK_UP_AFTER


@pytest.mark.parametrize("body", [b"", b"OK", b"<html>Sign in</html>", SORRY])
def test_success_without_a_reference_is_none(body):
    assert sent_to(Says(200, body)).state == State.UNKNOWN


@pytest.mark.parametrize(
    "asks",
    [
        lambda: "300",
        lambda: format_datetime(datetime.now(UTC) + timedelta(seconds=301), usegmt=True),
    ],
    ids=["seconds", "date"],
)
@pytest.mark.parametrize("status", [429, 503])
def test_system_is_left_alone_for_as_long_as_it_asks(asks, status):
    delivery = sent_to(Says(status, b"", {"Retry-After": asks()}))
    assert timedelta(seconds=270) < wait_of(delivery) < timedelta(seconds=302)
    assert delivery.destination.resting_until >= delivery.next_attempt_at


def test_system_that_asks_for_no_time_is_still_not_looked_into_before_it_has_written():
    """A gateway that says 503 at once may have handed the report on."""
    delivery = sent_to(Says(503, b"", {"Retry-After": "0"}))
    assert delivery.state == State.UNKNOWN
    assert wait_of(delivery) >= LOOK_UP_AFTER


def test_look_up_in_a_list_without_an_end_ends_before_the_lease(monkeypatch):
    monkeypatch.setattr(http, "LONGEST_SECONDS", 1)
    numbers = count()

    def page(method, reference):
        sleep(0.3)
        rows = "".join(
            f"<request><service_request_id>{next(numbers)}</service_request_id></request>"
            for _ in range(50)
        )
        return Says(200, f"<service_requests>{rows}</service_requests>".encode())

    with answering(page) as system:
        destination = DestinationFactory(endpoint=system.url)
        delivery = DeliveryFactory(
            destination=destination, state=State.UNKNOWN, next_step=Step.FIND
        )
        delivering.carry(delivering.claim(destination.pk))
        assert len(system.calls) < lookup.MOST_PAGES
    delivery.refresh_from_db()
    assert delivery.state == State.UNKNOWN


def test_every_try_carries_the_same_key(office, highways, work):
    delivery = DeliveryFactory(destination=highways)
    office.fault("429", times=2)
    while work(delivery).state != State.SENT:
        assert delivery.attempt_count < 5
    keys = [
        call["idempotency_key"]
        for call in office.ledger()["calls"]
        if call["reference"] == delivery.reference
    ]
    assert keys == [str(delivery.pk)] * 3
