"""Appointments that stand while their desk is not open: what staff have to move or cancel."""

from __future__ import annotations

from django.utils import timezone

from appointments import availability, rules
from appointments.models import Appointment


def stranded() -> list[Appointment]:
    """Those that lie ahead and whose desk is closed for a part of their time, soonest first.

    Whatever closed it: a closure, a bank holiday, or hours that staff have changed. In six
    queries.
    """
    now = timezone.now()
    ahead = Appointment.objects.booked().filter(starts_at__gt=now).with_place()
    booked = list(ahead.select_related("resident").order_by("starts_at", "pk"))
    if not booked:
        return []
    desks = {made.desk_id: made.desk for made in booked}
    first = rules.local_day(min(made.busy_from for made in booked))
    last = rules.local_day(max(made.busy_to for made in booked))
    free = availability.free_masks(desks.values(), first, last, now=now)
    return [made for made in booked if not free.is_open(made.desk, made.busy_from, made.busy_to)]


def is_stranded(made: Appointment) -> bool:
    """Whether the desk of this one is closed for a part of its time, as it is now."""
    day = rules.local_day(made.starts_at)
    free = availability.free_masks([made.desk], day, day, now=timezone.now())
    return not free.is_open(made.desk, made.busy_from, made.busy_to)
