"""Finding a lane for an appointment: looking without a lock, and taking under it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

from appointments import availability, rules
from appointments.actions.locks import lock_desks, reap
from appointments.errors import AlreadyBooked, SlotTaken
from appointments.models import Appointment, Desk, DeskService, Lanes, OccupiedCell
from stockport.db import on_violation

TRIES = 5
Fitting = dict[availability.Lane, bool]
shuffle = random.SystemRandom()


def set_times(wanted: Appointment, starts_at: datetime, minutes: int) -> None:
    """When it begins and ends, and when its desk is busy with it."""
    service = wanted.service
    wanted.starts_at = starts_at
    wanted.ends_at = starts_at + timedelta(minutes=minutes)
    wanted.busy_from = starts_at - timedelta(minutes=service.buffer_before)
    wanted.busy_to = wanted.ends_at + timedelta(minutes=service.buffer_after)


def refuse_clash(wanted: Appointment, others: Iterable[Appointment]) -> None:
    """Raise AlreadyBooked where one of the resident's other appointments is at that time."""
    for other in others:
        if other.starts_at < wanted.ends_at and other.ends_at > wanted.starts_at:
            raise AlreadyBooked(other)


def take_one(
    wanted: Appointment,
    desks: Sequence[Desk],
    take: Callable[[Desk], Appointment],
    *,
    ignore: Sequence[int],
    now: datetime,
    lanes: Lanes = Lanes.ONLINE,
) -> Appointment:
    """What `take` gives at one of these desks; it is tried at a few, each in its own savepoint.

    `take` locks and checks again; it raises SlotTaken. `ignore` are keys of appointments that do
    not stand in the way. Raises SlotTaken where no desk is free then.
    """
    untried = list(desks)
    for _ in range(TRIES):
        desk = _best_desk(wanted, untried, ignore, now, lanes)
        untried.remove(desk)
        with suppress(SlotTaken), on_violation("appointments_occupiedcell_unique", SlotTaken()):
            return take(desk)
    raise SlotTaken


def take_at(wanted: Appointment, desk: Desk, *, now: datetime, lanes: Lanes) -> Appointment:
    """Take the time at this desk, everything checked again under its lock; raises SlotTaken."""
    locked = lock_desks([desk.pk])
    fitting = lanes_for(wanted, locked[desk.pk], ignore=[], now=now, lanes=lanes)
    reap(desk, wanted.busy_from, wanted.busy_to, now=now)
    return insert(wanted, locked[desk.pk], fitting)


def for_staff(reason: str, take: Callable[[Lanes], Appointment]) -> Appointment:
    """What `take` gives among all lanes or, where staff gave a reason, beyond them.

    A time that is full is booked over in an extra lane, so the constraint holds for that too.
    Raises SlotTaken.
    """
    try:
        with transaction.atomic():
            return take(Lanes.STAFF)
    except SlotTaken:
        if not reason:
            raise
    return take(Lanes.EXTRA)


def insert(wanted: Appointment, desk: Desk, fitting: Fitting) -> Appointment:
    """Write it down in the first of these lanes of the locked desk, with its cells."""
    wanted.pk = None
    wanted.desk, wanted.lane = desk, min(lane.number for lane in fitting)
    wanted.save(force_insert=True)
    OccupiedCell.objects.bulk_create(wanted.occupied())
    return wanted


def lanes_for(
    wanted: Appointment,
    desk: Desk,
    *,
    ignore: Sequence[int],
    now: datetime,
    lanes: Lanes = Lanes.ONLINE,
) -> Fitting:
    """The lanes of a locked desk that can take it; raises SlotTaken where there are none."""
    offers = DeskService.objects.filter(desk=desk, service=wanted.service, channel=wanted.channel)
    if not offers.filter(service__active=True).exists():
        raise SlotTaken
    fitting = _free_lanes(wanted, [desk], ignore, now, lanes)
    if not fitting:
        raise SlotTaken
    return fitting


def is_still_free(held: Appointment, now: datetime) -> bool:
    """Whether its lane is open and free of others then; its desk must be locked."""
    if held.starts_at <= now:
        return False
    day = rules.local_day(held.starts_at)
    free = availability.free_masks([held.desk], day, day, now=now, ignore=[held.pk])
    lane = availability.Lane(held.desk_id, held.lane)
    return free.is_free(lane, held.busy_from, held.busy_to)


def _free_lanes(
    wanted: Appointment,
    desks: Sequence[Desk],
    ignore: Sequence[int],
    now: datetime,
    lanes: Lanes,
) -> Fitting:
    """The lanes where it can start, and whether it leaves no gap beside it there."""
    day = rules.local_day(wanted.starts_at)
    free = availability.free_masks(desks, day, day, now=now, ignore=ignore, lanes=lanes)
    low, high = free.days.span(wanted.busy_from, wanted.busy_to)
    beside = rules.mask(high, high + 1) | (rules.mask(low - 1, low) if low else 0)
    marks_of = availability.starts(
        free, wanted.service, now=now, minutes=wanted.minutes, lanes=lanes
    )
    return {
        lane: free.masks[lane] & beside != beside
        for lane in free.lanes_at(marks_of, wanted.starts_at)
    }


def _best_desk(
    wanted: Appointment,
    desks: Sequence[Desk],
    ignore: Sequence[int],
    now: datetime,
    lanes: Lanes,
) -> Desk:
    """A desk that is free then: one where no gap is left if any, else any; raises SlotTaken."""
    fitting = _free_lanes(wanted, desks, ignore, now, lanes)
    if not fitting:
        raise SlotTaken
    snug = {lane.desk_id for lane, fits in fitting.items() if fits}
    able = snug or {lane.desk_id for lane in fitting}
    # At random, so that many people after one time do not all queue for the first desk.
    return shuffle.choice([desk for desk in desks if desk.pk in able])
