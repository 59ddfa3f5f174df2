"""Cancelling, by the resident in time or by the council at any time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from appointments import mail
from appointments.actions.cooling import cool_off
from appointments.actions.locks import expire, free_cells, lock_appointment
from appointments.actions.offering import offer_freed
from appointments.errors import CannotCancel
from appointments.models import Appointment, Waiting
from appointments.models.status import Status


@transaction.atomic
def cancel(
    *,
    appointment: Appointment,
    by_council: bool = False,
    by_staff: bool = False,
    reason: str = "",
) -> Appointment:
    """Cancel it, free its time and mail the resident; cancelling again changes nothing.

    `by_staff` is for a resident who asks staff to: no notice is needed, as for the council.
    A hold is simply given up. Raises CannotCancel: for the resident after the service's notice,
    for the council once it is over or somebody has come for it.
    """
    now = timezone.now()
    fresh = lock_appointment(appointment)
    if fresh.is_cancelled or fresh.status == Status.EXPIRED:
        return fresh
    if fresh.status == Status.HELD:
        expire([fresh.pk])
        fresh.refresh_from_db(fields=["status", "hold_expires_at"])
        return fresh
    without_notice = by_council or by_staff
    if not (fresh.is_ahead(now) if without_notice else fresh.can_be_cancelled(now)):
        raise CannotCancel(fresh.reference)
    fresh.cancel_reason = reason
    withdraw(
        fresh, Status.CANCELLED_BY_COUNCIL if by_council else Status.CANCELLED_BY_RESIDENT, now=now
    )
    mail.send_cancelled(fresh, now=now)
    return fresh


def withdraw(booked: Appointment, status: Status, *, now: datetime) -> None:
    """Record the cancelling and free its time, first for who waits; its desk must be locked."""
    free_cells([booked.pk])
    Waiting.objects.filter(appointment=booked).delete()
    booked.status = status
    booked.cancelled_at = now
    booked.ical_sequence += 1
    booked.save(update_fields=["status", "cancelled_at", "cancel_reason", "ical_sequence"])
    if not offer_freed(booked, now=now) and status == Status.CANCELLED_BY_RESIDENT:
        cool_off(booked, now=now)
