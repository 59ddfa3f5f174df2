"""Which reports staff took out of the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import Resident


class ExportQuerySet(models.QuerySet["Export"]):
    """Files of reports."""

    def for_resident(self, resident: Resident) -> ExportQuerySet:
        """What this member of staff took out."""
        return self.filter(by=resident)


class Export(models.Model):
    """A CSV file of reports: on record before its first row leaves, and how many left.

    A trigger of the database refuses every later change.
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="who"
    )
    created_at = models.DateTimeField("when", default=timezone.now)
    filters = models.TextField(blank=True, help_text="As in the address of the list.")
    has_personal_data = models.BooleanField("with personal data", default=False)
    rows = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many left. Empty: under way, or the portal stopped."
    )

    objects = ExportQuerySet.as_manager()

    class Meta:
        permissions = [("export_personal_data", "Can export personal data of reports")]

    def __str__(self) -> str:
        return f"Export by {self.by}"
