"""What others may read of a report over Open311, and which app brought it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from street_reports.models.api_keys import ApiKey


class Publishing(models.Model):
    """Whether a report is on the public list, when that changed last, and whose app it is from."""

    source = models.ForeignKey(
        ApiKey,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        help_text="Whose app brought it (Open311). Residents never see this.",
    )
    is_private = models.BooleanField(
        "kept off the public list",
        default=False,
        help_text="Over Open311, only the app that brought it still reads what became of it.",
    )
    changed_at = models.DateTimeField(
        default=timezone.now, help_text="When what the public list says of it changed last."
    )

    class Meta:
        abstract = True
        # The page of a list is found in one of these alone, the columns of its filters included;
        # only then are its rows read. A later page costs little more than the first.
        indexes = [
            models.Index(
                fields=["-created_at", "-id"],
                include=["fault", "status"],
                condition=Q(is_private=False),
                name="street_reports_report_public",
            ),
            models.Index(
                fields=["changed_at", "id"],
                include=["fault", "status", "created_at"],
                condition=Q(is_private=False),
                name="street_reports_report_changed",
            ),
            models.Index(
                fields=["id"],
                include=["source"],
                condition=Q(is_private=True),
                name="street_reports_report_private",
            ),
        ]
