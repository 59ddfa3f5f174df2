"""The public face of this app: its card, its dates, and what it holds about a resident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from appointments import erasing, rules
from appointments.models import Appointment, EarlierOffer, Waiting
from stockport.services import Card, DatedEntry, Erasure, Notice, Service
from stockport.templatetags.portal import moment

if TYPE_CHECKING:
    from django.db.models import Model

    from accounts.models import Resident

SOON = timedelta(days=2)
WAITING = ("appointment", "mornings", "afternoons", "anywhere", "created_at")
OFFERED = ("appointment", "starts_at", "instead", "state", "made_at", "expires_at")
EXPORTED = (
    "reference",
    "status",
    "channel",
    "starts_at",
    "ends_at",
    "booked_at",
    "cancelled_at",
    "cancel_reason",
    "asked_to_move_at",
    "arrived_at",
    "seen_at",
    "overbook_reason",
    "people",
    "needs_bsl",
    "needs_interpreter",
    "language",
    "needs_step_free",
    "needs_hearing_loop",
    "needs_quiet_room",
    "needs_longer",
    "brings_someone",
    "phone",
    "text_to",
    "address",
    "notes",
    "created_at",
)


class Appointments(Service):
    """Any appointment with the council."""

    slug = "appointments"
    records_of_people = {
        "appointments.appointment": ("resident",),
        "appointments.earlieroffer": ("appointment__resident",),
        "appointments.occupiedcell": ("appointment__resident",),
        "appointments.sentreminder": ("appointment__resident",),
        "appointments.waiting": ("appointment__resident",),
    }
    title = "Appointments"
    summary = "Book, see, change or cancel an appointment with the council."
    is_open = True
    notices = (
        Notice("appointment_booked", "Your appointment is booked", can_disable=False),
        Notice("appointment_moved", "Your appointment is at another time", can_disable=False),
        Notice("appointment_offer", "Another time is kept for you", can_disable=False),
        Notice("appointment_reminder", "A reminder of your appointment", can_disable=False),
        Notice("appointment_cancelled", "Your appointment is cancelled", can_disable=False),
    )

    def card(self, resident: Resident) -> Card | None:
        """The next appointment; an invitation to book where there is none."""
        now = timezone.now()
        ahead = Appointment.objects.for_resident(resident).upcoming(now).with_place().first()
        if ahead is None:
            return Card(self.title, reverse(self.url_name), "You have no appointments coming up.")
        return Card(
            self.title,
            ahead.get_absolute_url(),
            f"{ahead.service.name}, {moment(ahead.starts_at)}",
            detail=ahead.place_name,
            urgent=ahead.starts_at - now < SOON,
        )

    def dates(self, resident: Resident, start: date, end: date) -> Iterable[DatedEntry]:
        """Booked appointments that begin from start to end, both included."""
        first, after = rules.midnight(start), rules.midnight(end + timedelta(days=1))
        mine = Appointment.objects.for_resident(resident).standing().with_place()
        for made in mine.filter(starts_at__gte=first, starts_at__lt=after).order_by("starts_at"):
            yield DatedEntry(
                made.starts_at,
                made.service.name,
                made.get_absolute_url(),
                uid=f"appointment-{made.uuid}",
                detail=made.place_name,
                ends=made.ends_at,
                public_title=made.service.public_title,
                place=made.public_place,
            )

    def export(self, resident: Resident) -> Iterable[tuple[str, list[Mapping[str, Any]]]]:
        """Every appointment, holds included, with the answers given."""
        mine = Appointment.objects.for_resident(resident).with_place().order_by("starts_at", "pk")
        rows: list[Mapping[str, Any]] = [
            {"service": made.service.name, "where": made.where}
            | {name: _plain(getattr(made, name)) for name in EXPORTED}
            for made in mine
        ]
        return [
            ("appointments", rows),
            ("appointments_waiting_for_an_earlier_time", _rows(_waiting(resident), WAITING)),
            ("appointments_offered_earlier", _rows(_offered(resident), OFFERED)),
        ]

    def erase(self, resident: Resident) -> Erasure:
        """Future ones are cancelled, holds deleted, the rest counted without naming anybody."""
        return erasing.erase(resident)


def _waiting(resident: Resident) -> Iterable[Waiting]:
    return Waiting.objects.for_resident(resident).select_related("appointment")


def _offered(resident: Resident) -> Iterable[EarlierOffer]:
    return EarlierOffer.objects.for_resident(resident).select_related("appointment")


def _rows(found: Iterable[Model], names: Iterable[str]) -> list[Mapping[str, Any]]:
    return [{name: _plain(getattr(row, name)) for name in names} for row in found]


def _plain(value: object) -> object:
    if isinstance(value, Appointment):
        return value.reference
    return value.isoformat() if isinstance(value, datetime) else value


service = Appointments()
