"""Writes each update down once, and finds the delivery that it is about."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from stockport.outbox.connectors.base import Update
from stockport.outbox.connectors.georeport import LONGEST_DESCRIPTION, clean
from stockport.outbox.models import Delivery, Destination, InboundUpdate


@transaction.atomic
def receive(*, destination: Destination, updates: Sequence[Update], way: InboundUpdate.Way) -> int:
    """Write down what is new of these updates; how many were, so far as anybody can tell.

    What was received before, by either way, stays as it was. Nothing is applied yet: hand_on does
    that once this is committed. The updates have no fault (reading.fault).
    """
    rows = InboundUpdate.objects.filter(
        destination=destination, update_id__in={update.update_id for update in updates}
    )
    known = set(rows.values_list("update_id", flat=True))
    new = [_row(destination, each, way) for each in updates if each.update_id not in known]
    # Another process may be writing the same ones down: the constraint lets one of the two.
    InboundUpdate.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _row(destination: Destination, update: Update, way: InboundUpdate.Way) -> InboundUpdate:
    """Quarantined, until take_up finds what it is about."""
    return InboundUpdate(
        destination=destination,
        update_id=update.update_id,
        remote_reference=update.remote_reference,
        status=update.status,
        code=update.code,
        description=clean(update.description)[:LONGEST_DESCRIPTION],
        updated_at=update.updated_at,
        way=way,
        reason=InboundUpdate.UNKNOWN,
    )


@transaction.atomic
def take_up(destination_id: int) -> int:
    """Let the updates wait for their service whose delivery is known by now; how many.

    An update can arrive before the answer that tells us the reference it is about.
    """
    unclaimed = InboundUpdate.objects.filter(destination_id=destination_id).unclaimed()
    found = unclaimed.with_a_delivery().select_for_update(of=("self",), skip_locked=True)
    updates = list(found.order_by("pk"))
    if not updates:
        return 0
    deliveries = _deliveries(destination_id, {update.remote_reference for update in updates})
    for update in updates:
        update.wait_for(deliveries[update.remote_reference])
    InboundUpdate.objects.bulk_update(
        updates, ["state", "delivery", "reason", "failures", "due_at"]
    )
    return len(updates)


def _deliveries(destination_id: int, references: set[str]) -> dict[str, Delivery]:
    """The delivery that the destination knows under each of these references: no two share one."""
    known = Delivery.objects.known().filter(destination_id=destination_id)
    found = known.filter(remote_reference__in=references)
    return {delivery.remote_reference: delivery for delivery in found}
