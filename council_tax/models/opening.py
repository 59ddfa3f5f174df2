"""That a resident has opened a letter: the portal's own, whatever becomes of the extract's rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

if TYPE_CHECKING:
    from accounts.models import Resident


class OpeningQuerySet(models.QuerySet["Opening"]):
    """Openings."""

    def for_resident(self, resident: Resident) -> OpeningQuerySet:
        """What this resident opened."""
        return self.filter(resident=resident)


class Opening(models.Model):
    """The first time that a resident opened one letter."""

    resident = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    # Not a foreign key: the next extract may remove the letter, and this stays.
    account_reference = models.CharField(max_length=20)
    document_reference = models.CharField(max_length=60)
    opened_at = models.DateTimeField(db_default=Now())

    objects = OpeningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "account_reference", "document_reference"],
                name="%(app_label)s_opening_first_only",
                violation_error_message="This resident has opened this letter before.",
            ),
            models.CheckConstraint(
                condition=~models.Q(account_reference="") & ~models.Q(document_reference=""),
                name="%(app_label)s_opening_names_a_letter",
                violation_error_message="An opening says which letter of which account it was.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_reference}, {self.opened_at}"
