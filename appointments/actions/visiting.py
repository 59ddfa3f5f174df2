"""What staff note on the day: who has arrived, who was called in, who did not come."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from django.db import transaction
from django.utils import timezone

from appointments import rules
from appointments.actions.locks import lock_appointment
from appointments.errors import CannotNote
from appointments.models import Appointment
from appointments.models.status import Status


class Note(Enum):
    """What can be noted, in the words of its button."""

    ARRIVED = "Arrived"
    CALLED_IN = "Called in"
    NO_SHOW = "Did not come"
    UNDO = "Undo"


# Who did not come may still come late.
FROM = {
    Note.ARRIVED: {Status.BOOKED, Status.NO_SHOW},
    Note.CALLED_IN: {Status.BOOKED, Status.ARRIVED},
    Note.NO_SHOW: {Status.BOOKED},
    Note.UNDO: {Status.ARRIVED, Status.ATTENDED, Status.NO_SHOW},
}
TO = {
    Note.ARRIVED: Status.ARRIVED,
    Note.CALLED_IN: Status.ATTENDED,
    Note.NO_SHOW: Status.NO_SHOW,
}


def notes_of(appointment: Appointment, now: datetime) -> list[Note]:
    """What can be noted now: nothing before its day, and no absence before its time."""
    if rules.local_day(appointment.starts_at) > rules.local_day(now):
        return []
    return [
        note
        for note, states in FROM.items()
        if appointment.status in states
        and (note is not Note.NO_SHOW or appointment.starts_at <= now)
    ]


@transaction.atomic
def take_note(*, appointment: Appointment, note: Note) -> Appointment:
    """Note it, with the time where somebody waits or is called; noting it again changes nothing.

    Raises CannotNote where it cannot be noted now.
    """
    now = timezone.now()
    fresh = lock_appointment(appointment)
    if fresh.status == TO.get(note):
        return fresh
    if note not in notes_of(fresh, now):
        raise CannotNote(fresh.reference)
    if note is Note.UNDO:
        _undo(fresh)
    else:
        fresh.status = TO[note]
        fresh.arrived_at = now if note is Note.ARRIVED else fresh.arrived_at
        fresh.seen_at = now if note is Note.CALLED_IN else None
    fresh.save(update_fields=["status", "arrived_at", "seen_at"])
    return fresh


def _undo(fresh: Appointment) -> None:
    """Back to what was true before."""
    waits = fresh.status == Status.ATTENDED and fresh.arrived_at is not None
    fresh.status = Status.ARRIVED if waits else Status.BOOKED
    fresh.seen_at = None
    if not waits:
        fresh.arrived_at = None
