"""A time that has become free goes first to somebody who waits for an earlier one, as an offer.

It is kept for one person at a time, the longest wait first; nobody else is written to.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from appointments import availability, mail, rules
from appointments.actions.finding import set_times
from appointments.actions.locks import reap
from appointments.facilities import missing_at, needs_of
from appointments.models import (
    Appointment,
    Channel,
    Desk,
    EarlierOffer,
    OccupiedCell,
    Service,
    Waiting,
)
from appointments.rules import answer_by


def offer_freed(freed: Appointment, *, now: datetime) -> int:
    """Offer what this one has left free at its desk, which must be locked; says how many offers.

    Whoever has just given it up is not offered it back.
    """
    desk = Desk.objects.select_related("location").get(pk=freed.desk_id)
    return offer_between(desk, freed.busy_from, freed.busy_to, now=now, but_not_to=freed)


def offer_between(
    desk: Desk,
    start: datetime,
    end: datetime,
    *,
    now: datetime,
    but_not_to: Appointment | None = None,
) -> int:
    """Offer what has become free at this desk, which must be locked; says how many offers."""
    if end <= now:
        return 0
    made, waiting_here = 0, Waiting.objects.at_desk(desk, now)
    for waiting in waiting_here.exclude(appointment=but_not_to):
        if not _suits(waiting.appointment, desk):
            continue
        for begins, lane in _fitting(waiting, desk, start, end, now):
            if _offer(waiting, desk, lane, begins, now):
                made += 1
                break
    return made


def _suits(booked: Appointment, desk: Desk) -> bool:
    """Whether they would come there: where they are booked, or where all that they need is."""
    here = desk.location_id == booked.desk.location_id
    nowhere = booked.channel != Channel.IN_PERSON
    return here or nowhere or not missing_at(desk.location, needs_of(booked))


def _fitting(
    waiting: Waiting, desk: Desk, start: datetime, end: datetime, now: datetime
) -> list[tuple[datetime, int]]:
    """The times with their lanes that have become possible and would do, the earliest first."""
    booked, service = waiting.appointment, waiting.appointment.service
    first, last = rules.local_day(start), rules.local_day(end)
    free = availability.free_masks([desk], first, last, now=now)
    marks_of = availability.starts(free, service, now=now, minutes=booked.minutes)
    found = [
        (begins, lane.number)
        for lane, marks in marks_of.items()
        for begins in map(free.days.moment_of, rules.bits(marks))
        if _touches(service, booked.minutes, begins, start, end) and waiting.suits(begins, desk)
    ]
    return sorted(found)


def _touches(
    service: Service, minutes: int, begins: datetime, start: datetime, end: datetime
) -> bool:
    """Whether an appointment that begins then needs some of what has become free."""
    busy_from = begins - timedelta(minutes=service.buffer_before)
    busy_to = begins + timedelta(minutes=minutes + service.buffer_after)
    return busy_from < end and busy_to > start


def _offer(waiting: Waiting, desk: Desk, lane: int, begins: datetime, now: datetime) -> bool:
    """Keep the time for this resident and write to them; False where it is none for them."""
    booked = waiting.appointment
    deadline = answer_by(now, booked.service.offer_minutes)
    if deadline >= begins or not booked.can_be_moved(deadline) or is_known(booked, [desk], begins):
        return False
    # Somebody else may be making the same person an offer at another desk.
    alone = Waiting.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=waiting.pk)
    pending = EarlierOffer.objects.pending().filter(appointment=booked)
    if not alone.exists() or pending.exists():
        return False
    held = _keep(booked, desk, lane, begins, deadline, now)
    offer = EarlierOffer.objects.create(
        appointment=booked, held=held, desk=desk, starts_at=begins, expires_at=deadline
    )
    mail.send_offer(offer)
    return True


def is_known(booked: Appointment, desks: Iterable[Desk], begins: datetime) -> bool:
    """Whether it was offered before, or the resident is elsewhere then."""
    if EarlierOffer.objects.filter(appointment=booked, desk__in=desks, starts_at=begins).exists():
        return True
    others = Appointment.objects.filter(resident=booked.resident).exclude(pk=booked.pk).booked()
    ends = begins + timedelta(minutes=booked.minutes)
    return others.filter(starts_at__lt=ends, ends_at__gt=begins).exists()


def _keep(
    booked: Appointment, desk: Desk, lane: int, begins: datetime, until: datetime, now: datetime
) -> Appointment:
    held = held_for(booked, until)
    held.desk, held.lane = desk, lane
    set_times(held, begins, booked.minutes)
    reap(desk, held.busy_from, held.busy_to, now=now)
    held.save()
    OccupiedCell.objects.bulk_create(held.occupied())
    return held


def held_for(booked: Appointment, until: datetime) -> Appointment:
    """A hold that names nobody, still without a time: whose it is, the offer says."""
    return Appointment(
        service=booked.service,
        channel=booked.channel,
        people=booked.people,
        needs_longer=booked.needs_longer,
        hold_expires_at=until,
    )
