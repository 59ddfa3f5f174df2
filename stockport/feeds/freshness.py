"""Whether figures are as new as they should be."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

# An extract comes every night: after a day and a half one was missed.
USUAL = timedelta(hours=36)


def is_older_than_usual(as_at: datetime) -> bool:
    """Whether a nightly extract was missed since these figures were made."""
    return timezone.now() - as_at > USUAL
