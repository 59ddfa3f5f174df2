"""Residents who met a fault that somebody else had reported, and want to know what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from street_reports.models.reports import Report

if TYPE_CHECKING:
    from accounts.models import Resident


class FollowerQuerySet(models.QuerySet["Follower"]):
    """Who follows what."""

    def for_resident(self, resident: Resident) -> FollowerQuerySet:
        """What this resident follows."""
        return self.filter(resident=resident)


class Follower(models.Model):
    """A resident who follows somebody else's report. Neither ever learns who the other is.

    A trigger of the database refuses who made the report (migration 0008).
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="followers")
    resident = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    information = models.CharField("what they added", max_length=1000, blank=True)
    wants_updates = models.BooleanField("wants e-mails about progress", default=False)
    merged_from = models.ForeignKey(
        Report,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="They follow because the report that they made or followed was merged into it.",
    )
    created_at = models.DateTimeField(default=timezone.now)
    delivery = models.OneToOneField(
        "outbox.Delivery",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="What they added, on its way to the team.",
    )

    objects = FollowerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "resident"],
                name="%(app_label)s_follower_once",
                violation_error_message="You follow this report already.",
            ),
        ]

    def __str__(self) -> str:
        return f"Follower of {self.report_id}"
