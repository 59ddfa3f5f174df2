"""Appointments that stand while their desk is not open: what staff have to move or cancel."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from appointments import rules
from appointments.models import Appointment
from appointments.openings import DeskDay, Hours, opening_hours


def stranded() -> list[Appointment]:
    """Those that lie ahead and whose desk is closed for a part of their time, soonest first.

    Whatever closed it: a closure, a bank holiday, or hours that staff have changed. In five
    queries.
    """
    ahead = Appointment.objects.booked().filter(starts_at__gt=timezone.now()).with_place()
    booked = list(ahead.select_related("resident").order_by("starts_at", "pk"))
    if not booked:
        return []
    desks = {made.desk_id: made.desk for made in booked}
    first = rules.local_day(min(made.busy_from for made in booked))
    last = rules.local_day(max(made.busy_to for made in booked))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    hours = opening_hours(list(desks.values()), days)
    return [made for made in booked if not _is_open(hours, made)]


def is_stranded(made: Appointment) -> bool:
    """Whether the desk of this one is closed for a part of its time, as it is now."""
    hours = opening_hours([made.desk], [rules.local_day(made.starts_at)])
    return not _is_open(hours, made)


def _is_open(hours: Hours, made: Appointment) -> bool:
    day = rules.local_day(made.starts_at)
    needed = rules.span(day, made.busy_from, made.busy_to)
    return rules.has_all(hours.masks.get(DeskDay(made.desk_id, day), 0), needed)
