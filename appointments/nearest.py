"""The times nearest to one that cannot be had: at the same place, and at others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from appointments import availability, rules
from appointments.availability import Slot
from appointments.models import Service
from appointments.places import Place


class Near(NamedTuple):
    """A time that can be booked at a place."""

    place: Place
    slot: Slot


def nearest(
    service: Service,
    found: Sequence[Place],
    to: datetime,
    *,
    within: timedelta,
    now: datetime,
    minutes: int,
    ignore: Iterable[int] = (),
) -> list[Near]:
    """What can be booked at these places before and after, the nearest first, in five queries."""
    around, today = max(to, now), rules.local_day(now)
    first, last = max(rules.local_day(around - within), today), rules.local_day(around + within)
    pools = availability.slots_of_each(
        service,
        [place.desks for place in found],
        first,
        last,
        now=now,
        ignore=ignore,
        minutes=minutes,
    )
    every = [Near(place, slot) for place, slots in zip(found, pools, strict=True) for slot in slots]
    return sorted(every, key=lambda near: (abs(near.slot.starts_at - to), near.slot))
