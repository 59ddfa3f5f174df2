"""Carries what is due to its destination: claim, call outside any transaction, settle.

A claim is a lease: it is written, with the try, before the call. Whoever still holds it may settle;
a delivery whose lease ran out may have been sent, so it is looked up before it is sent again.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from stockport.outbox.connectors import connector_for
from stockport.outbox.connectors.base import Connector, Outcome
from stockport.outbox.models import Attempt, Delivery, Destination
from stockport.outbox.settling import settle
from stockport.outbox.workflow import State, Step

logger = logging.getLogger(__name__)
NEVER = Event()


@dataclass(frozen=True)
class Claim:
    """A delivery that this worker alone may carry until the lease ends."""

    delivery: Delivery
    attempt: Attempt
    claimed_at: float


def claim(destination_id: int) -> Claim | None:
    """The next due delivery of the destination, leased; None when there is none or no free slot."""
    claimed_at = monotonic()
    with transaction.atomic():
        # The lock makes the count of slots exact; making a delivery does not wait for it.
        destination = (
            Destination.objects.open().select_for_update(no_key=True).filter(pk=destination_id)
        ).first()
        if destination is None:
            return None
        due = destination.deliveries.due().within_slots(destination).order_by("next_attempt_at")
        delivery = due.select_for_update(skip_locked=True, of=("self",)).first()
        if delivery is None:
            return None
        return Claim(delivery, _lease(delivery), claimed_at)


def _slots_taken(destination: Destination) -> int:
    return destination.deliveries.filter(state=State.LEASED).count()


def _lease(delivery: Delivery) -> Attempt:
    """Lease the locked delivery and record the try, both before anything is sent."""
    delivery.move_to(State.LEASED)
    delivery.lease = uuid.uuid4()
    delivery.attempt_count += 1
    Delivery.objects.filter(pk=delivery.pk).update(
        state=delivery.state,
        lease=delivery.lease,
        leased_until=Now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS),
        attempt_count=F("attempt_count") + 1,
    )
    return Attempt.objects.create(
        delivery=delivery, number=delivery.attempt_count, step=delivery.next_step
    )


def carry(claimed: Claim) -> None:
    """Make the call that the claim is for, and record what it came to."""
    delivery = claimed.delivery
    # A worker that slept through its lease must not send: somebody else may have.
    if monotonic() - claimed.claimed_at > settings.OUTBOX_LEASE_SECONDS / 2:
        return
    outcome = call(connector_for(delivery.destination), delivery)
    settle(delivery=delivery, attempt=claimed.attempt, outcome=outcome)


def call(connector: Connector, delivery: Delivery) -> Outcome:
    """The delivery's next step; whatever goes wrong in our own code leaves it in doubt."""
    steps: dict[str, Callable[[Delivery], Outcome]] = {
        Step.SEND: connector.send,
        Step.FIND: connector.find,
        Step.POLL: connector.poll,
    }
    try:
        return steps[delivery.next_step](delivery)
    except Exception as error:
        logger.exception("A connector failed on delivery %s", delivery.pk)
        state = State.ID_PENDING if delivery.next_step == Step.POLL else State.UNKNOWN
        return Outcome(state, f"The portal failed while sending it: {type(error).__name__}.")


def drain(destination_id: int, *, seconds: float, stop: Event = NEVER) -> int:
    """Carry one due delivery after another for so many seconds or until `stop`; how many."""
    carried, end = 0, monotonic() + seconds
    while monotonic() < end and not stop.is_set() and (claimed := claim(destination_id)):
        carry(claimed)
        carried += 1
    return carried


def reclaim() -> int:
    """Take back every delivery whose lease has ended; how many there were."""
    expired = list(Delivery.objects.abandoned().select_related("destination"))
    for delivery in expired:
        state = State.ID_PENDING if delivery.next_step == Step.POLL else State.UNKNOWN
        outcome = Outcome(state, "The worker stopped before it said how it went.", wait=timedelta())
        settle(delivery=delivery, attempt=delivery.attempts.latest("number"), outcome=outcome)
    return len(expired)


def due_slots() -> dict[int, int]:
    """For each open destination with something due: how many workers it can use now."""
    slots = {}
    for destination in Destination.objects.open():
        due = destination.deliveries.due().count()
        if free := min(due, destination.slots - _slots_taken(destination)):
            slots[destination.pk] = max(free, 0)
    return slots
