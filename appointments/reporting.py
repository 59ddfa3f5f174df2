"""How much was offered and booked, who did not come, and how long people waited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Any, NamedTuple

from django.db.models import Avg, Count, F, Max, Q, Sum, Value
from django.db.models.functions import Greatest, TruncDate
from django.utils import timezone

from appointments import availability, rules
from appointments.models import Appointment, Desk, DeskService, Lanes
from appointments.models.status import STANDING, Status

NOTHING = timedelta()


class Period(Enum):
    """How a time is cut into lines."""

    WHOLE = "the whole time"
    WEEK = "each week"
    MONTH = "each month"


class Key(NamedTuple):
    """What a line is about: keys of place and service, and the first day of its period."""

    first: date
    location_id: int
    service_id: int


@dataclass
class Line:
    """The figures of one service at one place in one period. Desks may be shared with others."""

    offered: timedelta = NOTHING
    busy: timedelta = NOTHING
    statuses: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    overbooked: int = 0
    waited: int = 0  # how many waits are known
    waits: timedelta = NOTHING
    longest: timedelta = NOTHING

    @property
    def booked(self) -> int:
        """How many were not cancelled."""
        return sum(self.statuses[status] for status in STANDING)

    @property
    def share_booked(self) -> float | None:
        """Percent of the offered time; more than 100 where staff booked over."""
        return 100 * self.busy / self.offered if self.offered else None

    @property
    def share_absent(self) -> float | None:
        """Percent that did not come, of those of whom it is known."""
        absent, came = self.statuses[Status.NO_SHOW], self.statuses[Status.ATTENDED]
        return 100 * absent / (absent + came) if absent + came else None

    @property
    def average_wait(self) -> timedelta | None:
        """From being there, at the earliest the start, until being called in."""
        return self.waits / self.waited if self.waited else None


def report(first: date, last: date, by: Period) -> dict[Key, Line]:
    """The lines from first to last, both included, in eight queries, however much there is."""
    lines: dict[Key, Line] = defaultdict(Line)
    for location_id, service_id, day, offered in _offered(first, last):
        lines[Key(_begins(day, first, by), location_id, service_id)].offered += offered
    for row in _made(first, last):
        key = Key(_begins(row["day"], first, by), row["desk__location"], row["service"])
        _add(lines[key], row)
    return dict(sorted(lines.items()))


def _begins(day: date, first: date, by: Period) -> date:
    """The first day of the period that this day is in."""
    if by is Period.WHOLE:
        return first
    begin = day - timedelta(days=day.weekday()) if by is Period.WEEK else day.replace(day=1)
    return max(begin, first)


def _offered(first: date, last: date) -> Iterator[tuple[int, int, date, timedelta]]:
    """For each place, service and day, how long desks were open for it, lane by lane."""
    desks = {desk.pk: desk for desk in Desk.objects.all()}
    free = availability.free_masks(
        desks.values(), first, last, now=timezone.now(), lanes=Lanes.STAFF
    )
    services = defaultdict(set)
    for desk_id, service_id in DeskService.objects.values_list("desk", "service"):
        services[desk_id].add(service_id)
    for desk_id, hours in free.hours.items():
        desk = desks[desk_id]
        for day, mask in free.days.each(hours.mask):
            offered = mask.bit_count() * desk.lanes * rules.CELL
            for service_id in services[desk_id] if mask else ():
                yield desk.location_id, service_id, day, offered


def _made(first: date, last: date) -> Any:
    """Appointments, counted by place, service, day and what became of them."""
    start, end = rules.midnight(first), rules.midnight(last + timedelta(days=1))
    wait = Greatest(F("seen_at") - Greatest("arrived_at", "starts_at"), Value(NOTHING))
    known = Q(arrived_at__isnull=False, seen_at__isnull=False)
    made = Appointment.objects.kept().filter(starts_at__gte=start, starts_at__lt=end)
    grouped = made.annotate(day=TruncDate("starts_at", tzinfo=rules.LONDON)).values(
        "desk__location", "service", "day", "status"
    )
    return grouped.order_by().annotate(
        count=Count("pk"),
        busy=Sum(F("busy_to") - F("busy_from")),
        overbooked=Count("pk", filter=~Q(overbook_reason="")),
        waited=Count("pk", filter=known),
        wait=Avg(wait, filter=known),
        longest=Max(wait, filter=known),
    )


def _add(line: Line, row: dict[str, Any]) -> None:
    line.statuses[row["status"]] += row["count"]
    if row["status"] in STANDING:
        line.busy += row["busy"]
        line.overbooked += row["overbooked"]
    if row["waited"]:
        line.waited += row["waited"]
        line.waits += row["wait"] * row["waited"]
        line.longest = max(line.longest, row["longest"])
