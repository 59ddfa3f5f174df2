"""The systems that deliveries go to."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, Min, Q
from django.db.models.functions import Now
from django.urls import reverse

from stockport.outbox.inbound.signature import PREFIX, NoSecret, key_of
from stockport.outbox.workflow import WAITING, State


def check_secret(secret: str) -> None:
    """Raises ValidationError unless webhooks can be signed with it."""
    try:
        key_of(secret)
    except NoSecret as error:
        raise ValidationError(str(error)) from error


class DestinationQuerySet(models.QuerySet["Destination"]):
    """Destinations."""

    def open(self) -> DestinationQuerySet:
        """Those that take deliveries now: neither paused nor resting after failures."""
        return self.filter(
            Q(resting_until=None) | Q(resting_until__lte=Now()),
            paused_at=None,
        )

    def with_backlog(self) -> DestinationQuerySet:
        """With `waiting`, `dead` (numbers) and `oldest` (when the longest waiting was made)."""
        waits = Q(deliveries__state__in=WAITING)
        return self.annotate(
            waiting=Count("deliveries", filter=waits),
            dead=Count("deliveries", filter=Q(deliveries__state=State.DEAD)),
            oldest=Min("deliveries__created_at", filter=waits),
        )


class Destination(models.Model):
    """A system that deliveries go to, and whether it takes any at present."""

    class Connector(models.TextChoices):
        OPEN311 = "open311", "Open311 GeoReport v2"
        EMAIL = "email", "E-mail"

    FAILURES_BEFORE_REST = 3

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100, help_text="As residents know it: “lighting team”.")
    connector = models.CharField(max_length=20, choices=Connector)
    # Not a URLField: inside a council's network a host may have a name without dots.
    endpoint = models.CharField(
        max_length=200,
        blank=True,
        validators=[
            RegexValidator(r"^https?://\S+$", "Start the address with https:// or http://.")
        ],
        help_text="Base address of the system; empty for e-mail.",
    )
    api_key = models.CharField(max_length=200, blank=True)
    webhook_secret = models.CharField(
        max_length=100,
        blank=True,
        validators=[check_secret],
        help_text="What the system signs its webhooks with; empty where it sends none.",
    )
    concurrency = models.PositiveSmallIntegerField(default=4)
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=200, blank=True)
    failures = models.PositiveIntegerField(
        default=0, help_text="Calls in a row that the system did not answer sensibly."
    )
    resting_until = models.DateTimeField(
        null=True, blank=True, help_text="After failures: no call before this."
    )
    updates_until = models.DateTimeField(
        null=True, blank=True, help_text="The newest update that has been fetched."
    )

    objects = DestinationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(concurrency__gte=1),
                name="%(app_label)s_destination_concurrency_positive",
                violation_error_message="At least one delivery must be allowed at a time.",
            ),
            models.CheckConstraint(
                condition=Q(webhook_secret="") | Q(("webhook_secret__startswith", PREFIX)),
                name="%(app_label)s_destination_webhook_secret_is_one",
                violation_error_message="A webhook secret starts with whsec_.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def slots(self) -> int:
        """How many deliveries may be under way at once: one, to probe, while it is failing."""
        return 1 if self.failures >= self.FAILURES_BEFORE_REST else self.concurrency

    @property
    def standing(self) -> str:
        """Whether it takes deliveries, in words."""
        if self.paused_at is not None:
            return f"Paused: {self.pause_reason}"
        if self.failures >= self.FAILURES_BEFORE_REST:
            return f"Failing: {self.failures} calls in a row"
        return "Working"

    @property
    def admin_url(self) -> str:
        """The page where staff pause and resume it."""
        return reverse("admin:outbox_destination_change", args=[self.pk])
