"""What is free, worked out minute by minute with nothing but sets and loops: slow and obvious."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from appointments import rules
from appointments.models import (
    Appointment,
    BankHoliday,
    Closure,
    Desk,
    ExtraOpening,
    OpeningRule,
    Service,
)

MINUTE = timedelta(minutes=1)


def bookable(
    service: Service,
    desks: list[Desk],
    first: date,
    last: date,
    now: datetime,
    minutes: int | None = None,
    *,
    staff: bool = False,
) -> Counter[datetime]:
    """How many lanes could take each start, of so many minutes, for residents or for staff."""
    length = service.duration if minutes is None else minutes
    left: Counter[datetime] = Counter()
    notice = timedelta() if staff else timedelta(hours=service.min_notice)
    last_day = now.astimezone(rules.LONDON).date() + timedelta(days=service.max_advance)
    for desk in desks:
        for n in range((last - first).days + 1):
            day = first + timedelta(days=n)
            if not staff and day > last_day:
                continue
            spans = opening_spans(desk, day)
            for lane in range(desk.lanes):
                if staff or (desk.online and lane < desk.lanes - desk.walk_in_lanes):
                    busy = taken(desk, lane, now)
                    left.update(starts(service, spans, busy, now + notice, length))
    return left


def opening_spans(desk: Desk, day: date) -> list[list[datetime]]:
    """The minutes of each opening of the desk on this day."""
    hours = [
        (extra.opens, extra.closes)
        for extra in ExtraOpening.objects.filter(date=day)
        if keeps(desk, extra)
    ]
    if not BankHoliday.objects.filter(date=day).exists():
        weekly = [rule for rule in OpeningRule.objects.all() if has(desk, rule, day)]
        hours += [(rule.opens, rule.closes) for rule in weekly]
    spans = [open_minutes(day, opens, closes) for opens, closes in hours]
    return [span for span in spans if span]


def keeps(desk: Desk, hours: OpeningRule | ExtraOpening) -> bool:
    """Whether these hours are this desk's."""
    here = desk.keeps_location_hours and hours.location_id == desk.location_id
    return here or hours.desk_id == desk.pk


def has(desk: Desk, rule: OpeningRule, day: date) -> bool:
    """Whether this rule opens this desk on this day."""
    weeks = (day - monday(rule.valid_from)).days // 7
    return (
        keeps(desk, rule)
        and rule.weekday == day.weekday()
        and rule.valid_from <= day
        and (rule.valid_to is None or day <= rule.valid_to)
        and weeks % rule.every_weeks == 0
    )


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def minutes_of(day: date) -> list[tuple[datetime, time]]:
    """Every minute of a day in London: its moment and what the clock on the wall shows."""
    moment = datetime.combine(day, time(0), UTC) - timedelta(hours=2)
    found = []
    while (local := moment.astimezone(rules.LONDON)).date() <= day:
        if local.date() == day:
            found.append((moment, local.time()))
        moment += MINUTE
    return found


def open_minutes(day: date, opens: time, closes: time) -> list[datetime]:
    """From the first minute at or after opening time to the last one before closing time."""
    minutes = minutes_of(day)
    ends_with_day = closes == time(0)
    begins = [i for i, (_, wall) in enumerate(minutes) if wall >= opens]
    ends = [i for i, (_, wall) in enumerate(minutes) if ends_with_day or wall < closes]
    if not begins or not ends:
        return []
    return [moment for moment, _ in minutes[begins[0] : ends[-1] + 1]]


def taken(desk: Desk, lane: int, now: datetime) -> list[tuple[datetime, datetime]]:
    """The intervals in which this lane is closed or busy."""
    closed = [
        (closure.starts_at, closure.ends_at)
        for closure in Closure.objects.all()
        if closure.desk_id in (None, desk.pk) and closure.location_id in (None, desk.location_id)
    ]
    busy = [
        (other.busy_from, other.busy_to)
        for other in Appointment.objects.filter(desk=desk, lane=lane)
        if other.status in ("booked", "arrived", "attended", "no_show")
        or (other.status == "held" and other.hold_expires_at > now)
        or (other.rests_until is not None and other.rests_until > now)
    ]
    return closed + busy


def starts(
    service: Service,
    spans: list[list[datetime]],
    intervals: list[tuple[datetime, datetime]],
    earliest: datetime,
    length: int,
) -> set[datetime]:
    """The minutes at which an appointment with its buffers would fit."""
    free = {minute for span in spans for minute in span}
    for start, end in intervals:
        free -= {minute for minute in free if minute + MINUTE > start and minute < end}
    needed = range(-service.buffer_before, length + service.buffer_after)
    return {
        start
        for span in spans
        for start in span[:: service.step]
        if start >= earliest and all(start + n * MINUTE in free for n in needed)
    }
