"""Hands each update to the service that made its delivery, once."""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from stockport.outbox.inbound.receiving import take_up
from stockport.outbox.models import InboundUpdate
from stockport.outbox.workflow import backoff
from stockport.services import services

logger = logging.getLogger(__name__)


def hand_on(destination_id: int) -> int:
    """Apply what waits of this destination's updates, oldest first; how many were applied.

    One that fails waits, and holds up none of the others. Any number of processes may do this at
    once.
    """
    take_up(destination_id)
    due = InboundUpdate.objects.filter(destination_id=destination_id).due()
    return sum(apply(pk) for pk in list(due.values_list("pk", flat=True)))


def apply(update_pk: int) -> bool:
    """Hand this update on if it still waits; whether a service took it.

    Where the service fails, everything it did is undone and the update is tried again later.
    """
    try:
        return _hand_over(update_pk)
    except Exception as error:
        logger.exception("A service failed on inbound update %s", update_pk)
        _postpone(update_pk, error)
        return False


@transaction.atomic
def _hand_over(update_pk: int) -> bool:
    """Have a service hear of it and mark it applied, both or neither."""
    waiting = InboundUpdate.objects.due().filter(pk=update_pk)
    # Whoever has the lock is applying it.
    locked = waiting.select_for_update(of=("self",), skip_locked=True)
    update = locked.select_related("delivery__destination").first()
    if update is None or update.delivery is None:
        return False
    heard = any(service.hear(update.delivery, update.news) for service in services())
    if heard:
        update.settle()
    else:
        update.quarantine(InboundUpdate.NOBODYS)
    update.save()
    return heard


def _postpone(update_pk: int, error: Exception) -> None:
    """Try it again after a while; the log has more than the reason, which names no data."""
    rows = InboundUpdate.objects.filter(pk=update_pk, state=InboundUpdate.State.WAITING)
    tries = rows.values_list("failures", flat=True).first() or 0
    rows.update(
        failures=F("failures") + 1,
        due_at=Now() + backoff(tries + 1),
        reason=f"The portal failed on it: {type(error).__name__}.",
    )
