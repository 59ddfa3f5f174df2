"""Everything that leaves the portal (architecture, section 6): where to, what, and every try."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, TypeAlias

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, F, Min, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from stockport.outbox import workflow
from stockport.outbox.workflow import State, Step, check_move

if TYPE_CHECKING:
    from accounts.models import Resident


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
        waits = Q(deliveries__state__in=Delivery.WAITING)
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
        null=True, blank=True, help_text="The newest update that has been applied."
    )

    objects = DestinationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(concurrency__gte=1),
                name="%(app_label)s_destination_concurrency_positive",
                violation_error_message="At least one delivery must be allowed at a time.",
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


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries."""

    def for_resident(self, resident: Resident) -> DeliveryQuerySet:
        """What was sent on behalf of, or to, this resident."""
        return self.filter(resident=resident)

    def due(self) -> DeliveryQuerySet:
        """What may be tried now; a follower only once what it follows is sent."""
        return self.filter(
            Q(depends_on=None) | Q(depends_on__state=State.SENT),
            state__in=Delivery.WAITING,
            next_attempt_at__lte=Now(),
        )

    def abandoned(self) -> DeliveryQuerySet:
        """Whose worker said nothing for as long as its lease: it may have been sent."""
        return self.filter(state=State.LEASED, leased_until__lte=Now())


class Delivery(models.Model):
    """One thing that must reach one destination once. Its id is every try's idempotency key."""

    State: TypeAlias = workflow.State
    Step: TypeAlias = workflow.Step
    WAITING = (State.PENDING, State.RETRY, State.UNKNOWN, State.ID_PENDING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    destination = models.ForeignKey(
        Destination, on_delete=models.PROTECT, related_name="deliveries"
    )
    kind = models.CharField(max_length=40, help_text="What it is, such as “street_report”.")
    reference = models.CharField(max_length=40, blank=True, help_text="Our own reference.")
    resident = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    payload = models.JSONField()
    depends_on = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followers"
    )
    state = models.CharField(max_length=20, choices=State, default=State.PENDING)
    next_step = models.CharField(max_length=10, choices=Step, default=Step.SEND)
    attempt_count = models.PositiveIntegerField(default=0)
    # The database's clock, so that a wrong clock on a web server neither delays nor hurries.
    next_attempt_at = models.DateTimeField(db_default=Now())
    fresh_at = models.DateTimeField(
        db_default=Now(), help_text="Made, or put back by staff: its age counts from here."
    )
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    remote_reference = models.CharField(max_length=100, blank=True)
    remote_token = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=500, blank=True, help_text="Why it is not sent yet.")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="leased", lease__isnull=False, leased_until__isnull=False)
                | (~Q(state="leased") & Q(lease=None, leased_until=None)),
                name="%(app_label)s_delivery_lease_while_leased",
                violation_error_message="A delivery has a lease exactly while it is being sent.",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at=None)),
                name="%(app_label)s_delivery_sent_has_time",
                violation_error_message="A sent delivery says when it was sent.",
            ),
            models.CheckConstraint(
                condition=Q(state="unknown", next_step="find")
                | Q(state="accepted_id_pending", next_step="poll")
                | Q(state__in=["pending", "retry"], next_step="send")
                | ~Q(state__in=["unknown", "accepted_id_pending", "pending", "retry"]),
                name="%(app_label)s_delivery_step_fits_state",
                violation_error_message="A delivery whose answer was lost is never sent again.",
            ),
            models.CheckConstraint(
                condition=~Q(next_step="poll") | ~Q(remote_token=""),
                name="%(app_label)s_delivery_poll_has_token",
                violation_error_message="Only a token can be asked for its reference.",
            ),
            models.CheckConstraint(
                condition=~Q(depends_on=F("id")),
                name="%(app_label)s_delivery_not_its_own_follower",
                violation_error_message="A delivery cannot wait for itself.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["destination", "next_attempt_at"],
                condition=Q(state__in=["pending", "retry", "unknown", "accepted_id_pending"]),
                name="outbox_delivery_due",
            ),
            models.Index(
                fields=["leased_until"], condition=Q(state="leased"), name="outbox_delivery_leased"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference or self.pk}"

    @property
    def in_doubt(self) -> bool:
        """That the destination may already have it."""
        return self.next_step == Step.FIND

    def move_to(self, state: State) -> None:
        """Change the state, unsaved; raises workflow.IllegalMove where no arrow leads there."""
        check_move(State(self.state), state)
        self.state = state
        if state != State.LEASED:
            self.lease = self.leased_until = None


class Attempt(models.Model):
    """One try at a delivery and what the destination answered, redacted."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=10, choices=Step, default=Step.SEND)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True, choices=State)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.TextField(
        blank=True, help_text="The start of the answer, without personal data."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "number"],
                name="%(app_label)s_attempt_number_unique",
                violation_error_message="This try is already recorded.",
            ),
        ]

    def __str__(self) -> str:
        return f"Try {self.number} of {self.delivery_id}"
