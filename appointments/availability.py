"""What is free: one function, `free_masks`, that searching, holding and confirming all ask.

It reads hours, bank holidays, closures and live appointments (five queries, however many days and
desks) and answers with one integer for each lane and day (see `rules`). Nothing is stored ahead,
so nothing can be stale; a time that is shown is a time that can be booked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import BigIntegerField, DecimalField, ExpressionWrapper, F, Func
from django.db.models.functions import Cast

from appointments import rules
from appointments.models import Appointment, Desk, Lanes, Service
from appointments.openings import DeskDay, Taken, opening_hours


class LaneDay(NamedTuple):
    """One lane of one desk on one day in London."""

    desk_id: int
    lane: int
    day: date


@dataclass(frozen=True)
class Free:
    """Free bits of every lane and day; each opening (bits, end excluded); when desks are open."""

    masks: dict[LaneDay, int]
    openings: dict[DeskDay, list[tuple[int, int]]]
    open: dict[DeskDay, int]


@dataclass(frozen=True, order=True)
class Slot:
    """A time that can be booked, in UTC, and how many appointments could still take it."""

    starts_at: datetime
    ends_at: datetime
    left: int

    @property
    def day(self) -> date:
        """Its day in London."""
        return rules.local_day(self.starts_at)


def free_masks(
    desks: Collection[Desk],
    first: date,
    last: date,
    *,
    now: datetime,
    ignore: Iterable[int] = (),
    lanes: Lanes = Lanes.ONLINE,
) -> Free:
    """What is free at these desks from first to last, both included, in five queries.

    A hold that has run out by `now` keeps nobody out. `ignore` are keys of appointments to leave
    out of account: a resident's own hold is no hindrance to their next choice. `lanes` says who
    asks: what is kept back for people who walk in is free for staff only.
    """
    whose = {desk.pk: desk.lanes_for(lanes) for desk in desks}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    hours, taken = opening_hours(list(desks), days), Taken(days)
    start, end = rules.midnight(first), rules.midnight(last + timedelta(days=1))
    live = Appointment.objects.live(now).overlapping(start, end).exclude(pk__in=list(ignore))
    cells = live.filter(desk__in=whose).order_by().values_list("desk_id", "lane", *BUSY_CELLS)
    for desk_id, lane, busy_from, busy_to in cells:
        taken.take((desk_id, lane), busy_from, busy_to)
    masks = {
        LaneDay(desk_id, lane, day): open_then & ~taken.on((desk_id, lane), day)
        for (desk_id, day), open_then in hours.masks.items()
        for lane in whose[desk_id]
    }
    return Free(masks, hours.spans, hours.masks)


def _cell(field: str) -> Cast:
    """The number of the cell that begins then: whole numbers are read faster than times."""
    seconds = Func(F(field), template="EXTRACT(EPOCH FROM %(expressions)s)")
    return Cast(ExpressionWrapper(seconds / 300, output_field=DecimalField()), BigIntegerField())


BUSY_CELLS = (_cell("busy_from"), _cell("busy_to"))


def starts(
    free: Free,
    service: Service,
    *,
    now: datetime,
    minutes: int | None = None,
    lanes: Lanes = Lanes.ONLINE,
) -> dict[LaneDay, int]:
    """The bits at which this service can start: buffers fit, on its step, in its booking window.

    `minutes` is how long the appointment is, where that is not the service's own duration. Staff
    need no notice and may book as far ahead as they like.
    """
    length = (service.duration if minutes is None else minutes) // 5
    before, after, step = (
        size // 5 for size in (service.buffer_before, service.buffer_after, service.step)
    )
    earliest, last_day = now, date.max
    if lanes is Lanes.ONLINE:
        earliest = now + service.notice
        last_day = rules.local_day(now) + timedelta(days=service.max_advance)
    found = {}
    for key, lane_free in free.masks.items():
        if key.day > last_day or not lane_free:
            continue
        marks = 0
        for low, high in free.openings[DeskDay(key.desk_id, key.day)]:
            marks |= rules.grid(low, high, step)
        marks &= rules.runs(lane_free, before + length + after) << before
        marks &= ~rules.mask(0, rules.span(key.day, earliest, earliest)[1])
        if marks:
            found[key] = marks
    return found


def slots(
    service: Service,
    desks: Sequence[Desk],
    first: date,
    last: date,
    *,
    now: datetime,
    ignore: Iterable[int] = (),
    minutes: int | None = None,
    lanes: Lanes = Lanes.ONLINE,
) -> list[Slot]:
    """Every time from first to last that can be booked at one of these desks, in order."""
    left: dict[datetime, int] = defaultdict(int)
    free = free_masks(desks, first, last, now=now, ignore=ignore, lanes=lanes)
    for key, marks in starts(free, service, now=now, minutes=minutes, lanes=lanes).items():
        for bit in rules.bits(marks):
            left[rules.moment_of(key.day, bit)] += 1
    length = timedelta(minutes=service.duration if minutes is None else minutes)
    return sorted(Slot(start, start + length, count) for start, count in left.items())


def days_with_slots(
    service: Service,
    desks: Sequence[Desk],
    first: date,
    last: date,
    *,
    now: datetime,
    ignore: Iterable[int] = (),
    minutes: int | None = None,
) -> dict[date, int]:
    """The days from first to last with a time that can be booked, and how many times each has."""
    marks_of: dict[date, int] = defaultdict(int)
    free = free_masks(desks, first, last, now=now, ignore=ignore)
    for key, marks in starts(free, service, now=now, minutes=minutes).items():
        marks_of[key.day] |= marks
    return {day: marks.bit_count() for day, marks in sorted(marks_of.items())}


def first_available(
    service: Service,
    pools: Sequence[Sequence[Desk]],
    *,
    now: datetime,
    ignore: Iterable[int] = (),
    minutes: int | None = None,
) -> list[datetime | None]:
    """The first time that can be booked at each pool of desks, in UTC; None where there is none."""
    today = rules.local_day(now)
    desks = {desk.pk: desk for pool in pools for desk in pool}
    last = today + timedelta(days=service.max_advance)
    free = free_masks(desks.values(), today, last, now=now, ignore=ignore)
    earliest: dict[int, datetime] = {}
    for key, marks in starts(free, service, now=now, minutes=minutes).items():
        moment = rules.moment_of(key.day, (marks & -marks).bit_length() - 1)
        earliest[key.desk_id] = min(moment, earliest.get(key.desk_id, moment))
    return [min((earliest[d.pk] for d in pool if d.pk in earliest), default=None) for pool in pools]
