"""Forgetting tries and letters that no limit counts any more."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import LetterPin, LinkAttempt

KEPT = timedelta(days=90)  # longer than any limit of budgets.py and letters.py looks back


def forget_old() -> int:
    """Delete tries of 90 days ago, and letters that ended so long ago; how many.

    That they happened stays on record (AuditEvent).
    """
    before = timezone.now() - KEPT
    tries, _ = LinkAttempt.objects.filter(at__lt=before).delete()
    over = Q(ended_at__lt=before) | Q(ended_at=None, expires_at__lt=before)
    letters, _ = LetterPin.objects.filter(over).delete()
    return tries + letters
