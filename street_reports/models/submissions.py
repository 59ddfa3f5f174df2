"""What other people's apps sent over Open311, each thing once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from street_reports.models.api_keys import ApiKey
from street_reports.models.reports import Report

LONGEST_REFERENCE = 200


class Submission(models.Model):
    """What an app calls a report that it sent: one made for it, or one that was there already.

    An app may have several names for it, a row each; without any it is one row.
    """

    class Kind(models.TextChoices):
        """How an app says it: two kinds may have the same words for different reports."""

        IDEMPOTENCY_KEY = "idempotency_key", "Idempotency-Key"
        REPORT_REFERENCE = "report_reference", "report_reference"
        FIXMYSTREET_ID = "fixmystreet_id", "fixmystreet_id"

    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="submissions")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="submissions")
    kind = models.CharField(
        max_length=20,
        choices=Kind,
        blank=True,
        default="",
        help_text="Empty: it is not known, and may be any of them.",
    )
    reference = models.CharField(
        max_length=LONGEST_REFERENCE, blank=True, help_text="What the app calls it, if it said so."
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "kind", "reference"],
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
