"""Writes down what a call came to, as long as the lease it was made under still holds."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from stockport.outbox.actions import pause
from stockport.outbox.connectors import connector_for
from stockport.outbox.connectors.base import Outcome
from stockport.outbox.models import Attempt, Delivery, Destination
from stockport.outbox.redact import personal_values, redact
from stockport.outbox.workflow import NEXT_STEP, State, Step, backoff

logger = logging.getLogger(__name__)


@transaction.atomic
def settle(*, delivery: Delivery, attempt: Attempt, outcome: Outcome) -> bool:
    """Record the outcome; False, and nothing changed, where the lease is no longer this one."""
    leased = Delivery.objects.filter(pk=delivery.pk, state=State.LEASED, lease=delivery.lease)
    held = leased.select_for_update(of=("self",)).select_related("destination").first()
    if held is None:
        logger.warning("The lease of delivery %s ended before it was settled", delivery.pk)
        return False
    outcome = _unless_taken(held, _without_personal_data(held, outcome))
    held.next_step = NEXT_STEP.get(outcome.state, Step(held.next_step))
    _record(attempt, outcome)
    _apply(held, attempt, _unless_given_up(held, outcome))
    _judge(held.destination, outcome)
    return True


def _without_personal_data(delivery: Delivery, outcome: Outcome) -> Outcome:
    """The outcome with what was answered as it may be stored, without our key either."""
    known = [*personal_values(delivery.payload), delivery.destination.api_key]
    return replace(
        outcome,
        reason=redact(outcome.reason, known),
        answer=redact(outcome.answer or outcome.reason, known),
    )


def _unless_taken(delivery: Delivery, outcome: Outcome) -> Outcome:
    """The outcome, or dead where it names the reference of another delivery.

    Updates of that reference would be told to the wrong resident, so staff look which it is.
    Until then it may be there: it is looked up before anything is sent again.
    """
    if outcome.state != State.SENT or not outcome.remote_reference or delivery.depends_on_id:
        return outcome
    same = Delivery.objects.filter(
        destination=delivery.destination_id,
        remote_reference=outcome.remote_reference,
        depends_on=None,
    )
    other = same.exclude(pk=delivery.pk).first()
    if other is None:
        return outcome
    delivery.next_step = Step.FIND
    reason = f"It was given the reference {outcome.remote_reference}, which {other} has already."
    return replace(outcome, state=State.DEAD, reason=reason, remote_reference="")


def _record(attempt: Attempt, outcome: Outcome) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(
        finished_at=Now(),
        outcome=outcome.state,
        status_code=outcome.status_code,
        answer=outcome.answer,
    )


def _unless_given_up(delivery: Delivery, outcome: Outcome) -> Outcome:
    """The outcome, or dead where there would be one more try after too many or too long."""
    if outcome.state not in NEXT_STEP or outcome.refuses_us:
        return outcome
    too_old = Delivery.objects.filter(
        pk=delivery.pk, fresh_at__lt=Now() - timedelta(hours=settings.OUTBOX_GIVE_UP_HOURS)
    )
    tries = _tries(delivery)
    if tries < settings.OUTBOX_GIVE_UP_TRIES and not too_old.exists():
        return outcome
    return replace(outcome, state=State.DEAD, reason=f"Gave up at try {tries}. {outcome.reason}")


def _tries(delivery: Delivery) -> int:
    """How often it has been tried since it was made or put back by staff."""
    return delivery.attempts.filter(started_at__gte=delivery.fresh_at).count()


def _apply(delivery: Delivery, attempt: Attempt, outcome: Outcome) -> None:
    delivery.move_to(outcome.state)
    delivery.reason = outcome.reason[:500]
    delivery.remote_reference = outcome.remote_reference or delivery.remote_reference
    delivery.remote_token = outcome.token or delivery.remote_token
    if outcome.state == State.SENT:
        delivery.reason = ""
        delivery.sent_at = Now()
        delivery.payload = connector_for(delivery.destination).keep(delivery.payload)
    elif outcome.state in NEXT_STEP:
        delivery.next_attempt_at = Now() + _wait(delivery, attempt, outcome)
    else:
        logger.warning("Delivery %s needs attention", delivery.pk)
    delivery.save()


def _wait(delivery: Delivery, attempt: Attempt, outcome: Outcome) -> timedelta:
    if attempt.step == Step.FIND and outcome.state == State.RETRY:
        return timedelta()
    delay = backoff(_tries(delivery)) if outcome.wait is None else outcome.wait
    # A lease that has ended gave the system its time already; no answer came, so no trouble either.
    lease_ended = outcome.wait is not None and not outcome.trouble
    if attempt.step == Step.SEND and outcome.state == State.UNKNOWN and not lease_ended:
        # A slow system may still be writing down what it took: looking sooner might miss it, even
        # where the system asks for less time (Retry-After).
        return max(delay, timedelta(seconds=settings.OUTBOX_LOOK_UP_AFTER_SECONDS))
    return delay


def _judge(destination: Destination, outcome: Outcome) -> None:
    """Pause, rest or trust the destination according to how it answered (a circuit breaker)."""
    rows = Destination.objects.filter(pk=destination.pk)
    if outcome.refuses_us:
        pause(destination=destination, reason=outcome.reason)
    elif outcome.trouble:
        rest = outcome.wait or timedelta(seconds=settings.OUTBOX_REST_SECONDS)
        rows.update(failures=F("failures") + 1)
        if outcome.wait:
            rows.update(resting_until=Now() + rest)
        else:
            rows.filter(failures__gte=Destination.FAILURES_BEFORE_REST).update(
                resting_until=Now() + rest
            )
    elif destination.failures and outcome.state != State.UNKNOWN:
        rows.update(failures=0, resting_until=None)
