"""What comes back: news of what was sent, as the destination said it."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from stockport.outbox.connectors.base import Update
from stockport.outbox.models.deliveries import Delivery
from stockport.outbox.models.destinations import Destination
from stockport.outbox.workflow import IllegalMove


class InboundUpdateQuerySet(models.QuerySet["InboundUpdate"]):
    """Inbound updates."""

    def due(self) -> InboundUpdateQuerySet:
        """What a service should hear of now, oldest news first."""
        waiting = self.filter(state=InboundUpdate.State.WAITING, due_at__lte=Now())
        return waiting.order_by("updated_at", "pk")

    def unclaimed(self) -> InboundUpdateQuerySet:
        """Quarantined because it is not known what they are about."""
        return self.filter(
            state=InboundUpdate.State.QUARANTINED, delivery=None, reason=InboundUpdate.UNKNOWN
        )

    def with_a_delivery(self) -> InboundUpdateQuerySet:
        """Those whose destination knows a delivery of ours under their reference."""
        same = Delivery.objects.known().filter(
            destination=OuterRef("destination"), remote_reference=OuterRef("remote_reference")
        )
        return self.filter(Exists(same))

    def destinations_to_hand_on(self) -> set[int]:
        """The ids of the destinations from which something came that can be handed on now."""
        ready = self.due().order_by(), self.unclaimed().with_a_delivery()
        return {pk for some in ready for pk in some.values_list("destination_id", flat=True)}


class InboundUpdate(models.Model):
    """News of one thing that was sent, written down once before anybody acts on it.

    The destination's words are its own affair: `status` is kept as it came. `description` may name
    people, so it is kept only until a service has taken it over or the update is dismissed.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for its service"
        APPLIED = "applied", "Applied"
        QUARANTINED = "quarantined", "Quarantined: needs attention"
        DISMISSED = "dismissed", "Dismissed"

    class Way(models.TextChoices):
        FETCHED = "fetched", "Fetched by us"
        WEBHOOK = "webhook", "Pushed by them"

    UNKNOWN = "No delivery of ours has this reference."
    NOBODYS = "No service knows this delivery."
    UNSETTLED = (State.WAITING, State.QUARANTINED)

    destination = models.ForeignKey(Destination, on_delete=models.PROTECT, related_name="updates")
    update_id = models.CharField(max_length=100, help_text="The destination’s id of it.")
    remote_reference = models.CharField(
        max_length=100, help_text="What the destination calls the thing that this is about."
    )
    status = models.CharField(
        max_length=100, blank=True, help_text="The destination’s own word, as it came."
    )
    code = models.CharField(
        "code of the reason", max_length=100, blank=True, help_text="The destination’s own."
    )
    description = models.TextField(blank=True, help_text="Empty once it is settled.")
    updated_at = models.DateTimeField(help_text="When it happened, says the destination.")
    received_at = models.DateTimeField(db_default=Now())
    way = models.CharField("how it came", max_length=10, choices=Way)
    # Of this very destination: a foreign key of both columns sees to it (migration 0006).
    delivery = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, null=True, blank=True, related_name="updates"
    )
    state = models.CharField(max_length=20, choices=State, default=State.QUARANTINED)
    reason = models.CharField(max_length=500, blank=True, help_text="Why it is not applied.")
    failures = models.PositiveIntegerField(default=0, help_text="Times that its service failed.")
    due_at = models.DateTimeField(db_default=Now(), help_text="While it waits: not before this.")
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = InboundUpdateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["destination", "update_id"],
                name="%(app_label)s_update_received_once",
                violation_error_message="This update has already been received.",
            ),
            models.CheckConstraint(
                condition=~Q(update_id="") & ~Q(remote_reference=""),
                name="%(app_label)s_update_names_what_it_is_about",
                violation_error_message="An update has an id and a reference.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "applied", "quarantined", "dismissed"])
                & Q(way__in=["fetched", "webhook"]),
                name="%(app_label)s_update_state_known",
                violation_error_message="An update has one of the known states and ways.",
            ),
            models.CheckConstraint(
                condition=Q(state="applied", applied_at__isnull=False)
                | (~Q(state="applied") & Q(applied_at=None)),
                name="%(app_label)s_update_applied_has_time",
                violation_error_message="An applied update says when it was applied.",
            ),
            models.CheckConstraint(
                condition=Q(delivery__isnull=False) | Q(state__in=["quarantined", "dismissed"]),
                name="%(app_label)s_update_applied_to_a_delivery",
                violation_error_message="Only an update of a known delivery can be applied.",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") | Q(state__in=["waiting", "applied"]),
                name="%(app_label)s_update_says_why_not",
                violation_error_message="Say why the update is not applied.",
            ),
            models.CheckConstraint(
                condition=Q(description="") | Q(state__in=["waiting", "quarantined"]),
                name="%(app_label)s_update_settled_without_text",
                violation_error_message="The text of a settled update is not kept.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["destination", "due_at"],
                condition=Q(state="waiting"),
                name="outbox_update_due",
            ),
            models.Index(
                fields=["destination", "remote_reference"],
                condition=Q(state="quarantined"),
                name="outbox_update_quarantined",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.update_id} of {self.remote_reference}"

    @property
    def news(self) -> Update:
        """What it says, as a service hears it."""
        return Update(
            update_id=self.update_id,
            remote_reference=self.remote_reference,
            status=self.status,
            description=self.description,
            updated_at=self.updated_at,
            code=self.code,
        )

    def wait_for(self, delivery: Delivery) -> None:
        """Be about this delivery, and due at once, unsaved; raises IllegalMove once settled."""
        self._check_unsettled()
        self.state, self.delivery, self.reason = self.State.WAITING, delivery, ""
        self.failures, self.due_at = 0, Now()

    def settle(self) -> None:
        """Become applied, unsaved; raises IllegalMove once settled."""
        self._check_unsettled()
        self.state, self.applied_at = self.State.APPLIED, Now()
        self.reason = self.description = ""

    def quarantine(self, reason: str) -> None:
        """Become a matter for staff, unsaved; raises IllegalMove once settled."""
        self._check_unsettled()
        self.state, self.reason = self.State.QUARANTINED, reason

    def dismiss(self, reason: str) -> None:
        """Never be applied, unsaved; raises IllegalMove once settled."""
        self._check_unsettled()
        self.state, self.reason, self.description = self.State.DISMISSED, reason, ""

    def _check_unsettled(self) -> None:
        if self.state not in self.UNSETTLED:
            raise IllegalMove(f"This update is settled: {self.get_state_display().lower()}.")
