"""A cancelled time rests before others can have it, where a service wants that."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from appointments.actions.locks import end_rest, lock_desks
from appointments.actions.offering import offer_freed
from appointments.models import Appointment, OccupiedCell


def cool_off(cancelled: Appointment, *, now: datetime) -> None:
    """Keep its time from everybody for the service's minutes; its desk must be locked."""
    minutes = cancelled.service.cooloff_minutes
    if minutes and cancelled.starts_at > now:
        cancelled.rests_until = now + timedelta(minutes=minutes)
        cancelled.save(update_fields=["rests_until"])
        OccupiedCell.objects.bulk_create(cancelled.occupied())


def end_cool_offs() -> int:
    """Free what has rested long enough, first for those who wait by now; says how many times.

    Nobody who books depends on it: they take such a time as they would take a lapsed hold's.
    """
    now, ended = timezone.now(), 0
    for key, desk_id in Appointment.objects.rested(now).values_list("pk", "desk").order_by("pk"):
        with transaction.atomic():
            lock_desks([desk_id])
            rested = Appointment.objects.rested(now).filter(pk=key).first()
            if rested is not None:
                end_rest([rested.pk])
                offer_freed(rested, now=now)
                ended += 1
    return ended
