"""What goes there, and every try."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, TypeAlias

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from stockport.outbox import workflow
from stockport.outbox.models.destinations import Destination
from stockport.outbox.workflow import State, Step, check_move

if TYPE_CHECKING:
    from accounts.models import Resident


FAILED = (State.RETRY, State.UNKNOWN, State.DEAD)


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

    def within_slots(self, destination: Destination) -> DeliveryQuerySet:
        """These, as long as the destination has fewer under way than it has slots."""
        under_way = Delivery.objects.filter(destination=destination, state=State.LEASED)
        number = under_way.values("destination").annotate(number=Count("pk")).values("number")
        return self.alias(under_way=Coalesce(number, 0)).filter(under_way__lt=destination.slots)

    def known(self) -> DeliveryQuerySet:
        """What its destination knows under a reference of its own, without what follows it.

        The reference of a follower, such as a photo, is from another series of numbers.
        """
        return self.filter(~Q(remote_reference=""), depends_on=None)

    def retriable(self) -> DeliveryQuerySet:
        """What staff may have tried again at once."""
        return self.filter(state__in=workflow.RETRIABLE)

    def abandoned(self) -> DeliveryQuerySet:
        """Whose worker said nothing for as long as its lease: it may have been sent."""
        return self.filter(state=State.LEASED, leased_until__lte=Now())


class Delivery(models.Model):
    """One thing that must reach one destination once. Its id is every try's idempotency key."""

    State: TypeAlias = workflow.State
    Step: TypeAlias = workflow.Step
    WAITING = workflow.WAITING

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
            # Updates find a delivery by this. What follows a report is known there as part of it.
            models.UniqueConstraint(
                fields=["destination", "remote_reference"],
                condition=~Q(remote_reference="") & Q(depends_on=None),
                name="%(app_label)s_delivery_reference_is_one",
                violation_error_message="Another delivery has this reference there.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["destination", "next_attempt_at"],
                condition=Q(state__in=["pending", "retry", "unknown", "accepted_id_pending"]),
                name="outbox_delivery_due",
            ),
            models.Index(
                fields=["destination", "created_at"],
                condition=Q(state="dead"),
                name="outbox_delivery_dead",
            ),
            models.Index(
                fields=["leased_until"], condition=Q(state="leased"), name="outbox_delivery_leased"
            ),
            models.Index(
                fields=["destination", "remote_reference"],
                condition=~Q(remote_reference=""),
                name="outbox_delivery_known_as",
            ),
            # All that was sent about one thing.
            models.Index(
                fields=["reference"], condition=~Q(reference=""), name="outbox_delivery_about"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference or self.pk}"

    @property
    def in_doubt(self) -> bool:
        """That the destination may already have it."""
        return self.next_step == Step.FIND

    @property
    def waits_because(self) -> str:
        """Why it is not sent yet: its own reason, what it follows, or how its destination is."""
        if self.reason or self.state not in self.WAITING:
            return self.reason
        if self.depends_on and self.depends_on.state != State.SENT:
            return f"Follows {self.depends_on}, which is not sent yet."
        return "" if self.destination.is_working else self.destination.standing

    def move_to(self, state: State) -> None:
        """Change the state, unsaved; raises workflow.IllegalMove where no arrow leads there."""
        check_move(State(self.state), state)
        self.state = state
        if state != State.LEASED:
            self.lease = self.leased_until = None


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """Tries."""

    def failed(self) -> AttemptQuerySet:
        """Those that did not come to what was wanted; “it is not there” answers a look-up."""
        return self.filter(outcome__in=FAILED).exclude(step=Step.FIND, outcome=State.RETRY)


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

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "number"],
                name="%(app_label)s_attempt_number_unique",
                violation_error_message="This try is already recorded.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-started_at"],
                condition=Q(outcome__in=["retry", "unknown", "dead"]),
                name="outbox_attempt_failed",
            ),
            # What the retention task looks for: small, because it empties the old ones.
            models.Index(
                fields=["delivery"], condition=~Q(answer=""), name="outbox_attempt_answered"
            ),
        ]

    def __str__(self) -> str:
        return f"Try {self.number} of {self.delivery_id}"
