"""What residents did about a report later: added to it, withdrew it, said whether it is fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from street_reports.models.reports import Report

if TYPE_CHECKING:
    from accounts.models import Resident


class ActQuerySet(models.QuerySet["Act"]):
    """What residents did."""

    def for_resident(self, resident: Resident) -> ActQuerySet:
        """What this resident did."""
        return self.filter(resident=resident)


class Act(models.Model):
    """One thing that somebody did, kept for good; erasure removes the person and the words.

    Only who reported a fault adds to it or withdraws it. Who follows it says as well whether it is
    fixed: each of them once each time that the team says so, which is at `fixed_at`.
    """

    class Kind(models.TextChoices):
        ADD = "add", "Information added"
        WITHDRAW = "withdraw", "Withdrawn by the person who reported it"
        REOPEN = "reopen", "Not fixed, says the person who reported it"
        CONFIRM = "confirm", "Fixed, says the person who reported it"

    BY_FOLLOWER: ClassVar = {
        Kind.REOPEN: "Not fixed, says somebody who follows the report",
        Kind.CONFIRM: "Fixed, says somebody who follows the report",
    }

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="acts")
    resident = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    by_follower = models.BooleanField("by somebody who follows it", default=False)
    text = models.CharField(max_length=1000, blank=True)
    fixed_at = models.DateTimeField(
        null=True, blank=True, help_text="When the report was fixed, of what was said about that."
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = ActQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["add", "withdraw"], by_follower=False, fixed_at=None)
                | Q(kind="reopen")  # until 2026 without the time
                | Q(kind="confirm", fixed_at__isnull=False),
                name="%(app_label)s_act_kind_known",
                violation_error_message="Who reported a fault adds to it or withdraws it; they and"
                " who follows it say whether it is fixed.",
            ),
            models.UniqueConstraint(
                fields=["report", "text"],
                condition=Q(kind="add") & ~Q(text=""),
                name="%(app_label)s_act_words_added_once",
                violation_error_message="You have added this already.",
            ),
            models.UniqueConstraint(
                fields=["report", "resident", "fixed_at"],
                condition=Q(fixed_at__isnull=False),
                name="%(app_label)s_act_answered_once",
                violation_error_message="You have said already whether it is fixed.",
            ),
        ]
        # As of updates: what residents did that others read over Open311.
        indexes = [
            models.Index(
                fields=["created_at", "id"],
                include=["report", "kind"],
                condition=Q(kind__in=["withdraw", "reopen"]),
                name="street_reports_act_told",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What was done, and by whom, without a name."""
        kind = self.Kind(self.kind)
        return str(self.BY_FOLLOWER[kind] if self.by_follower else kind.label)
