"""Reports of people without an account, until they confirm that the e-mail address is theirs."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from street_reports.models import answers
from street_reports.models.assets import Asset
from street_reports.models.contacts import Contact
from street_reports.models.faults import FaultType
from street_reports.models.reports import Report


def digest(secret: str) -> str:
    """What is stored of the secret in the e-mail."""
    return hashlib.sha256(secret.encode()).hexdigest()


class UnconfirmedQuerySet(models.QuerySet["Unconfirmed"]):
    """Reports that wait for a click."""

    def in_time(self) -> UnconfirmedQuerySet:
        """Those whose link still works."""
        return self.filter(created_at__gt=_cutoff())

    def expired(self) -> UnconfirmedQuerySet:
        """Those whose link works no more."""
        return self.filter(created_at__lte=_cutoff())

    def of_link(self, secret: str) -> UnconfirmedQuerySet:
        """The one that this link is about, unless it has expired."""
        return self.in_time().filter(digest=digest(secret))

    def in_full(self) -> UnconfirmedQuerySet:
        """With all that its page and its confirmation need."""
        return self.select_related(
            "fault", "asset", "contact", "follows__delivery__destination", "follows__asset"
        )


def _cutoff() -> datetime:
    """What was made by then has expired."""
    return timezone.now() - timedelta(hours=settings.CONFIRM_HOURS)


class Unconfirmed(models.Model):
    """What somebody typed and wants to report, or (`follows`) to add to a report that is there.

    Nothing of it leaves the portal but the e-mail that asks whether the address is theirs. Once
    that is confirmed it has a contact, and goes with the next tidying after its time.
    """

    form_token = models.UUIDField(unique=True, editable=False, help_text="The form, sent once.")
    digest = models.CharField(
        max_length=64, unique=True, editable=False, help_text="SHA-256 of the link’s secret."
    )
    email = models.EmailField("e-mail address", max_length=254)
    fault = models.ForeignKey(FaultType, on_delete=models.PROTECT, related_name="+")
    # Its reverse name shows the extracts that the asset is in use.
    asset = models.ForeignKey(
        Asset, on_delete=models.PROTECT, null=True, blank=True, related_name="unconfirmed"
    )
    location = models.CharField(max_length=400, blank=True, help_text="Where it is, in words.")
    postcode = models.CharField(max_length=8, blank=True)
    latitude = models.FloatField(null=True, blank=True, help_text="WGS84.")
    longitude = models.FloatField(null=True, blank=True, help_text="WGS84.")
    description = models.CharField(max_length=1000, blank=True)
    answers = models.JSONField(default=list, blank=True, help_text="See models/answers.py.")
    wants_updates = models.BooleanField("wants e-mails about progress", default=False)
    follows = models.ForeignKey(
        Report, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    contact = models.OneToOneField(
        Contact,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whom it made known, once it is confirmed.",
    )
    delivery = models.OneToOneField(
        "outbox.Delivery", on_delete=models.PROTECT, related_name="+", help_text="The e-mail."
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = UnconfirmedQuerySet.as_manager()

    class Meta:
        verbose_name = "unconfirmed report"
        constraints = [
            models.CheckConstraint(
                condition=Q(follows__isnull=False) | ~Q(location=""),
                name="%(app_label)s_unconfirmed_has_a_place",
                violation_error_message="Say where the fault is.",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="%(app_label)s_unconfirmed_point_whole",
                violation_error_message="A point has a latitude and a longitude.",
            ),
            models.CheckConstraint(
                condition=answers.are_whole("answers"),
                name="%(app_label)s_unconfirmed_answers_whole",
                violation_error_message="Each answer has its question.",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")) & ~Q(email=""),
                name="%(app_label)s_unconfirmed_email_lower_case",
                violation_error_message="Store an e-mail address, in lower case.",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="street_reports_unconfirmed_age"),
            models.Index(fields=["email"], name="street_reports_unconfirmed_who"),
        ]

    def __str__(self) -> str:
        return f"{self.fault} at {self.location or self.follows_id}"
