"""Forgets what nobody has claimed: it may name people who have nothing to do with the portal."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now

from stockport.outbox.models import InboundUpdate

# Longer than anything is tried, and long enough for staff to come back from leave.
UNCLAIMED_KEPT = timedelta(days=30)


def forget_unclaimed() -> int:
    """Dismiss what has been quarantined for a month, with what it said; how many there were.

    Its id stays, so that the same update is not received again.
    """
    old = InboundUpdate.objects.filter(
        state=InboundUpdate.State.QUARANTINED, received_at__lt=Now() - UNCLAIMED_KEPT
    )
    return old.update(
        state=InboundUpdate.State.DISMISSED,
        description="",
        reason="Nobody claimed it within 30 days.",
    )
