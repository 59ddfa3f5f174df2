"""What is kept of anybody who waits for a report, with an account or without one."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from street_reports.models.reports import Report


class Joined(models.Model):
    """What they added and what they want to hear."""

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

    class Meta:
        abstract = True
