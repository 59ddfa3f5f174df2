"""Residents who met a fault that somebody else had reported, and want to know what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from street_reports.models.joining import Joined
from street_reports.models.reports import Report

if TYPE_CHECKING:
    from accounts.models import Resident


class FollowerQuerySet(models.QuerySet["Follower"]):
    """Who follows what."""

    def for_resident(self, resident: Resident) -> FollowerQuerySet:
        """What this resident follows."""
        return self.filter(resident=resident)


class Follower(Joined):
    """A resident who follows somebody else's report. Neither ever learns who the other is.

    A trigger of the database refuses who made the report (migration 0008).
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="followers")
    resident = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
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
