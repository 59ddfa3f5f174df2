"""What becomes of an appointment whose desk is closed: another desk, another time, or an end."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from enum import Enum

from django.db import transaction
from django.utils import timezone

from appointments import mail
from appointments.actions.cancelling import cancel
from appointments.actions.locks import lock_appointment
from appointments.actions.moving import move
from appointments.errors import AppointmentError, ChangedMeanwhile
from appointments.models import Appointment
from appointments.places import equal_place
from appointments.stranded import is_stranded

# Who is asked to choose another time has this long to do so, and to have it arranged.
TIME_TO_CHOOSE = timedelta(days=1)


class Fate(Enum):
    """What was done, or would be, in the words that staff read."""

    MOVED = "Moved to an equal desk at the same time"
    ASKED = "Asked by e-mail to choose another time"
    WAITS = "Was asked, and has not chosen yet"
    CANCELLED = "Cancelled, by e-mail"
    PHONE = "To phone: there is no e-mail address"
    SETTLED = "Nothing to do any more"


def fate_without_desk(appointment: Appointment, *, cancel_rest: bool = False) -> Fate:
    """What to do where no equal desk is free: ask, else cancel, and nobody unheard."""
    if not appointment.email:
        return Fate.PHONE
    if cancel_rest or appointment.starts_at < timezone.now() + TIME_TO_CHOOSE:
        return Fate.CANCELLED
    return Fate.WAITS if appointment.asked_to_move_at else Fate.ASKED


@transaction.atomic
def settle(*, appointment: Appointment, reason: str, cancel_rest: bool = False) -> Fate:
    """Move it to an equal desk at the same time where one is free, else ask, else cancel.

    The resident reads the `reason`. Nobody is told who need not come elsewhere. Settling again
    changes nothing, and what somebody else has settled meanwhile is left alone.
    """
    now = timezone.now()
    place = equal_place(appointment)
    # All of them at once and in order: moving locks again what is locked already.
    try:
        fresh = lock_appointment(appointment, beside=[desk.pk for desk in place.desks])
    except ChangedMeanwhile:
        return Fate.SETTLED
    if fresh.desk_id != appointment.desk_id or not fresh.is_ahead(now) or not is_stranded(fresh):
        return Fate.SETTLED
    with suppress(AppointmentError):
        move(appointment=fresh, place=place, starts_at=fresh.starts_at, by_staff=True)
        return Fate.MOVED
    return _without_desk(fresh, reason, cancel_rest, now)


def _without_desk(fresh: Appointment, reason: str, cancel_rest: bool, now: datetime) -> Fate:
    fate = fate_without_desk(fresh, cancel_rest=cancel_rest)
    if fate is Fate.CANCELLED:
        cancel(appointment=fresh, by_council=True, reason=reason)
    elif fate is Fate.ASKED:
        fresh.asked_to_move_at = now
        fresh.save(update_fields=["asked_to_move_at"])
        mail.send_asked(fresh, reason, now=now)
    return fate
