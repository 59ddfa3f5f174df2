"""Asks destinations for updates, from where the last ones ended."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils import timezone

from stockport.outbox.actions import pause
from stockport.outbox.connectors import connector_for
from stockport.outbox.connectors.base import CannotFetch, Update
from stockport.outbox.inbound.applying import hand_on
from stockport.outbox.inbound.reading import fault
from stockport.outbox.inbound.receiving import receive
from stockport.outbox.models import Destination, InboundUpdate

logger = logging.getLogger(__name__)

# Systems write updates down late, and their clocks differ from ours.
OVERLAP = timedelta(hours=1)
# Nothing older can be asked for in one call (GeoReport v2: 90 days).
LONGEST_RANGE = timedelta(days=89)


def bring_news(destination: Destination) -> int:
    """Fetch the destination's updates, write them down and hand them on; how many were applied."""
    updates = fetch_updates(destination)
    receive(destination=destination, updates=updates, way=InboundUpdate.Way.FETCHED)
    confirm_updates(destination, updates)
    return hand_on(destination.pk)


def fetch_updates(destination: Destination) -> list[Update]:
    """News since the last confirmed update, oldest first, some of it seen before.

    Nothing where the destination is paused or cannot be read now: the next call asks again. Once
    the updates are written down, confirm_updates moves the cursor on; whoever dies in between is
    told the same again.
    """
    if destination.paused_at is not None:
        return []
    now = timezone.now()
    start = now - LONGEST_RANGE
    if destination.updates_until is not None:
        start = max(start, destination.updates_until - OVERLAP)
    try:
        found = connector_for(destination).updates(start, now + OVERLAP)
    except CannotFetch as error:
        logger.warning("No updates from %s: %s", destination.slug, error)
        if error.outcome.refuses_us:
            pause(destination=destination, reason=error.outcome.reason)
        return []
    return [update for update in found if _can_be_kept(destination, update)]


def _can_be_kept(destination: Destination, update: Update) -> bool:
    wrong = fault(update, timezone.now())
    if wrong:
        logger.warning("An update of %s was left out: %s", destination.slug, wrong)
    return not wrong


def confirm_updates(destination: Destination, updates: Iterable[Update]) -> None:
    """Record that these updates are written down: the next fetch starts after them.

    The cursor never goes back, whoever else is fetching.
    """
    # A clock that runs ahead over there must not make us miss what comes next.
    now = timezone.now()
    newest = max((min(update.updated_at, now) for update in updates), default=None)
    if newest is not None:
        # To PostgreSQL the greatest of nothing and a time is the time.
        rows = Destination.objects.filter(pk=destination.pk)
        rows.update(updates_until=Greatest("updates_until", Value(newest)))
        destination.refresh_from_db(fields=["updates_until"])
