"""What is free: one function, `free_masks`, that searching, holding and confirming all ask.

It reads rules, closures, bank holidays and live appointments (four queries, however many days and
desks) and answers with one integer for each lane and day (see `rules`). Nothing is stored ahead,
so nothing can be stale; a time that is shown is a time that can be booked.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import BigIntegerField, DecimalField, ExpressionWrapper, F, Func, Q
from django.db.models.functions import Cast

from appointments import rules
from appointments.models import Appointment, BankHoliday, Closure, Desk, OpeningRule, Service


class LaneDay(NamedTuple):
    """One lane of one desk on one day in London."""

    desk_id: int
    lane: int
    day: date


class DeskDay(NamedTuple):
    """One desk on one day in London."""

    desk_id: int
    day: date


@dataclass(frozen=True)
class Free:
    """The free bits of every lane and day, and when each desk opens (bits, end excluded)."""

    masks: dict[LaneDay, int]
    openings: dict[DeskDay, list[tuple[int, int]]]


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
    desks: Iterable[Desk],
    first: date,
    last: date,
    *,
    now: datetime,
    ignore: Iterable[int] = (),
) -> Free:
    """What is free at these desks from first to last, both included, in four queries.

    A hold that has run out by `now` keeps nobody out. `ignore` are keys of appointments to leave
    out of account: a resident's own hold is no hindrance to their next choice.
    """
    desks = list(desks)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    openings = _openings(desks, days)
    taken = _Taken(days)
    start, end = rules.midnight(first), rules.midnight(last + timedelta(days=1))
    _take_closures(taken, desks, start, end)
    live = Appointment.objects.live(now).overlapping(start, end).exclude(pk__in=list(ignore))
    cells = live.filter(desk__in=desks).order_by().values_list("desk_id", "lane", *BUSY_CELLS)
    for desk_id, lane, busy_from, busy_to in cells:
        taken.take((desk_id, lane), busy_from, busy_to)
    return Free(
        {key: whole & ~taken.on(key) for key, whole in _open_lanes(desks, openings)},
        openings,
    )


def _cell(field: str) -> Cast:
    """The number of the cell that begins then: whole numbers are read faster than times."""
    seconds = Func(F(field), template="EXTRACT(EPOCH FROM %(expressions)s)")
    return Cast(ExpressionWrapper(seconds / 300, output_field=DecimalField()), BigIntegerField())


BUSY_CELLS = (_cell("busy_from"), _cell("busy_to"))


class _Taken:
    """What is taken out of each lane, as one mask a day."""

    def __init__(self, days: list[date]) -> None:
        after = days[-1] + timedelta(days=1)
        self.number = {day: n for n, day in enumerate(days)}
        self.begins = [rules.cell_of(rules.midnight(day)) for day in [*days, after]]
        self.masks: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0] * len(days))

    def take(self, lane: tuple[int, int], low: int, high: int) -> None:
        """Take the cells from low to high, high excluded, out of the lane."""
        masks, begins = self.masks[lane], self.begins
        low, high = max(low, begins[0]), min(high, begins[-1])
        while low < high:
            day = bisect_right(begins, low) - 1
            until = min(high, begins[day + 1])
            masks[day] |= rules.mask(low - begins[day], until - begins[day])
            low = until

    def on(self, key: LaneDay) -> int:
        """What is taken out of this lane on this day."""
        masks = self.masks.get((key.desk_id, key.lane))
        return masks[self.number[key.day]] if masks else 0


def _openings(desks: list[Desk], days: list[date]) -> dict[DeskDay, list[tuple[int, int]]]:
    """When each desk opens; on a bank holiday none does."""
    locations = {desk.location_id for desk in desks}
    weekly = defaultdict(list)
    here = Q(desk__in=desks) | Q(location__in=locations)
    for rule in OpeningRule.objects.filter(here).order_by("opens"):
        weekly[rule.location_id, rule.desk_id, rule.weekday].append(rule)
    holidays = set(
        BankHoliday.objects.filter(date__range=(days[0], days[-1])).values_list("date", flat=True)
    )
    openings = {}
    for day in days:
        if day in holidays:
            continue
        for desk in desks:
            applicable = list(weekly[None, desk.pk, day.weekday()])
            if desk.keeps_location_hours:
                applicable += weekly[desk.location_id, None, day.weekday()]
            spans = [
                rules.opening(day, rule.opens, rule.closes)
                for rule in applicable
                if rule.applies_on(day)
            ]
            if spans:
                openings[DeskDay(desk.pk, day)] = spans
    return openings


def _open_lanes(
    desks: list[Desk], openings: dict[DeskDay, list[tuple[int, int]]]
) -> Iterator[tuple[LaneDay, int]]:
    """Each lane's mask before anything is taken out of it."""
    lanes = {desk.pk: desk.lanes for desk in desks}
    for (desk_id, day), spans in openings.items():
        whole = 0
        for low, high in spans:
            whole |= rules.mask(low, high)
        for lane in range(lanes[desk_id]):
            yield LaneDay(desk_id, lane, day), whole


def _take_closures(taken: _Taken, desks: list[Desk], start: datetime, end: datetime) -> None:
    """Take every closure in this time out of the lanes that it closes."""
    everywhere = Q(desk=None, location=None)
    here = Q(desk__in=desks) | Q(location__in={desk.location_id for desk in desks})
    closures = Closure.objects.filter(everywhere | here, starts_at__lt=end, ends_at__gt=start)
    for closure in closures.order_by():
        low, high = rules.cell_of(closure.starts_at), rules.cell_after(closure.ends_at)
        for desk in desks:
            if closure.desk_id in (None, desk.pk) and closure.location_id in (
                None,
                desk.location_id,
            ):
                for lane in range(desk.lanes):
                    taken.take((desk.pk, lane), low, high)


def starts(
    free: Free, service: Service, *, now: datetime, minutes: int | None = None
) -> dict[LaneDay, int]:
    """The bits at which this service can start: buffers fit, on its step, in its booking window.

    `minutes` is how long the appointment is, where that is not the service's own duration.
    """
    length = (service.duration if minutes is None else minutes) // 5
    before, after, step = (
        size // 5 for size in (service.buffer_before, service.buffer_after, service.step)
    )
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
) -> list[Slot]:
    """Every time from first to last that can be booked at one of these desks, in order."""
    left: dict[datetime, int] = defaultdict(int)
    free = free_masks(desks, first, last, now=now, ignore=ignore)
    for key, marks in starts(free, service, now=now, minutes=minutes).items():
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
