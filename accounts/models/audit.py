"""What happened to somebody's records and who did it. The database keeps every row as it is."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models.people import Person, Resident


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """What happened."""

    def for_resident(self, resident: Resident) -> AuditEventQuerySet:
        """What this resident did, and what was done to their account."""
        return self.filter(resident=resident)


class AuditEvent(models.Model):
    """One event. A trigger refuses every change but forgetting whose account it was."""

    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=40, help_text="What happened, such as “link_made”.")
    resident = models.ForeignKey(
        Resident,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose account it is about.",
    )
    actor = models.ForeignKey(
        Resident,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who did it; empty where the portal did.",
    )
    person = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    detail = models.CharField(max_length=500, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["resident", "at"], name="accounts_audit_of_resident"),
            models.Index(fields=["kind", "at"], name="accounts_audit_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.at:%d %B %Y, %H:%M}"
