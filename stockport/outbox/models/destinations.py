"""The systems that deliveries go to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, F, FilteredRelation, Func, Min, Q, Value
from django.db.models.functions import Now
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils import formats, timezone

from stockport.outbox.inbound.signature import PREFIX, NoSecret, key_of
from stockport.outbox.workflow import WAITING, State

WORKING = "Working"


TEMPLATES = 'Give each name the id of its template, as GOV.UK Notify shows it: {"name": "id"}.'
# A name, the id of the service and a secret.
NOTIFY_KEY = r"^.+-[0-9a-f-]{36}-[0-9a-f-]{36}$"


def check_template_ids(templates: object) -> None:
    """Raises ValidationError unless each name has the id of a template."""
    try:
        ids = list(templates.values()) if isinstance(templates, dict) else [templates]
        for each in ids:
            UUID(str(each))
    except (ValueError, AttributeError, TypeError) as error:
        raise ValidationError(TEMPLATES) from error


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

    def for_texts(self) -> DestinationQuerySet:
        """The one that takes text messages, if there is one."""
        return self.filter(connector=Destination.Connector.GOVUK_NOTIFY)

    def with_backlog(self) -> DestinationQuerySet:
        """With `waiting`, `dead` (numbers) and `oldest` (when the longest waiting was made)."""
        waits = Q(unsent__state__in=WAITING)
        # Only what is not sent is read: what was sent grows for ever.
        return self.alias(
            unsent=FilteredRelation(
                "deliveries", condition=Q(deliveries__state__in=(*WAITING, State.DEAD))
            )
        ).annotate(
            waiting=Count("unsent", filter=waits),
            dead=Count("unsent", filter=Q(unsent__state=State.DEAD)),
            oldest=Min("unsent__created_at", filter=waits),
        )


def _moment(when: datetime) -> str:
    """London time: “23 November 2026, 10:02”."""
    return formats.date_format(timezone.localtime(when), "j F Y, H:i")


class Destination(models.Model):
    """A system that deliveries go to, and whether it takes any at present."""

    class Connector(models.TextChoices):
        OPEN311 = "open311", "Open311 GeoReport v2"
        EMAIL = "email", "E-mail"
        WEBHOOK = "webhook", "Webhook"
        GOVUK_NOTIFY = "govuk_notify", "GOV.UK Notify (text messages)"

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
    template_ids = models.JSONField(
        "templates of GOV.UK Notify",
        default=dict,
        blank=True,
        validators=[check_template_ids],
        help_text='The id of each template: {"appointment_reminder": "9d751e0e-…"}.',
    )
    webhook_secret = models.CharField(
        max_length=100,
        blank=True,
        validators=[check_secret],
        help_text="What webhooks are signed with, in both directions; empty where there are none.",
    )
    concurrency = models.PositiveSmallIntegerField(default=4)
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=200, blank=True)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty where the portal paused it by itself.",
    )
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
                condition=Q(paused_at__isnull=False) | Q(pause_reason="", paused_by=None),
                name="%(app_label)s_destination_reason_while_paused",
                violation_error_message="Only a paused destination says who paused it and why.",
            ),
            models.CheckConstraint(
                condition=Q(webhook_secret="") | Q(("webhook_secret__startswith", PREFIX)),
                name="%(app_label)s_destination_webhook_secret_is_one",
                violation_error_message="A webhook secret starts with whsec_.",
            ),
            models.CheckConstraint(
                condition=~Q(connector="webhook") | ~Q(webhook_secret=""),
                name="%(app_label)s_destination_webhook_is_signed",
                violation_error_message="A webhook needs a secret to be signed with.",
            ),
            models.CheckConstraint(
                condition=Q(connector="email") | ~Q(endpoint=""),
                name="%(app_label)s_destination_has_an_address",
                violation_error_message="Say at which address the system is.",
            ),
            models.CheckConstraint(
                condition=~Q(connector="govuk_notify") | Q(("api_key__regex", NOTIFY_KEY)),
                name="%(app_label)s_destination_notify_key_is_one",
                violation_error_message="Enter the whole API key as GOV.UK Notify showed it: it "
                "ends with two ids.",
            ),
            models.CheckConstraint(
                condition=Exact(
                    Func(
                        F("template_ids"),
                        function="jsonb_typeof",
                        output_field=models.CharField(),
                    ),
                    Value("object"),
                ),
                name="%(app_label)s_destination_templates_have_names",
                violation_error_message=TEMPLATES,
            ),
            models.UniqueConstraint(
                fields=["connector"],
                condition=Q(connector="govuk_notify"),
                name="%(app_label)s_destination_one_for_texts",
                violation_error_message="There is a destination for text messages already.",
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
        """Whether it takes deliveries, in words: since when, by whom and why not, or from when."""
        if self.paused_at is not None:
            who = self.paused_by or "the portal"
            return f"Paused since {_moment(self.paused_at)} by {who}: {self.pause_reason}"
        rests = self.resting_until is not None and self.resting_until > timezone.now()
        next_try = _moment(self.resting_until) if rests and self.resting_until else "now"
        if self.failures >= self.FAILURES_BEFORE_REST:
            return f"Failing: next try {next_try}"
        return f"Working: asked to be left alone until {next_try}" if rests else WORKING

    @property
    def is_working(self) -> bool:
        """Whether nothing keeps it from taking deliveries now."""
        return self.standing == WORKING

    @property
    def admin_url(self) -> str:
        """The page where staff pause and resume it."""
        return reverse("admin:outbox_destination_change", args=[self.pk])
