"""A day of a place as staff see it: each desk with who comes, what is free and what is closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.admin.utils import label_for_field

from appointments import availability, rules
from appointments.actions.visiting import Note, notes_of
from appointments.days import Days
from appointments.forms import NEEDS
from appointments.models import Appointment, Desk, Lanes, Location


@dataclass(frozen=True)
class Entry:
    """A part of a desk's day: somebody's appointment, or time in which `free` more would fit."""

    starts_at: datetime
    ends_at: datetime
    appointment: Appointment | None = None
    free: int = 0
    needs: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    is_ahead: bool = False  # of an appointment: it can still be moved or cancelled
    is_closed: bool = False  # of an appointment: the desk is closed for a part of its time


@dataclass(frozen=True)
class DeskDiary:
    """A desk with its entries in order; none where it is closed all day and nobody is booked."""

    desk: Desk
    entries: list[Entry]


def day_of(location: Location, day: date, *, now: datetime) -> list[DeskDiary]:
    """Every desk of the place on this day, in seven queries."""
    desks = list(location.desks.all())
    free = availability.free_masks(desks, day, day, now=now, lanes=Lanes.STAFF)
    start, end = rules.midnight(day), rules.midnight(day + timedelta(days=1))
    made: dict[int, list[Appointment]] = defaultdict(list)
    live = Appointment.objects.live(now).filter(desk__in=desks, starts_at__gte=start)
    rows = live.filter(starts_at__lt=end).select_related("service", "resident", "desk__location")
    for appointment in rows.order_by("starts_at", "lane"):
        made[appointment.desk_id].append(appointment)
    return [DeskDiary(desk, _entries(desk, free, made[desk.pk], now)) for desk in desks]


def _entries(
    desk: Desk, free: availability.Free, made: list[Appointment], now: datetime
) -> list[Entry]:
    lanes = [mask for lane, mask in free.masks.items() if lane.desk_id == desk.pk]
    entries = [
        Entry(
            each.starts_at,
            each.ends_at,
            appointment=each,
            needs=tuple(_needs(each)),
            notes=tuple(notes_of(each, now)),
            is_ahead=each.is_ahead(now),
            is_closed=not free.is_open(desk, each.busy_from, each.busy_to),
        )
        for each in made
    ]
    return sorted([*entries, *_gaps(free.days, lanes)], key=lambda entry: entry.starts_at)


def _needs(made: Appointment) -> Iterator[str]:
    """What the resident needs, in the words of the fields; the language beside the interpreter."""
    for name in NEEDS:
        if getattr(made, name):
            words = str(label_for_field(name, Appointment))
            spoken = f": {made.language}" if name == "needs_interpreter" else ""
            yield f"{words[:1].upper()}{words[1:]}{spoken}"


def _gaps(days: Days, lanes: list[int]) -> Iterator[Entry]:
    """Stretches in which the same number of lanes is free."""
    begun, before = 0, 0
    for bit in range(days.size + 1):
        count = sum(mask >> bit & 1 for mask in lanes)
        if count != before:
            if before:
                start, end = days.moment_of(begun), days.moment_of(bit)
                yield Entry(start, end, free=before)
            begun, before = bit, count
