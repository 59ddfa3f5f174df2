"""When desks are open, as bits: weekly hours, extra openings, bank holidays, closures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from appointments import rules
from appointments.days import Days
from appointments.models import BankHoliday, Closure, Desk, ExtraOpening, OpeningRule

# Whose hours they are, as keys: a location's, a desk's, or neither for everybody's.
Owner = tuple[int | None, int | None]
Spans = dict[Owner, list[tuple[int, int]]]


@dataclass(frozen=True, eq=False)
class Openings:
    """Every opening (bits, end excluded) of desks that keep the same hours."""

    spans: list[tuple[int, int]]
    size: int

    @cached_property
    def mask(self) -> int:
        """Whatever lies in one of them."""
        return rules.union(self.spans, self.size)

    def grid(self, step: int) -> int:
        """Where an appointment may start: every so many bits from the start of an opening."""
        return rules.union(self.spans, self.size, step)


@dataclass(frozen=True)
class Hours:
    """The openings of a desk, and when it is open less what closes it."""

    openings: Openings
    mask: int


def opening_hours(desks: Sequence[Desk], days: Days) -> dict[int, Hours]:
    """The hours of each of these desks, by its key, in four queries."""
    spans, closed = _spans(desks, days), _closed(desks, days)
    shared: dict[tuple[Owner, ...], Openings] = {}
    found = {}
    for desk in desks:
        whose = tuple(owner for owner in _whose(desk) if owner in spans)
        if whose not in shared:
            every = [span for owner in whose for span in spans[owner]]
            shared[whose] = Openings(every, days.size)
        shut = closed[None, None] | closed[desk.location_id, None] | closed[None, desk.pk]
        found[desk.pk] = Hours(shared[whose], shared[whose].mask & ~shut)
    return found


def _whose(desk: Desk) -> list[Owner]:
    """Whose hours the desk keeps: its own, and mostly its location's."""
    own: Owner = (None, desk.pk)
    return [own, (desk.location_id, None)] if desk.keeps_location_hours else [own]


def _spans(desks: Sequence[Desk], days: Days) -> Spans:
    """When each owner opens. On a bank holiday only extra openings count: somebody chose them."""
    here = Q(desk__in=desks) | Q(location__in={desk.location_id for desk in desks})
    within = (days.first, days.last)
    holidays = set(BankHoliday.objects.filter(date__range=within).values_list("date", flat=True))
    found: Spans = defaultdict(list)
    for rule in OpeningRule.objects.filter(here).order_by():
        mine = found[rule.location_id, rule.desk_id]
        for day in days.every(rule.weekday):
            if rule.applies_on(day) and day not in holidays:
                mine.append(days.opening(day, rule.opens, rule.closes))
    for extra in ExtraOpening.objects.filter(here, date__range=within).order_by():
        span = days.opening(extra.date, extra.opens, extra.closes)
        found[extra.location_id, extra.desk_id].append(span)
    return found


def _closed(desks: Sequence[Desk], days: Days) -> dict[Owner, int]:
    """What closures take from each owner's hours."""
    start, end = days.bounds
    here = Q(desk__in=desks) | Q(location__in={desk.location_id for desk in desks})
    everywhere = Q(desk=None, location=None)
    closures = Closure.objects.filter(everywhere | here, starts_at__lt=end, ends_at__gt=start)
    taken: Spans = defaultdict(list)
    rows = closures.order_by().values_list("location", "desk", "starts_at", "ends_at")
    for location_id, desk_id, starts_at, ends_at in rows:
        taken[location_id, desk_id].append(days.span(starts_at, ends_at))
    masks = {owner: rules.union(spans, days.size) for owner, spans in taken.items()}
    return defaultdict(int, masks)
