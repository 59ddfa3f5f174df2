"""The days on which staff were told what did not arrive."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class MorningMail(models.Model):
    """That this day's mail is made: its row is what keeps a second one from being made."""

    day = models.DateField(unique=True, help_text="In London.")
    delivery = models.OneToOneField(
        "outbox.Delivery",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="None where there was nobody to tell, so that it was logged.",
    )
    made_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"Mail of {self.day}"
