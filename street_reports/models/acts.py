"""What who reported a fault did about it later: added words, withdrew it, opened it again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from street_reports.models.reports import Report


class Act(models.Model):
    """One thing that the reporter did, kept for good; erasure removes the person and the words."""

    class Kind(models.TextChoices):
        ADD = "add", "Information added"
        WITHDRAW = "withdraw", "Withdrawn by the person who reported it"
        REOPEN = "reopen", "Not fixed, says the person who reported it"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="acts")
    resident = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["add", "withdraw", "reopen"]),
                name="%(app_label)s_act_kind_known",
                violation_error_message="Who reported a fault adds, withdraws or opens it again.",
            ),
            models.UniqueConstraint(
                fields=["report", "text"],
                condition=Q(kind="add") & ~Q(text=""),
                name="%(app_label)s_act_words_added_once",
                violation_error_message="You have added this already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"
