"""Forgets what destinations answered, once nobody needs it any more."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from stockport.outbox.models import Attempt
from stockport.outbox.workflow import State

# Each batch is committed by itself, so that no lock is held for long.
BATCH = 1000


def forget_old_answers(*, batch: int = BATCH) -> int:
    """Empty the answers of what was sent OUTBOX_KEEP_ANSWERS_DAYS ago or earlier; how many.

    The tries stay: when each was, and what it came to.
    """
    old = Attempt.objects.exclude(answer="").filter(
        delivery__state=State.SENT,
        delivery__sent_at__lt=Now() - timedelta(days=settings.OUTBOX_KEEP_ANSWERS_DAYS),
    )
    forgotten = 0
    while emptied := Attempt.objects.filter(pk__in=old.values("pk")[:batch]).update(answer=""):
        forgotten += emptied
    return forgotten
