"""When desks are open, as bits of a day: weekly hours, extra openings, bank holidays, closures."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q

from appointments import rules
from appointments.models import BankHoliday, Closure, Desk, ExtraOpening, OpeningRule


class DeskDay(NamedTuple):
    """One desk on one day in London."""

    desk_id: int
    day: date


@dataclass(frozen=True)
class Hours:
    """Every opening of each desk (bits, end excluded), and when it is open less what closes it."""

    spans: dict[DeskDay, list[tuple[int, int]]]
    masks: dict[DeskDay, int]


class Taken:
    """What is taken out of something, a desk or a lane, as one mask a day."""

    def __init__(self, days: list[date]) -> None:
        after = days[-1] + timedelta(days=1)
        self.number = {day: n for n, day in enumerate(days)}
        self.begins = [rules.cell_of(rules.midnight(day)) for day in [*days, after]]
        self.masks: dict[Hashable, list[int]] = defaultdict(lambda: [0] * len(days))

    def take(self, whose: Hashable, low: int, high: int) -> None:
        """Take the cells from low to high, high excluded, out of it."""
        masks, begins = self.masks[whose], self.begins
        low, high = max(low, begins[0]), min(high, begins[-1])
        while low < high:
            day = bisect_right(begins, low) - 1
            until = min(high, begins[day + 1])
            masks[day] |= rules.mask(low - begins[day], until - begins[day])
            low = until

    def on(self, whose: Hashable, day: date) -> int:
        """What is taken out of it on this day."""
        masks = self.masks.get(whose)
        return masks[self.number[day]] if masks else 0


def opening_hours(desks: list[Desk], days: list[date]) -> Hours:
    """When these desks are open on these days, which follow each other, in four queries."""
    spans = _spans(desks, days)
    taken = _closed(desks, days)
    masks = {}
    for key, openings in spans.items():
        whole = 0
        for low, high in openings:
            whole |= rules.mask(low, high)
        masks[key] = whole & ~taken.on(key.desk_id, key.day)
    return Hours(spans, masks)


def _spans(desks: list[Desk], days: list[date]) -> dict[DeskDay, list[tuple[int, int]]]:
    """When each desk opens. On a bank holiday only extra openings count: somebody chose them."""
    here = Q(desk__in=desks) | Q(location__in={desk.location_id for desk in desks})
    within = (days[0], days[-1])
    weekly, extra = defaultdict(list), defaultdict(list)
    for rule in OpeningRule.objects.filter(here).order_by("opens"):
        weekly[rule.location_id, rule.desk_id, rule.weekday].append(rule)
    for opening in ExtraOpening.objects.filter(here, date__range=within).order_by("opens"):
        extra[opening.location_id, opening.desk_id, opening.date].append(opening)
    holidays = set(BankHoliday.objects.filter(date__range=within).values_list("date", flat=True))
    whose = {desk.pk: _whose(desk) for desk in desks}
    found = {}
    for day in days:
        for key, owners in whose.items():
            hours: list[OpeningRule | ExtraOpening] = []
            for location, desk in owners:
                if day not in holidays:
                    then = weekly.get((location, desk, day.weekday()), ())
                    hours += [rule for rule in then if rule.applies_on(day)]
                hours += extra.get((location, desk, day), ())
            if hours:
                spans = [rules.opening(day, each.opens, each.closes) for each in hours]
                found[DeskDay(key, day)] = spans
    return found


def _whose(desk: Desk) -> list[tuple[int | None, int | None]]:
    """Whose hours the desk keeps, as (location, desk): its own, and mostly its location's."""
    own: tuple[int | None, int | None] = (None, desk.pk)
    return [own, (desk.location_id, None)] if desk.keeps_location_hours else [own]


def _closed(desks: list[Desk], days: list[date]) -> Taken:
    """What closures take out of each desk, by its key."""
    start, end = rules.midnight(days[0]), rules.midnight(days[-1] + timedelta(days=1))
    taken = Taken(days)
    everywhere = Q(desk=None, location=None)
    here = Q(desk__in=desks) | Q(location__in={desk.location_id for desk in desks})
    closures = Closure.objects.filter(everywhere | here, starts_at__lt=end, ends_at__gt=start)
    for closure in closures.order_by():
        low, high = rules.cell_of(closure.starts_at), rules.cell_after(closure.ends_at)
        for desk in desks:
            if closure.closes(desk):
                taken.take(desk.pk, low, high)
    return taken
