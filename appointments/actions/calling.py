"""Booking for somebody who phones or stands at the desk, with an account or without."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from appointments import mail
from appointments.actions.finding import (
    for_staff,
    refuse_clash,
    set_times,
    take_at,
    take_one,
)
from appointments.actions.locks import lock_resident
from appointments.models import Appointment, Lanes
from appointments.models.status import Status

if TYPE_CHECKING:
    from appointments.places import Place


@transaction.atomic
def book_for(
    *, wanted: Appointment, place: Place, starts_at: datetime, reason: str = ""
) -> Appointment:
    """Book what is wanted (who, service, needs) at this place and time, and mail who has e-mail.

    It needs no notice and may use what is kept for people who walk in; with a `reason` it may be
    booked over what is full. Raises AlreadyBooked where the resident has another at that time, and
    SlotTaken.
    """
    now = timezone.now()
    wanted.channel = place.channel
    wanted.status, wanted.booked_at = Status.BOOKED, now
    set_times(wanted, starts_at, wanted.minutes_needed)
    if wanted.resident is not None:
        lock_resident(wanted.resident.pk)
        mine = Appointment.objects.for_resident(wanted.resident)
        refuse_clash(wanted, mine.upcoming(now).with_place())

    def among(lanes: Lanes) -> Appointment:
        wanted.overbook_reason = reason if lanes is Lanes.EXTRA else ""
        return take_one(
            wanted,
            place.desks,
            lambda desk: take_at(wanted, desk, now=now, lanes=lanes),
            ignore=[],
            now=now,
            lanes=lanes,
        )

    made = for_staff(reason, among)
    mail.send_booked(made, now=now)
    return made
