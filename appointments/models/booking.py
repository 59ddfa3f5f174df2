"""An Appointment, and the five-minute cells that make it the only one at its desk."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Mod
from django.db.models.lookups import Exact
from django.urls import reverse

from appointments.models.offer import Service
from appointments.models.place import Channel, Desk

if TYPE_CHECKING:
    from accounts.models import Resident

CELL_SECONDS = 300
# No vowels and no look-alikes: a reference is read out over the phone and spells no word.
ALPHABET = "23456789BCDFGHJKMNPQRTVWXY"


def new_reference() -> str:
    """An unguessable reference such as “AP-7KQ2-MX9D-4T” (10 of 26 signs: 47 bits)."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(10))
    return f"AP-{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def _on_the_grid(field: str) -> models.CheckConstraint:
    seconds = models.Func(
        F(field),
        template="EXTRACT(EPOCH FROM %(expressions)s)",
        output_field=models.DecimalField(),
    )
    return models.CheckConstraint(
        condition=Exact(Mod(seconds, Value(CELL_SECONDS)), Value(0)),
        name=f"%(app_label)s_appointment_{field}_on_grid",
        violation_error_message="Appointments begin and end on a multiple of 5 minutes.",
    )


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments: booked, held while somebody answers, or over."""

    def for_resident(self, resident: Resident) -> AppointmentQuerySet:
        """This resident's appointments, in every state."""
        return self.filter(resident=resident)

    def with_place(self) -> AppointmentQuerySet:
        """With service, desk and location, for showing."""
        return self.select_related("service", "desk__location")

    def kept(self) -> AppointmentQuerySet:
        """Booked ones and those that were cancelled after being booked; no mere holds."""
        return self.exclude(status__in=[Appointment.Status.HELD, Appointment.Status.EXPIRED])

    def booked(self) -> AppointmentQuerySet:
        """Those that stand, past and future."""
        return self.filter(status=Appointment.Status.BOOKED)

    def upcoming(self, now: datetime) -> AppointmentQuerySet:
        """Booked ones that are not over, soonest first."""
        return self.booked().filter(ends_at__gt=now).order_by("starts_at")

    def past(self, now: datetime) -> AppointmentQuerySet:
        """Those that are over or cancelled, latest first."""
        over = Q(ends_at__lte=now) | ~Q(status=Appointment.Status.BOOKED)
        return self.kept().filter(over).order_by("-starts_at")

    def live(self, now: datetime) -> AppointmentQuerySet:
        """Those that keep others out: booked, or held by a hold that has not run out."""
        held = Q(status=Appointment.Status.HELD, hold_expires_at__gt=now)
        return self.filter(Q(status=Appointment.Status.BOOKED) | held)

    def lapsed(self, now: datetime) -> AppointmentQuerySet:
        """Holds that have run out and still have their cells."""
        return self.filter(status=Appointment.Status.HELD, hold_expires_at__lte=now)

    def overlapping(self, start: datetime, end: datetime) -> AppointmentQuerySet:
        """Those whose desk is busy at some moment from start to end, end excluded."""
        return self.filter(busy_from__lt=end, busy_to__gt=start)


class Appointment(models.Model):
    """A resident's time with the council. Times are on 5-minute marks; `busy` adds the buffers."""

    class Status(models.TextChoices):
        HELD = "held", "Held"
        BOOKED = "booked", "Booked"
        CANCELLED_BY_RESIDENT = "cancelled_by_resident", "Cancelled by you"
        CANCELLED_BY_COUNCIL = "cancelled_by_council", "Cancelled by the council"
        EXPIRED = "expired", "Not booked in time"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    resident = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="appointments"
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="appointments")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="appointments")
    lane = models.PositiveSmallIntegerField(default=0)
    channel = models.CharField(max_length=10, choices=Channel)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    busy_from = models.DateTimeField(help_text="Start, less the minutes to prepare.")
    busy_to = models.DateTimeField(help_text="End, and the minutes to write up.")
    status = models.CharField(max_length=25, choices=Status, default=Status.HELD)
    hold_expires_at = models.DateTimeField(null=True, blank=True)
    booked_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True)
    ical_sequence = models.PositiveIntegerField(default=0)
    people = models.PositiveSmallIntegerField(default=1, help_text="How many it is for.")
    needs_bsl = models.BooleanField("British Sign Language interpreter", default=False)
    needs_interpreter = models.BooleanField("interpreter", default=False)
    language = models.CharField(max_length=60, blank=True)
    needs_step_free = models.BooleanField("step-free access", default=False)
    needs_hearing_loop = models.BooleanField("hearing loop", default=False)
    needs_quiet_room = models.BooleanField("quiet room", default=False)
    needs_longer = models.BooleanField("longer appointment", default=False)
    brings_someone = models.BooleanField("somebody comes with me", default=False)
    phone = models.CharField("phone number", max_length=30, blank=True)
    notes = models.TextField("anything else", max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    anonymised_at = models.DateTimeField(null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            *map(_on_the_grid, ("starts_at", "ends_at", "busy_from", "busy_to")),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"))
                & Q(busy_from__lte=F("starts_at"), busy_to__gte=F("ends_at")),
                name="%(app_label)s_appointment_times_in_order",
                violation_error_message="An appointment ends after its start, within busy time.",
            ),
            models.CheckConstraint(
                condition=Q(status="held", hold_expires_at__isnull=False)
                | (~Q(status="held") & Q(hold_expires_at=None)),
                name="%(app_label)s_appointment_only_holds_expire",
                violation_error_message="A hold, and only a hold, has a time when it runs out.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["held", "expired"], booked_at=None)
                | (~Q(status__in=["held", "expired"]) & Q(booked_at__isnull=False)),
                name="%(app_label)s_appointment_booked_has_time",
                violation_error_message="What was booked says when; a hold was not booked.",
            ),
            models.CheckConstraint(
                condition=Q(status__startswith="cancelled", cancelled_at__isnull=False)
                | (~Q(status__startswith="cancelled") & Q(cancelled_at=None)),
                name="%(app_label)s_appointment_cancelled_has_time",
                violation_error_message="A cancelled appointment, and only that, says when.",
            ),
            models.CheckConstraint(
                condition=Q(people__range=(1, 12)),
                name="%(app_label)s_appointment_people_1_to_12",
                violation_error_message="An appointment is for 1 to 12 people.",
            ),
            models.CheckConstraint(
                condition=Q(needs_interpreter=True) | Q(language=""),
                name="%(app_label)s_appointment_language_for_interpreter",
                violation_error_message="A language is kept only for an interpreter.",
            ),
            models.CheckConstraint(
                condition=~Q(status="booked", needs_interpreter=True, language=""),
                name="%(app_label)s_appointment_interpreter_has_language",
                violation_error_message="Say which language the interpreter speaks.",
            ),
            models.CheckConstraint(
                condition=~Q(status="booked", channel="phone", phone="", anonymised_at=None),
                name="%(app_label)s_appointment_phone_has_number",
                violation_error_message="A phone appointment has a number to call.",
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at=None) | Q(resident=None, phone="", notes="", language=""),
                name="%(app_label)s_appointment_anonymised_names_nobody",
                violation_error_message="An anonymised appointment says nothing of the resident.",
            ),
            models.UniqueConstraint(
                fields=["resident"],
                condition=Q(status="held"),
                name="%(app_label)s_appointment_one_hold",
                violation_error_message="A resident holds one time at a time.",
            ),
        ]
        indexes = [
            models.Index(fields=["desk", "busy_to"], name="appointments_desk_busy"),
            models.Index(fields=["resident", "starts_at"], name="appointments_resident_start"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("appointments:detail", args=[self.uuid])

    @property
    def cells(self) -> range:
        """The 5-minute cells, counted from 1970 in UTC, in which its desk is busy."""
        return range(
            int(self.busy_from.timestamp()) // CELL_SECONDS,
            int(self.busy_to.timestamp()) // CELL_SECONDS,
        )

    @property
    def place_name(self) -> str:
        """Where it happens: the location in person, otherwise the channel."""
        if self.channel == Channel.IN_PERSON:
            return self.desk.location.name
        return Channel(self.channel).label

    @property
    def where(self) -> str:
        """The full address in person, otherwise the channel."""
        if self.channel == Channel.IN_PERSON:
            return self.desk.location.full_address
        return Channel(self.channel).label

    @property
    def is_cancelled(self) -> bool:
        """Whether the resident or the council has cancelled it."""
        return self.cancelled_at is not None

    @property
    def minutes(self) -> int:
        """How long it is, without what its desk needs before and after."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def minutes_needed(self) -> int:
        """How long it should be, for the people and the needs that were said."""
        return self.service.minutes(people=self.people, longer=self.needs_longer)

    def can_be_cancelled(self, now: datetime) -> bool:
        """Whether its resident can still cancel it, under the service's notice."""
        in_time = now <= self.starts_at - self.service.cutoff
        return self.status == self.Status.BOOKED and in_time

    def can_be_moved(self, now: datetime) -> bool:
        """Whether its resident can still move it: the notice is that of cancelling."""
        return self.service.active and self.can_be_cancelled(now)

    def occupied(self) -> list[OccupiedCell]:
        """Its cells as rows to insert, in ascending order so that two inserts never deadlock."""
        return [
            OccupiedCell(desk_id=self.desk_id, lane=self.lane, cell=cell, appointment=self)
            for cell in self.cells
        ]


class OccupiedCell(models.Model):
    """Five minutes of one lane of a desk: at most one appointment can have it (the proof)."""

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+", db_index=False)
    lane = models.PositiveSmallIntegerField()
    cell = models.BigIntegerField(help_text="Unix seconds divided by 300.")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "lane", "cell"],
                name="%(app_label)s_occupiedcell_unique",
                violation_error_message="Somebody has just booked that time.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.desk_id}/{self.lane}/{self.cell}"
