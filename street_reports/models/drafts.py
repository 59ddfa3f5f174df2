"""Reports that residents began and have not sent: kept in the account, on every device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from street_reports.models.reports import Report

if TYPE_CHECKING:
    from accounts.models import Resident


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts."""

    def for_resident(self, resident: Resident) -> DraftQuerySet:
        """What this resident began."""
        return self.filter(resident=resident)

    def unfinished(self) -> DraftQuerySet:
        """Those that no report came of, the newest first."""
        return self.filter(report=None).order_by("-changed_at", "-pk")


class Draft(models.Model):
    """The answers of a form so far. Once a report came of it, only which one it was is kept."""

    resident = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    key = models.UUIDField(help_text="The form; a report that it becomes has it as its token.")
    answers = models.JSONField(default=dict, blank=True, help_text="What was typed, by page.")
    changed_at = models.DateTimeField(default=timezone.now)
    report = models.ForeignKey(
        Report,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="What was sent, or is followed instead: the form opened again leads to it.",
    )

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "key"],
                name="%(app_label)s_draft_once",
                violation_error_message="This form is kept already.",
            ),
            models.CheckConstraint(
                condition=Q(report=None) | Q(answers={}),
                name="%(app_label)s_draft_of_report_is_empty",
                violation_error_message="A form that was sent keeps no answers.",
            ),
        ]

    def __str__(self) -> str:
        return f"Draft {self.key}"
