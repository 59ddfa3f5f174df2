"""From a time that somebody chose to a booked appointment."""

from __future__ import annotations

import random
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from appointments import availability, mail, rules
from appointments.actions.locks import expire, lock_appointment, lock_desks, lock_resident, reap
from appointments.errors import AlreadyBooked, SlotTaken
from appointments.models import Appointment, Desk, DeskService, OccupiedCell, Service
from stockport.db import on_violation

if TYPE_CHECKING:
    from accounts.models import Resident
    from appointments.places import Place

TRIES = 5
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
    "notes",
)
shuffle = random.SystemRandom()


@transaction.atomic
def hold(
    *,
    resident: Resident,
    service: Service,
    place: Place,
    starts_at: datetime,
    people: int = 1,
    longer: bool = False,
) -> Appointment:
    """Keep a time for the resident for the service's `hold_minutes`; asking twice gives the same.

    It is as long as so many `people` need, and `longer` where somebody needs more time. It takes
    the place of the resident's earlier hold, with the answers given so far. Raises AlreadyBooked,
    and SlotTaken where the time is not free that long, or no longer.
    """
    now = timezone.now()
    lock_resident(resident.pk)
    held = Appointment.objects.for_resident(resident).filter(status=Appointment.Status.HELD).first()
    wanted = _wanted(resident, service, {"people": people, "needs_longer": longer})
    wanted.channel = place.channel
    wanted.hold_expires_at = now + timedelta(minutes=service.hold_minutes)
    _set_times(wanted, starts_at)
    if held and _is_same(held, wanted, place, now):
        return held
    _refuse_second(wanted)
    untried = list(place.desks)
    for _ in range(TRIES):
        desk = _best_desk(wanted, untried, held, now)
        untried.remove(desk)
        with suppress(SlotTaken), on_violation("appointments_occupiedcell_unique", SlotTaken()):
            return _take(wanted, desk, held, now)
    raise SlotTaken


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
    if not _is_still_free(fresh, now):
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
    ahead = list(mine.upcoming(timezone.now()).with_place())
    for booked in ahead:
        if booked.starts_at < wanted.ends_at and booked.ends_at > wanted.starts_at:
            raise AlreadyBooked(booked)
    same = [booked for booked in ahead if booked.service_id == wanted.service_id]
    if len(same) >= wanted.service.max_active:
        raise AlreadyBooked(same[0])


def _wanted(resident: Resident, service: Service, size: Mapping[str, Any]) -> Appointment:
    """A new one, with what the resident has answered for it without having booked it yet."""
    drafts = Appointment.objects.for_resident(resident).filter(
        service=service, status__in=[Appointment.Status.HELD, Appointment.Status.EXPIRED]
    )
    last = drafts.order_by("-created_at", "-pk").values(*DETAILS).first() or {}
    return Appointment(resident=resident, service=service, **{**last, **size})


def _set_times(wanted: Appointment, starts_at: datetime) -> None:
    service = wanted.service
    wanted.starts_at = starts_at
    wanted.ends_at = starts_at + timedelta(minutes=wanted.minutes_needed)
    wanted.busy_from = starts_at - timedelta(minutes=service.buffer_before)
    wanted.busy_to = wanted.ends_at + timedelta(minutes=service.buffer_after)


def _free_lanes(
    wanted: Appointment, desks: list[Desk], held: Appointment | None, now: datetime
) -> dict[tuple[int, int], bool]:
    """The lanes where it can start, and whether it leaves no gap beside it there."""
    day = rules.local_day(wanted.starts_at)
    ignore = [held.pk] if held else []
    free = availability.free_masks(desks, day, day, now=now, ignore=ignore)
    low, high = rules.span(day, wanted.busy_from, wanted.busy_to)
    beside = rules.mask(high, high + 1) | (rules.mask(low - 1, low) if low else 0)
    bit = rules.span(day, wanted.starts_at, wanted.starts_at)[0]
    if rules.moment_of(day, bit) != wanted.starts_at:
        return {}
    marks_of = availability.starts(free, wanted.service, now=now, minutes=wanted.minutes)
    return {
        (key.desk_id, key.lane): free.masks[key] & beside != beside
        for key, marks in marks_of.items()
        if marks >> bit & 1
    }


def _best_desk(
    wanted: Appointment, desks: list[Desk], held: Appointment | None, now: datetime
) -> Desk:
    """A desk that is free then: one where no gap is left if any, else any; raises SlotTaken."""
    lanes = _free_lanes(wanted, desks, held, now)
    if not lanes:
        raise SlotTaken
    snug = {desk_id for (desk_id, _), fits in lanes.items() if fits}
    able = snug or {desk_id for desk_id, _ in lanes}
    # At random, so that many people after one time do not all queue for the first desk.
    return shuffle.choice([desk for desk in desks if desk.pk in able])


def _take(wanted: Appointment, desk: Desk, held: Appointment | None, now: datetime) -> Appointment:
    """Take the time at this desk, everything checked again under its lock; raises SlotTaken."""
    locked = lock_desks([desk.pk, held.desk_id] if held else [desk.pk])
    offers = DeskService.objects.filter(desk=desk, service=wanted.service, channel=wanted.channel)
    if not offers.filter(desk__online=True, service__active=True).exists():
        raise SlotTaken
    lanes = sorted(lane for _, lane in _free_lanes(wanted, [locked[desk.pk]], held, now))
    if not lanes:
        raise SlotTaken
    reap(desk, wanted.busy_from, wanted.busy_to, now=now)
    if held:
        expire([held.pk])
    wanted.pk = None
    wanted.desk, wanted.lane = locked[desk.pk], lanes[0]
    wanted.save(force_insert=True)
    OccupiedCell.objects.bulk_create(wanted.occupied())
    return wanted


def _is_still_free(held: Appointment, now: datetime) -> bool:
    """Whether its lane is open and free of others then; its desk must be locked."""
    if held.starts_at <= now:
        return False
    day = rules.local_day(held.starts_at)
    free = availability.free_masks([held.desk], day, day, now=now, ignore=[held.pk])
    needed = rules.mask(*rules.span(day, held.busy_from, held.busy_to))
    lane = availability.LaneDay(held.desk_id, held.lane, day)
    return free.masks.get(lane, 0) & needed == needed
