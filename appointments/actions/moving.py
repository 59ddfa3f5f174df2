"""Moving a booked appointment in one step: it has its new time before it gives up the old one."""

from __future__ import annotations

from copy import copy
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from appointments import mail
from appointments.actions.finding import for_staff, lanes_for, refuse_clash, set_times, take_one
from appointments.actions.locks import lock_desks, lock_resident, reap
from appointments.actions.offering import offer_freed
from appointments.actions.reminding import count_as_reminded
from appointments.availability import Lane
from appointments.errors import CannotMove, ChangedMeanwhile
from appointments.models import Appointment, Desk, Lanes, OccupiedCell

if TYPE_CHECKING:
    from appointments.places import Place


@transaction.atomic
def move(
    *,
    appointment: Appointment,
    place: Place,
    starts_at: datetime,
    by_staff: bool = False,
    reason: str = "",
) -> Appointment:
    """Give it another time or place, as long and by the same channel as before; mail the resident.

    It stays the same appointment, with its reference and its event in the resident's calendar.
    Moving it to where it is changes nothing; nobody is told of another desk at the same place and
    time. Staff need no notice, may use what is kept for people who walk in and, with a `reason`,
    book over what is full. Raises CannotMove after the service's notice, AlreadyBooked where the
    resident has another at that time, and SlotTaken.
    """
    now = timezone.now()
    if appointment.resident_id is not None:
        lock_resident(appointment.resident_id)
    before = Appointment.objects.with_place().get(pk=appointment.pk)
    if _is_there(before, place, starts_at):
        return before
    allowed = before.is_ahead(now) if by_staff else before.can_be_moved(now)
    if not allowed or place.channel != before.channel:
        raise CannotMove(before.reference)
    wanted = copy(before)
    wanted.asked_to_move_at = None
    set_times(wanted, starts_at, before.minutes)
    _refuse_two_at_once(wanted, now)
    among = partial(_among, before, wanted, place, reason, now)
    return for_staff(reason, among) if by_staff else among(Lanes.ONLINE)


def _among(
    before: Appointment,
    wanted: Appointment,
    place: Place,
    reason: str,
    now: datetime,
    lanes: Lanes,
) -> Appointment:
    """Move it into one of these lanes of the place; raises SlotTaken."""
    wanted.overbook_reason = reason if lanes is Lanes.EXTRA else ""
    return take_one(
        wanted,
        place.desks,
        lambda desk: _take(before, wanted, desk, now, lanes),
        ignore=[before.pk],
        now=now,
        lanes=lanes,
    )


def _is_there(booked: Appointment, place: Place, starts_at: datetime) -> bool:
    """Whether it is booked for this time and place already: the button was pressed twice."""
    return (
        booked.status == Appointment.Status.BOOKED
        and booked.starts_at == starts_at
        and booked.desk_id in {desk.pk for desk in place.desks}
    )


def _refuse_two_at_once(wanted: Appointment, now: datetime) -> None:
    if wanted.resident is not None:
        mine = Appointment.objects.for_resident(wanted.resident).exclude(pk=wanted.pk)
        refuse_clash(wanted, mine.upcoming(now).with_place())


def _take(
    before: Appointment, wanted: Appointment, desk: Desk, now: datetime, which: Lanes
) -> Appointment:
    """Move it to this desk, everything checked again under both desks' locks."""
    locked = lock_desks([desk.pk, before.desk_id])
    row = Appointment.objects.select_for_update(no_key=True).get(pk=before.pk)
    if (row.desk_id, row.status) != (before.desk_id, before.status):
        raise ChangedMeanwhile(before.reference)
    lanes = lanes_for(wanted, locked[desk.pk], ignore=[before.pk], now=now, lanes=which)
    reap(desk, wanted.busy_from, wanted.busy_to, now=now)
    wanted.desk = locked[desk.pk]
    own = Lane(desk.pk, before.lane)
    wanted.lane = before.lane if own in lanes else min(lane.number for lane in lanes)
    return finish(before, wanted, now=now)


def finish(before: Appointment, after: Appointment, *, now: datetime) -> Appointment:
    """Exchange its cells, both desks being locked; offer the old time, and mail the resident."""
    _exchange_cells(before, after)
    after.ical_sequence = before.ical_sequence + 1
    after.save(update_fields=MOVED)
    count_as_reminded(after, now=now)
    offer_freed(before, now=now)
    if (after.starts_at, after.where) != (before.starts_at, before.where):
        mail.send_moved(after, before, now=now)
    return after


MOVED = (
    "desk",
    "lane",
    "starts_at",
    "ends_at",
    "busy_from",
    "busy_to",
    "ical_sequence",
    "overbook_reason",
    "asked_to_move_at",
)


def _exchange_cells(before: Appointment, after: Appointment) -> None:
    """Take the cells that are new, and only then give back those that are no longer needed."""
    mine = OccupiedCell.objects.filter(appointment=before.pk)
    there = mine.filter(desk=after.desk_id, lane=after.lane)
    kept = set(there.values_list("cell", flat=True))
    OccupiedCell.objects.bulk_create(cell for cell in after.occupied() if cell.cell not in kept)
    mine.exclude(desk=after.desk_id, lane=after.lane, cell__in=after.cells).delete()
