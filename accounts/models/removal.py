"""A second step that its resident has lost, until it is removed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from accounts.models.people import Resident
from stockport.db import IsSha256
from stockport.keyed import keyed_each

WAIT = timedelta(hours=24)


class SecondStepRemovalQuerySet(models.QuerySet["SecondStepRemoval"]):
    """Second steps that are to be removed."""

    def for_resident(self, resident: Resident) -> SecondStepRemovalQuerySet:
        """This resident's, if it is to be."""
        return self.filter(resident=resident)

    def of_link(self, secret: str) -> SecondStepRemovalQuerySet:
        """The one that this link in an e-mail stops."""
        return self.filter(link__in=keyed_each(secret))

    def due(self, now: datetime) -> SecondStepRemovalQuerySet:
        """Those that have waited long enough."""
        return self.filter(asked_at__lte=now - WAIT)


class SecondStepRemoval(models.Model):
    """Staff believe that the resident asked: the resident has a day to say that they did not.

    Source: OWASP ASVS 5.0, 6.4.4 and 6.3.7.
    """

    resident = models.OneToOneField(Resident, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField("asked for", default=timezone.now)
    link = models.CharField(
        max_length=64, unique=True, editable=False, help_text="Keyed hash of the link’s secret."
    )

    objects = SecondStepRemovalQuerySet.as_manager()

    class Meta:
        verbose_name = "second step to be removed"
        verbose_name_plural = "second steps to be removed"
        constraints = [
            models.CheckConstraint(
                condition=IsSha256("link"),
                name="%(app_label)s_secondstepremoval_link_hashed",
                violation_error_message="Of the link, only a hash is stored.",
            ),
        ]

    def __str__(self) -> str:
        return f"Asked for on {timezone.localtime(self.asked_at):%d %B %Y, %H:%M}"

    @property
    def due_at(self) -> datetime:
        """When it is removed, unless somebody stops it."""
        return self.asked_at + WAIT
