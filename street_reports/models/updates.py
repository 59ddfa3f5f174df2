"""What the team that has a report said about it since."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from street_reports.models.reports import Report
from street_reports.workflow import Status


class Update(models.Model):
    """What the team said about a report at a time: its system, in any order, or staff, here."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="updates")
    update_id = models.CharField(max_length=100, help_text="The back office's id, or ours.")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who wrote it here; residents are never told. Empty: the team’s system did.",
    )
    status = models.CharField(
        max_length=20, choices=Status, blank=True, help_text="Empty: the state did not change."
    )
    text = models.TextField(blank=True)
    updated_at = models.DateTimeField(help_text="When it happened, say they.")
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "update_id"],
                name="%(app_label)s_update_recorded_once",
                violation_error_message="This update is already recorded.",
            ),
        ]
        # A page of what others read over Open311 is found in it alone, however late the page.
        indexes = [
            models.Index(
                fields=["received_at", "id"],
                include=["report"],
                name="street_reports_update_received",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.update_id}: {self.status or 'unchanged'}"
