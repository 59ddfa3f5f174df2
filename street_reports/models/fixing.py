"""When a report was fixed, and how long people are asked whether it really is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

M = TypeVar("M", bound=models.Model)


class FixingQuerySet(models.QuerySet[M]):
    """Reports, as far as they are fixed."""

    def to_ask_again(self) -> Self:
        """Those fixed some days ago, of which nobody was reminded to say whether they are."""
        first = timezone.now() - timedelta(days=settings.REOPEN_DAYS)
        last = timezone.now() - timedelta(days=settings.ASK_AGAIN_DAYS)
        return self.filter(fixed_at__range=(first, last), reminded_at=None)


class Fixing(models.Model):
    """What a report has about its being fixed; nothing of it while it is not."""

    fixed_at = models.DateTimeField(null=True, blank=True, help_text="When we heard of it.")
    reminded_at = models.DateTimeField(
        null=True, blank=True, help_text="When people were asked once more whether it is fixed."
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(fixed_at=None) | Q(status="fixed"),
                name="%(app_label)s_report_fixed_at_of_fixed",
                violation_error_message="Only what is fixed was fixed at a time.",
            ),
            models.CheckConstraint(
                condition=Q(reminded_at=None) | Q(fixed_at__isnull=False),
                name="%(app_label)s_report_reminded_of_fixed",
                violation_error_message="Nobody is asked whether it is fixed before it is.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["fixed_at"],
                condition=Q(fixed_at__isnull=False, reminded_at=None),
                name="street_reports_report_to_ask",
            ),
        ]

    @property
    def asked_until(self) -> datetime | None:
        """How long people can say whether it is fixed; None where there is nothing to say."""
        return self.fixed_at and self.fixed_at + timedelta(days=settings.REOPEN_DAYS)

    @property
    def is_asked_about(self) -> bool:
        """Whether people can say now whether it is fixed."""
        return self.asked_until is not None and timezone.now() <= self.asked_until
