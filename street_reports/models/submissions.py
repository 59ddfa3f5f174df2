"""What other people's apps sent over Open311, each thing once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from street_reports.models.api_keys import ApiKey
from street_reports.models.reports import Report

LONGEST_REFERENCE = 200


class Submission(models.Model):
    """A report that an app sent: the one that was made, or the one that was there already."""

    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="submissions")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="submissions")
    reference = models.CharField(
        max_length=LONGEST_REFERENCE, blank=True, help_text="What the app calls it, if it said so."
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "reference"],
                condition=~Q(reference=""),
                name="%(app_label)s_submission_once",
                violation_error_message="The app has sent this already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.reference or self.report_id}"


class SubmittedUpdate(models.Model):
    """What an app told us later about a report that it had sent; its words are in a note."""

    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="submitted_updates")
    update_id = models.CharField(max_length=LONGEST_REFERENCE, help_text="The app's own.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "report", "update_id"],
                name="%(app_label)s_submitted_update_once",
                violation_error_message="The app has sent this update already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.update_id}"
