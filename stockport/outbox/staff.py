"""What staff may do with a delivery that needs them."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now

from stockport.outbox.actions import nudge_after_commit
from stockport.outbox.models import Delivery
from stockport.outbox.workflow import WAITS_IN, State, Step


@transaction.atomic
def try_again(*, delivery: Delivery, checked: bool = False) -> Delivery:
    """Put a dead, held or waiting delivery in line at once, with its age counted afresh.

    One whose answer was lost is looked up first, unless somebody has `checked` at the destination
    that it is not there. Raises IllegalMove for one that is sent, cancelled or being sent.
    """
    delivery = _locked(delivery)
    if checked and delivery.in_doubt:
        delivery.next_step = Step.SEND
    delivery.move_to(WAITS_IN[Step(delivery.next_step)])
    delivery.next_attempt_at = delivery.fresh_at = Now()
    delivery.save()
    nudge_after_commit(delivery.destination_id)
    return delivery


@transaction.atomic
def hold(*, delivery: Delivery, reason: str) -> Delivery:
    """Keep a delivery back until staff put it in line again; raises IllegalMove."""
    return _moved(delivery, State.HELD, reason)


@transaction.atomic
def cancel(*, delivery: Delivery, reason: str) -> Delivery:
    """Never send this delivery, nor what follows it; raises IllegalMove."""
    for follower in delivery.followers.exclude(state__in=(State.SENT, State.CANCELLED)):
        cancel(delivery=follower, reason=reason)
    return _moved(delivery, State.CANCELLED, reason)


@transaction.atomic
def mark_sent(*, delivery: Delivery, remote_reference: str) -> Delivery:
    """Record that it is at the destination, as staff saw there; raises IllegalMove."""
    delivery = _locked(delivery)
    delivery.remote_reference = remote_reference
    delivery.sent_at = Now()
    delivery = _moved(delivery, State.SENT, "Marked as sent by staff.")
    nudge_after_commit(delivery.destination_id)
    return delivery


def _moved(delivery: Delivery, state: State, reason: str) -> Delivery:
    fresh = delivery if state == State.SENT else _locked(delivery)
    fresh.move_to(state)
    fresh.reason = reason
    fresh.save()
    return fresh


def _locked(delivery: Delivery) -> Delivery:
    return Delivery.objects.select_for_update().get(pk=delivery.pk)
