"""From a time that somebody chose to a booked appointment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from appointments import mail
from appointments.actions.finding import (
    insert,
    is_still_free,
    lanes_for,
    refuse_clash,
    set_times,
    take_one,
)
from appointments.actions.locks import expire, lock_appointment, lock_desks, lock_resident, reap
from appointments.errors import AlreadyBooked, SlotTaken
from appointments.models import Appointment, Desk, Service

if TYPE_CHECKING:
    from accounts.models import Resident
    from appointments.places import Place

DETAILS = (
    "people",
    "needs_bsl",
    "needs_interpreter",
    "language",
    "needs_step_free",
    "needs_hearing_loop",
    "needs_quiet_room",
    "needs_longer",
    "brings_someone",
    "phone",
    "address",
    "notes",
)


@transaction.atomic
def hold(
    *,
    resident: Resident,
    service: Service,
    place: Place,
    starts_at: datetime,
    people: int = 1,
    longer: bool = False,
    needs: Collection[str] = (),
) -> Appointment:
    """Keep a time for the resident for the service's `hold_minutes`; asking twice gives the same.

    It is as long as so many `people` need, and `longer` where somebody needs more time; `needs` are
    fields that they said yes to before they chose the place. It takes the place of the resident's
    earlier hold, with the answers given so far. Raises AlreadyBooked,
    and SlotTaken where the time is not free that long, or no longer.
    """
    now = timezone.now()
    lock_resident(resident.pk)
    held = Appointment.objects.for_resident(resident).filter(status=Appointment.Status.HELD).first()
    said = {"people": people, "needs_longer": longer, **dict.fromkeys(needs, True)}
    wanted = _wanted(resident, service, said)
    wanted.channel = place.channel
    wanted.hold_expires_at = now + timedelta(minutes=service.hold_minutes)
    set_times(wanted, starts_at, wanted.minutes_needed)
    if held and _is_same(held, wanted, place, now):
        answers = dict.fromkeys(needs, True)
        return save_details(appointment=held, answers=answers) if needs else held
    _refuse_second(wanted)
    return take_one(
        wanted,
        place.desks,
        lambda desk: _take(wanted, desk, held, now),
        ignore=[held.pk] if held else [],
        now=now,
    )


@transaction.atomic
def save_details(
    *, appointment: Appointment, answers: Mapping[str, bool | str | int]
) -> Appointment:
    """Keep what the resident answered (names in DETAILS), even where the hold has been lost."""
    for name, value in answers.items():
        setattr(appointment, name, value)
    if not appointment.needs_interpreter:
        appointment.language = ""
    drafts = Appointment.objects.filter(
        pk=appointment.pk, status__in=[Appointment.Status.HELD, Appointment.Status.EXPIRED]
    )
    drafts.update(**{name: getattr(appointment, name) for name in DETAILS})
    return appointment


@transaction.atomic
def confirm(*, appointment: Appointment) -> Appointment:
    """Book what is held and mail the resident; confirming again gives the same booking.

    A hold that has run out can still be confirmed while nobody else has taken its time. Raises
    SlotTaken where somebody has, where the desk has been closed, and where it is shorter than the
    answers ask for.
    """
    now = timezone.now()
    fresh = lock_appointment(appointment)
    if fresh.booked_at is not None:
        return fresh
    if fresh.status != Appointment.Status.HELD or fresh.minutes < fresh.minutes_needed:
        raise SlotTaken
    if not is_still_free(fresh, now):
        raise SlotTaken
    fresh.status = Appointment.Status.BOOKED
    fresh.booked_at = now
    fresh.hold_expires_at = None
    fresh.save(update_fields=["status", "booked_at", "hold_expires_at"])
    mail.send_booked(fresh, now=now)
    return fresh


def _is_same(held: Appointment, wanted: Appointment, place: Place, now: datetime) -> bool:
    """Whether this hold, still running, is for what is asked for now."""
    return (
        held.hold_expires_at is not None
        and held.hold_expires_at > now
        and held.service_id == wanted.service_id
        and (held.starts_at, held.ends_at) == (wanted.starts_at, wanted.ends_at)
        and (held.people, held.needs_longer) == (wanted.people, wanted.needs_longer)
        and held.channel == wanted.channel
        and held.desk_id in {desk.pk for desk in place.desks}
    )


def _refuse_second(wanted: Appointment) -> None:
    """Raise AlreadyBooked for an appointment at that time, or one too many for the service."""
    mine = Appointment.objects.filter(resident=wanted.resident)
    ahead = list(mine.upcoming(timezone.now()).select_related("service"))
    refuse_clash(wanted, ahead)
    same = [booked for booked in ahead if booked.service_id == wanted.service_id]
    if len(same) >= wanted.service.max_active:
        raise AlreadyBooked(same[0])


def _wanted(resident: Resident, service: Service, said: Mapping[str, Any]) -> Appointment:
    """A new one, with what the resident has answered for it without having booked it yet."""
    drafts = Appointment.objects.for_resident(resident).filter(
        service=service, status__in=[Appointment.Status.HELD, Appointment.Status.EXPIRED]
    )
    last = drafts.order_by("-created_at", "-pk").values(*DETAILS).first() or {}
    return Appointment(resident=resident, service=service, **{**last, **said})


def _take(wanted: Appointment, desk: Desk, held: Appointment | None, now: datetime) -> Appointment:
    """Take the time at this desk, everything checked again under its lock; raises SlotTaken."""
    locked = lock_desks([desk.pk, held.desk_id] if held else [desk.pk])
    lanes = lanes_for(wanted, locked[desk.pk], ignore=[held.pk] if held else [], now=now)
    reap(desk, wanted.busy_from, wanted.busy_to, now=now)
    if held:
        expire([held.pk])
    return insert(wanted, locked[desk.pk], lanes)
