"""What staff open, with new hours or the end of a closure, goes first to who waits for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from appointments import availability, rules
from appointments.actions.locks import lock_all_desks
from appointments.actions.offering import offer_between
from appointments.availability import Free
from appointments.models import Desk, Waiting


@contextmanager
def changing_hours() -> Iterator[None]:
    """Keep every desk while hours, closures or lanes change, so that nobody books by the old ones.

    What is free afterwards and was not before is offered to who waits for an earlier time. Doing it
    again without a change offers nothing.
    """
    with transaction.atomic():
        lock_all_desks()
        now = timezone.now()
        before = _free(now)
        yield
        if before is not None:
            _offer_opened(before, now)


def _free(now: datetime) -> Free | None:
    """What residents can book until the last day that somebody waits for; None for nobody."""
    last = Waiting.objects.aggregate(last=Max("appointment__starts_at"))["last"]
    if last is None or last < now:
        return None
    days = rules.local_day(now), rules.local_day(last)
    return availability.free_masks(Desk.objects.all(), *days, now=now)


def _offer_opened(before: Free, now: datetime) -> None:
    days = before.days
    after = availability.free_masks(Desk.objects.all(), days.first, days.last, now=now)
    opened: dict[int, int] = defaultdict(int)
    for lane, mask in after.masks.items():
        opened[lane.desk_id] |= mask & ~before.masks.get(lane, 0)
    for desk in Desk.objects.filter(pk__in=[key for key, marks in opened.items() if marks]):
        for low, high in rules.spans(opened[desk.pk]):
            start, end = days.moment_of(low), days.moment_of(high)
            offer_between(desk, start, end, now=now)
