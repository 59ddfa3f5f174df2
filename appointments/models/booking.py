"""An Appointment, and the five-minute cells that make it the only one at its desk."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from appointments.models import status
from appointments.models.invariants import CELL_SECONDS, INVARIANTS, LONGEST
from appointments.models.offer import Service
from appointments.models.place import Channel, Desk

if TYPE_CHECKING:
    from accounts.models import Resident

# No vowels and no look-alikes: a reference is read out over the phone and spells no word.
ALPHABET = "23456789BCDFGHJKMNPQRTVWXY"


def new_reference() -> str:
    """An unguessable reference such as “AP-7KQ2-MX9D-4T” (10 of 26 signs: 47 bits)."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(10))
    return f"AP-{signs[:4]}-{signs[4:8]}-{signs[8:]}"


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments: booked, held while somebody answers, or over."""

    def for_resident(self, resident: Resident) -> AppointmentQuerySet:
        """This resident's appointments, in every state."""
        return self.filter(resident=resident)

    def with_place(self) -> AppointmentQuerySet:
        """With service, desk and location, for showing."""
        return self.select_related("service", "desk__location")

    def kept(self) -> AppointmentQuerySet:
        """All that were booked, whatever became of them; no mere holds."""
        return self.exclude(status__in=status.DRAFTS)

    def booked(self) -> AppointmentQuerySet:
        """Those that stand and whose resident has not arrived."""
        return self.filter(status=status.Status.BOOKED)

    def standing(self) -> AppointmentQuerySet:
        """Those that were not cancelled, past and future."""
        return self.filter(status__in=status.STANDING)

    def upcoming(self, now: datetime) -> AppointmentQuerySet:
        """Those that are still to come or under way, soonest first."""
        return self.filter(status__in=status.TO_COME, ends_at__gt=now).order_by("starts_at")

    def past(self, now: datetime) -> AppointmentQuerySet:
        """Those that are over or cancelled, latest first."""
        over = Q(ends_at__lte=now) | ~Q(status__in=status.TO_COME)
        return self.kept().filter(over).order_by("-starts_at")

    def live(self, now: datetime) -> AppointmentQuerySet:
        """Those that keep others out: standing, in a hold or a rest that has not run out."""
        held = Q(status=status.Status.HELD, hold_expires_at__gt=now)
        return self.filter(Q(status__in=status.STANDING) | held | Q(rests_until__gt=now))

    def lapsed(self, now: datetime) -> AppointmentQuerySet:
        """Holds that have run out and still have their cells."""
        return self.filter(status=status.Status.HELD, hold_expires_at__lte=now)

    def rested(self, now: datetime) -> AppointmentQuerySet:
        """Cancelled ones that have rested long enough and still have their cells."""
        return self.filter(rests_until__lte=now)

    def overlapping(self, start: datetime, end: datetime) -> AppointmentQuerySet:
        """Those whose desk is busy at some moment from start to end, end excluded."""
        return self.filter(busy_from__lt=end, busy_to__gt=start, busy_to__lt=end + LONGEST)


class Appointment(models.Model):
    """A resident's time with the council. Times are on 5-minute marks; `busy` adds the buffers."""

    Status = status.Status

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
    status = models.CharField(max_length=25, choices=status.Status, default=status.Status.HELD)
    hold_expires_at = models.DateTimeField(null=True, blank=True)
    booked_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    rests_until = models.DateTimeField(
        null=True, blank=True, help_text="Cancelled, but nobody can have its time until then."
    )
    cancel_reason = models.CharField(max_length=200, blank=True)
    asked_to_move_at = models.DateTimeField(
        "asked to choose another time", null=True, blank=True, help_text="Its desk is closed then."
    )
    arrived_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField("called in at", null=True, blank=True)
    caller_name = models.CharField(
        "name", max_length=100, blank=True, help_text="Of somebody without an account."
    )
    caller_email = models.EmailField("e-mail address", max_length=254, blank=True)
    overbook_reason = models.CharField(
        "why it is booked over what is full", max_length=200, blank=True
    )
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
    text_to = models.CharField(
        "text reminders to",
        max_length=13,
        blank=True,
        help_text="A UK mobile number such as +447700900123, where texts are wanted.",
    )
    address = models.TextField("address to visit", max_length=300, blank=True)
    notes = models.TextField("anything else", max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    anonymised_at = models.DateTimeField(null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            *INVARIANTS,
            models.UniqueConstraint(
                fields=["resident"],
                condition=Q(status="held"),
                name="%(app_label)s_appointment_one_hold",
                violation_error_message="A resident holds one time at a time.",
            ),
        ]
        permissions = [
            ("overbook_appointment", "Can book an appointment over what is full"),
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
        """The full address, of the location or of the resident, otherwise the channel."""
        if self.channel == Channel.IN_PERSON:
            return self.desk.location.full_address
        if self.address:
            return f"{Channel.HOME.label}: {', '.join(self.address.splitlines())}"
        return Channel(self.channel).label

    @property
    def public_place(self) -> str:
        """For a calendar that others may see: the building, or the channel without an address."""
        return self.where if self.channel == Channel.IN_PERSON else self.place_name

    @property
    def who(self) -> str:
        """For staff: the resident's e-mail address, or the name of somebody without an account."""
        return self.resident.email if self.resident else self.caller_name or "Nobody, or forgotten"

    @property
    def email(self) -> str:
        """Where to write to, or nothing."""
        return self.resident.email if self.resident else self.caller_email

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

    def is_ahead(self, now: datetime) -> bool:
        """Whether it is booked and not over, so that staff can still move or cancel it."""
        return self.status == self.Status.BOOKED and self.ends_at > now

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
