"""Waiting for an earlier time: who would like one, and what each of them has been offered."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from appointments import rules
from appointments.models.booking import Appointment
from appointments.models.place import Desk

if TYPE_CHECKING:
    from accounts.models import Resident

NOON = 12


# What was offered is no use where the appointment does not stand, where the time is not earlier, or
# where one that is offered instead is not needed: another one was chosen.
USELESS = (
    ~Q(appointment__status=Appointment.Status.BOOKED)
    | Q(instead=False, appointment__starts_at__lte=F("starts_at"))
    | Q(instead=True, appointment__asked_to_move_at=None)
)


class EarlierOfferQuerySet(models.QuerySet["EarlierOffer"]):
    """Offers of earlier times."""

    def for_resident(self, resident: Resident) -> EarlierOfferQuerySet:
        """What this resident has been offered."""
        return self.filter(appointment__resident=resident)

    def pending(self) -> EarlierOfferQuerySet:
        """Those that nobody has answered and that have not been given to the next."""
        return self.filter(state=EarlierOffer.State.PENDING)

    def useful(self) -> EarlierOfferQuerySet:
        """Pending ones of a time that the resident could still want."""
        return self.pending().exclude(USELESS)

    def over(self, now: datetime) -> EarlierOfferQuerySet:
        """Pending ones whose time to answer is up, or that are no use to the resident any more."""
        return self.pending().filter(Q(expires_at__lte=now) | USELESS)


class EarlierOffer(models.Model):
    """A time that is really kept for one resident until they answer.

    It is an earlier one, for who waits for that, or one instead of theirs, whose desk is closed.
    """

    class State(models.TextChoices):
        PENDING = "pending", "Waiting for an answer"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        EXPIRED = "expired", "Not answered in time"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    appointment = models.ForeignKey(
        Appointment, on_delete=models.CASCADE, related_name="earlier_offers"
    )
    held = models.OneToOneField(
        Appointment, on_delete=models.SET_NULL, null=True, blank=True, related_name="offered_as"
    )
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    instead = models.BooleanField(
        "instead of theirs", default=False, help_text="The desk of their appointment is closed."
    )
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(help_text="Until when the resident can answer.")

    objects = EarlierOfferQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment"],
                condition=Q(state="pending"),
                name="%(app_label)s_earlieroffer_one_at_a_time",
                violation_error_message="A resident is offered one time at a time.",
            ),
            models.UniqueConstraint(
                fields=["appointment", "desk", "starts_at"],
                name="%(app_label)s_earlieroffer_never_twice",
                violation_error_message="The resident has been offered this time before.",
            ),
            models.CheckConstraint(
                condition=~Q(state="pending", held=None),
                name="%(app_label)s_earlieroffer_keeps_its_time",
                violation_error_message="A time that is offered is kept until it is answered.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment}: {self.starts_at:%Y-%m-%d %H:%M} (UTC)"

    def get_absolute_url(self) -> str:
        return reverse("appointments:offer", args=[self.uuid])


class WaitingQuerySet(models.QuerySet["Waiting"]):
    """Who waits."""

    def for_resident(self, resident: Resident) -> WaitingQuerySet:
        """What this resident waits for."""
        return self.filter(appointment__resident=resident)

    def at_desk(self, desk: Desk, now: datetime) -> WaitingQuerySet:
        """Those whom this desk could see, without an offer to answer, the longest wait first."""
        pending = EarlierOffer.objects.pending().filter(appointment=OuterRef("appointment"))
        offers = {
            "appointment__service__offers__desk": desk,
            "appointment__service__offers__channel": F("appointment__channel"),
        }
        waiting = self.filter(
            ~Exists(pending),
            **offers,
            appointment__status=Appointment.Status.BOOKED,
            appointment__starts_at__gt=now,
        )
        related = ("appointment__service", "appointment__desk", "appointment__resident")
        return waiting.select_related(*related).order_by("created_at", "pk")


class Waiting(models.Model):
    """That a resident would like an earlier time for a booked appointment, and which would do."""

    appointment = models.OneToOneField(
        Appointment, on_delete=models.CASCADE, related_name="waiting"
    )
    mornings = models.BooleanField(default=True)
    afternoons = models.BooleanField(default=True, help_text="From midday.")
    anywhere = models.BooleanField("at any place", default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WaitingQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "waiting for an earlier time"
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mornings=True) | Q(afternoons=True),
                name="%(app_label)s_waiting_some_time_suits",
                violation_error_message="Choose mornings, afternoons or both.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.appointment)

    def suits(self, starts_at: datetime, desk: Desk) -> bool:
        """Whether this time at this desk is earlier and is one that the resident would take."""
        booked = self.appointment
        here = self.anywhere or desk.location_id == booked.desk.location_id
        early = starts_at.astimezone(rules.LONDON).hour < NOON
        return (
            here and starts_at < booked.starts_at and (self.mornings if early else self.afternoons)
        )
