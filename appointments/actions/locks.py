"""Locks, always in this order: resident, desks by key, rows. And giving cells back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.models import Resident
from appointments.errors import ChangedMeanwhile
from appointments.models import Appointment, Desk, OccupiedCell


def lock_resident(key: int) -> None:
    """Lock the resident, so that holding, booking and cancelling in two windows take turns."""
    Resident.objects.select_for_update(no_key=True).get(pk=key)


def lock_desks(keys: Iterable[int]) -> dict[int, Desk]:
    """These desks, locked in the order of their keys, so that no two writers wait in a ring.

    The lock is NO KEY UPDATE: rows that refer to a desk can still be inserted by others.
    """
    desks = Desk.objects.select_for_update(no_key=True).filter(pk__in=set(keys))
    return {desk.pk: desk for desk in desks.order_by("pk")}


def lock_all_desks() -> dict[int, Desk]:
    """Every desk, for a change of hours: nobody books by the old ones meanwhile."""
    return lock_desks(Desk.objects.order_by().values_list("pk", flat=True))


def lock_appointment(appointment: Appointment, *, beside: Iterable[int] = ()) -> Appointment:
    """The appointment as it is now, its resident, its desk and then its row locked.

    `beside` are keys of desks to lock with its own, where it may have to go to one of them.
    Raises ChangedMeanwhile where it was moved to another desk before that could be locked.
    """
    if appointment.resident_id is not None:
        lock_resident(appointment.resident_id)
    rows = Appointment.objects.with_place().select_related("resident")
    desk_id = rows.values_list("desk", flat=True).get(pk=appointment.pk)
    lock_desks([desk_id, *beside])
    fresh = rows.select_for_update(no_key=True, of=("self",)).get(pk=appointment.pk)
    if fresh.desk_id != desk_id:
        raise ChangedMeanwhile(fresh.reference)
    return fresh


def free_cells(appointments: Iterable[int]) -> None:
    """Give back the cells of these appointments; their desks must be locked."""
    # Foreign keys are checked at commit, so cells are deleted by name and never by cascade.
    OccupiedCell.objects.filter(appointment__in=list(appointments)).delete()


def expire(holds: Iterable[int]) -> None:
    """End those that are still holds and give back their cells; their desks must be locked."""
    held = Appointment.objects.filter(pk__in=list(holds), status=Appointment.Status.HELD)
    ended = list(held.order_by("pk").values_list("pk", flat=True))
    free_cells(ended)
    Appointment.objects.filter(pk__in=ended).update(
        status=Appointment.Status.EXPIRED, hold_expires_at=None
    )


def end_rest(cancelled: Iterable[int]) -> None:
    """Give back the cells that cancelled ones still kept; their desks must be locked."""
    rested = list(cancelled)
    free_cells(rested)
    Appointment.objects.filter(pk__in=rested).update(rests_until=None)


def reap(desk: Desk, start: datetime, end: datetime, *, now: datetime) -> None:
    """Take this time from holds and rests that have run out; the desk must be locked.

    No constraint can know what time it is, so whoever wants the cells takes them away first.
    """
    there = Appointment.objects.filter(desk=desk).overlapping(start, end)
    expire(there.lapsed(now).order_by("pk").values_list("pk", flat=True))
    end_rest(there.rested(now).order_by("pk").values_list("pk", flat=True))
