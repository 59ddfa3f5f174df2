"""What becomes of an appointment whose desk is closed: another desk, another time, or an end."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from enum import Enum

from django.db import transaction
from django.utils import timezone

from appointments import mail
from appointments.actions.cancelling import cancel
from appointments.actions.instead import offer_instead
from appointments.actions.locks import lock_appointment
from appointments.actions.moving import move
from appointments.errors import AppointmentError, ChangedMeanwhile
from appointments.models import Appointment, DeskService, EarlierOffer
from appointments.places import equal_place
from appointments.stranded import is_stranded

# Who is asked to choose another time has this long to do so, and to have it arranged.
TIME_TO_CHOOSE = timedelta(days=1)


class Fate(Enum):
    """What was done, or would be, in the words that staff read."""

    MOVED = "Moved to an equal desk at the same time"
    WRITTEN = "Offered another time by e-mail, or asked to choose one"
    OFFERED = "Offered another time by e-mail, which is kept for them"
    ASKED = "Asked by e-mail to choose another time"
    WAITS = "Was offered a time or asked, and has not answered yet"
    CANCELLED = "Cancelled, by e-mail"
    PHONE = "To phone: there is no e-mail address"
    SETTLED = "Nothing to do any more"


def fate_without_desk(appointment: Appointment, *, cancel_rest: bool = False) -> Fate:
    """What to do where no equal desk is free: write, else cancel, and nobody unheard."""
    if not appointment.email:
        return Fate.PHONE
    if cancel_rest or appointment.starts_at < timezone.now() + TIME_TO_CHOOSE:
        return Fate.CANCELLED
    return Fate.WAITS if appointment.asked_to_move_at else Fate.WRITTEN


@transaction.atomic
def settle(*, appointment: Appointment, reason: str, cancel_rest: bool = False) -> Fate:
    """Move it to an equal desk at the same time where one is free, else offer, else cancel.

    Offered is the nearest time, which is kept; where there is none, the resident is asked to
    choose. They read the `reason`. Nobody is told who need not come elsewhere. Settling again
    changes nothing, and what somebody else has settled meanwhile is left alone.
    """
    now = timezone.now()
    place = equal_place(appointment)
    every = DeskService.objects.filter(service=appointment.service, channel=appointment.channel)
    # All of them at once and in order: moving and offering lock again what is locked already.
    try:
        fresh = lock_appointment(appointment, beside=every.values_list("desk", flat=True))
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
    if EarlierOffer.objects.useful().filter(appointment=fresh, instead=True).exists():
        return Fate.WAITS
    if fate is Fate.CANCELLED:
        cancel(appointment=fresh, by_council=True, reason=reason)
    elif fate is Fate.WRITTEN:
        return _write(fresh, reason, now)
    return fate


def _write(fresh: Appointment, reason: str, now: datetime) -> Fate:
    """Offer a time that is kept; where there is none, or no account to answer with, ask."""
    fresh.asked_to_move_at = now
    fresh.save(update_fields=["asked_to_move_at"])
    # Who waited for an earlier time has an offer of that already, which they can still take.
    pending = EarlierOffer.objects.pending().filter(appointment=fresh).exists()
    if fresh.resident and not pending and offer_instead(fresh, reason, now=now):
        return Fate.OFFERED
    mail.send_asked(fresh, reason, now=now)
    return Fate.ASKED
