"""What is free: one function, `free_masks`, that searching, holding and confirming all ask.

It reads hours, bank holidays, closures and live appointments (five queries, however many days and
desks) and answers with one integer for each lane, in which a bit is five minutes (see `days`).
Nothing is stored ahead, so nothing can be stale; a time that is shown is a time that can be booked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Func, IntegerField

from appointments import rules
from appointments.days import Days
from appointments.models import Appointment, Desk, Lanes, Service
from appointments.models.booking import AppointmentQuerySet
from appointments.openings import Hours, opening_hours


class Lane(NamedTuple):
    """One lane of one desk."""

    desk_id: int
    number: int


@dataclass(frozen=True)
class Free:
    """What is free in some days: the bits of every lane, and the hours of every desk."""

    days: Days
    masks: dict[Lane, int]
    hours: dict[int, Hours]

    def is_open(self, desk: Desk, start: datetime, end: datetime) -> bool:
        """Whether the desk is open all that time, whoever has it."""
        return rules.has_all(self.hours[desk.pk].mask, self.days.span(start, end))

    def is_free(self, lane: Lane, start: datetime, end: datetime) -> bool:
        """Whether nobody has the lane at any moment of that time, in which its desk is open."""
        return rules.has_all(self.masks.get(lane, 0), self.days.span(start, end))

    def lanes_at(self, marks_of: Mapping[Lane, int], moment: datetime) -> list[Lane]:
        """The lanes in whose marks the cell is that begins at this moment."""
        bit = self.days.span(moment, moment)[0]
        if self.days.moment_of(bit) != moment:
            return []
        return [lane for lane, marks in marks_of.items() if marks >> bit & 1]


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
    days = Days(first, last)
    hours = opening_hours(list(desks), days)
    masks = {
        Lane(desk.pk, number): hours[desk.pk].mask
        for desk in desks
        for number in desk.lanes_for(lanes)
    }
    live = Appointment.objects.live(now).overlapping(*days.bounds).exclude(pk__in=list(ignore))
    for lane, taken in _taken(live.filter(desk__in=hours), days):
        if lane in masks:
            masks[lane] &= ~taken
    return Free(days, masks, hours)


def _taken(live: AppointmentQuerySet, days: Days) -> Iterator[tuple[Lane, int]]:
    """What these take of each lane. The database sends one row a lane, not one an appointment."""
    rows = live.order_by().values("desk", "lane").annotate(low=_cells("from"), high=_cells("to"))
    for desk_id, number, lows, highs in rows.values_list("desk", "lane", "low", "high"):
        spans = (
            (max(low - days.base, 0), high - days.base)
            for low, high in zip(lows, highs, strict=True)
        )
        yield Lane(desk_id, number), rules.union(spans, days.size)


def _cells(end: str) -> ArrayAgg:
    """The numbers of the cells that begin at this end of their busy time."""
    number = Func(
        F(f"busy_{end}"),
        template="(DATE_PART('epoch', %(expressions)s) / 300)::int",
        output_field=IntegerField(),
    )
    return ArrayAgg(number)


def starts(
    free: Free,
    service: Service,
    *,
    now: datetime,
    minutes: int | None = None,
    lanes: Lanes = Lanes.ONLINE,
) -> dict[Lane, int]:
    """The bits at which this service can start: buffers fit, on its step, in its booking window.

    `minutes` is how long the appointment is, where that is not the service's own duration. Staff
    need no notice and may book as far ahead as they like.
    """
    length = service.duration if minutes is None else minutes
    before, whole = service.buffer_before // 5, service.minutes_busy(length) // 5
    allowed = free.days.within(whole) << before & _window(free.days, service, now, lanes)
    grids = {
        openings: openings.grid(service.step // 5) & allowed
        for openings in {hours.openings for hours in free.hours.values()}
    }
    found = {}
    for lane, mask in free.masks.items():
        grid = grids[free.hours[lane.desk_id].openings]
        if marks := rules.runs(mask, whole) << before & grid:
            found[lane] = marks
    return found


def _window(days: Days, service: Service, now: datetime, lanes: Lanes) -> int:
    """The bits that begin after the service's notice, and on the last day at the latest."""
    begin, end = now, days.bounds[1]
    if lanes is Lanes.ONLINE:
        begin = now + service.notice
        last = rules.local_day(now) + timedelta(days=service.max_advance)
        end = rules.midnight(last + timedelta(days=1))
    return rules.mask(days.span(begin, begin)[1], days.span(end, end)[0])


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
    [found] = slots_of_each(
        service, [desks], first, last, now=now, ignore=ignore, minutes=minutes, lanes=lanes
    )
    return found


def slots_of_each(
    service: Service,
    pools: Sequence[Sequence[Desk]],
    first: date,
    last: date,
    *,
    now: datetime,
    ignore: Iterable[int] = (),
    minutes: int | None = None,
    lanes: Lanes = Lanes.ONLINE,
) -> list[list[Slot]]:
    """The same for each pool of desks, with one look at all of them."""
    desks = {desk.pk: desk for pool in pools for desk in pool}
    free = free_masks(desks.values(), first, last, now=now, ignore=ignore, lanes=lanes)
    found = starts(free, service, now=now, minutes=minutes, lanes=lanes)
    length = timedelta(minutes=service.duration if minutes is None else minutes)
    return [_slots(free.days, found, {desk.pk for desk in pool}, length) for pool in pools]


def _slots(
    days: Days, marks_of: Mapping[Lane, int], desks: Collection[int], length: timedelta
) -> list[Slot]:
    """The times that are marked at these desks, each with how many lanes could take it."""
    left: Counter[int] = Counter()
    for lane, marks in marks_of.items():
        if lane.desk_id in desks:
            left.update(rules.bits(marks))
    begins = ((days.moment_of(bit), count) for bit, count in sorted(left.items()))
    return [Slot(begin, begin + length, count) for begin, count in begins]


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
    free = free_masks(desks, first, last, now=now, ignore=ignore)
    found = starts(free, service, now=now, minutes=minutes)
    every = reduce(or_, found.values(), 0)
    return {day: marks.bit_count() for day, marks in free.days.each(every) if marks}


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
    marks_of: dict[int, int] = dict.fromkeys(desks, 0)
    for lane, marks in starts(free, service, now=now, minutes=minutes).items():
        marks_of[lane.desk_id] |= marks
    pooled = (reduce(or_, (marks_of[desk.pk] for desk in pool), 0) for pool in pools)
    return [free.days.moment_of(rules.lowest(marks)) if marks else None for marks in pooled]
