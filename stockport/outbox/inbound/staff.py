"""What staff may do with an update that nobody has taken."""

from __future__ import annotations

from django.db import transaction

from stockport.outbox.actions import nudge_after_commit
from stockport.outbox.models import Delivery, InboundUpdate
from stockport.outbox.workflow import IllegalMove


@transaction.atomic
def dismiss(*, update: InboundUpdate, reason: str) -> InboundUpdate:
    """Never apply it, and forget what it said; raises IllegalMove once it is settled."""
    update = _locked(update)
    update.dismiss(reason)
    update.save()
    return update


@transaction.atomic
def assign(*, update: InboundUpdate, reference: str) -> InboundUpdate:
    """Have it applied to the delivery with this reference of ours.

    Raises IllegalMove once the update is settled, and where its destination was sent no such
    delivery.
    """
    update = _locked(update)
    sent = update.destination.deliveries.filter(reference=reference.strip(), depends_on=None)
    delivery = sent.order_by("created_at").first() if reference.strip() else None
    if delivery is None:
        raise IllegalMove(f"{update.destination} was not sent anything called “{reference}”.")
    return _wait(update, delivery)


@transaction.atomic
def apply_again(*, update: InboundUpdate) -> InboundUpdate:
    """Hand it on again at once; raises IllegalMove where it is settled or belongs to nothing."""
    update = _locked(update)
    if update.delivery is None:
        raise IllegalMove("Say first which delivery it belongs to.")
    return _wait(update, update.delivery)


def _wait(update: InboundUpdate, delivery: Delivery) -> InboundUpdate:
    update.wait_for(delivery)
    update.save()
    nudge_after_commit(update.destination_id)
    return update


def _locked(update: InboundUpdate) -> InboundUpdate:
    return InboundUpdate.objects.select_for_update().get(pk=update.pk)
