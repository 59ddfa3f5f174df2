"""What staff may do with deliveries that need them."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Case, Value, When
from django.db.models.functions import Now

from stockport.db import on_violation
from stockport.outbox.actions import nudge_after_commit
from stockport.outbox.models import Delivery
from stockport.outbox.models.deliveries import DeliveryQuerySet
from stockport.outbox.workflow import WAITS_IN, IllegalMove, State, Step, check_move


class ReferenceTaken(Exception):
    """Another delivery to the same destination has this reference there."""


@transaction.atomic
def try_again(*, delivery: Delivery, checked: bool = False) -> Delivery:
    """Put one delivery in line at once, as try_all_again does; raises IllegalMove."""
    delivery = _locked(delivery)
    if not try_all_again(deliveries=Delivery.objects.filter(pk=delivery.pk), checked=checked):
        check_move(State(delivery.state), WAITS_IN[Step(delivery.next_step)])
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def try_all_again(*, deliveries: DeliveryQuerySet, checked: bool = False) -> list[Delivery]:
    """Put those that allow it in line at once, with their age counted afresh; returns them.

    It takes the same few queries for one and for ten thousand. Those whose answer was lost are
    looked up first, unless somebody has `checked` at the destination that they are not there.
    What is sent, cancelled or being sent stays as it is.
    """
    rows = Delivery.objects.filter(pk__in=deliveries.order_by().values("pk")).retriable()
    found = list(rows.select_for_update().only("kind", "reference", "destination"))
    chosen = Delivery.objects.filter(pk__in=[delivery.pk for delivery in found])
    if checked:
        chosen.filter(next_step=Step.FIND).update(next_step=Step.SEND, state=State.RETRY)
    waits = [When(next_step=step, then=Value(state)) for step, state in WAITS_IN.items()]
    chosen.update(state=Case(*waits), next_attempt_at=Now(), fresh_at=Now())
    for destination_id in {delivery.destination_id for delivery in found}:
        nudge_after_commit(destination_id)
    return found


@transaction.atomic
def hold(*, delivery: Delivery, reason: str) -> Delivery:
    """Keep a delivery back until staff put it in line again; raises IllegalMove."""
    return _moved(_locked(delivery), State.HELD, reason)


@transaction.atomic
def cancel(*, delivery: Delivery, reason: str) -> Delivery:
    """Never send this delivery, nor what follows it; raises IllegalMove."""
    for follower in delivery.followers.exclude(state__in=(State.SENT, State.CANCELLED)):
        cancel(delivery=follower, reason=reason)
    return _moved(_locked(delivery), State.CANCELLED, reason)


@transaction.atomic
def mark_sent(*, delivery: Delivery, remote_reference: str) -> Delivery:
    """Record that it is at the destination, as staff saw there.

    Raises IllegalMove, and ReferenceTaken where it is another delivery that has this reference.
    """
    delivery = _locked(delivery)
    delivery.remote_reference = remote_reference
    delivery.sent_at = Now()
    taken = ReferenceTaken(
        f"Another delivery to {delivery.destination} has the reference {remote_reference}. Look"
        " there again: each delivery has its own."
    )
    with on_violation("outbox_delivery_reference_is_one", taken):
        delivery = _moved(delivery, State.SENT, "Marked as sent by staff.")
    nudge_after_commit(delivery.destination_id)
    return delivery


def _moved(delivery: Delivery, state: State, reason: str) -> Delivery:
    delivery.move_to(state)
    delivery.reason = reason
    delivery.save()
    return delivery


def _locked(delivery: Delivery) -> Delivery:
    """The delivery as it is now; raises IllegalMove while a worker has it in hand."""
    locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if locked.state == State.LEASED:
        raise IllegalMove(
            "It is being sent at this moment. Wait a minute until this try has ended, then choose"
            " again."
        )
    return locked
