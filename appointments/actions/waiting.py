"""Waiting for an earlier time: joining and leaving the list, and answering an offer."""

from __future__ import annotations

from copy import copy

from django.db import transaction
from django.utils import timezone

from appointments.actions.finding import is_still_free, refuse_clash
from appointments.actions.locks import expire, lock_desks, lock_resident
from appointments.actions.moving import finish
from appointments.actions.offering import offer_freed
from appointments.errors import CannotMove, SlotTaken
from appointments.models import Appointment, EarlierOffer, OccupiedCell, Waiting

State = EarlierOffer.State


@transaction.atomic
def wait(*, appointment: Appointment, mornings: bool, afternoons: bool, anywhere: bool) -> Waiting:
    """Put the resident on the list, or change what would do; their place in it stays.

    Raises CannotMove where the appointment could not be moved now.
    """
    if not appointment.can_be_moved(timezone.now()):
        raise CannotMove(appointment.reference)
    wishes = {"mornings": mornings, "afternoons": afternoons, "anywhere": anywhere}
    waiting, _ = Waiting.objects.update_or_create(appointment=appointment, defaults=wishes)
    return waiting


@transaction.atomic
def stop_waiting(*, appointment: Appointment) -> None:
    """Take the resident off the list; what they have been offered they can still accept."""
    Waiting.objects.filter(appointment=appointment).delete()


@transaction.atomic
def accept(*, offer: EarlierOffer) -> Appointment:
    """Move the appointment to the time that is kept, in one step; accepting again changes nothing.

    Raises SlotTaken where the time went to somebody else after the time to answer or is no use any
    more, CannotMove where the appointment cannot be moved any more, and AlreadyBooked. What the
    council offers instead of a time that it closed needs no notice.
    """
    now = timezone.now()
    fresh = _locked(offer)
    before, held = fresh.appointment, fresh.held
    if fresh.state == State.ACCEPTED:
        return before
    if fresh.state != State.PENDING or held is None or held.status != Appointment.Status.HELD:
        raise SlotTaken
    useful = EarlierOffer.objects.useful().filter(pk=fresh.pk).exists()
    if not useful or not is_still_free(held, now):
        raise SlotTaken
    if not (before.is_ahead(now) if fresh.instead else before.can_be_moved(now)):
        raise CannotMove(before.reference)
    if before.resident is not None:
        mine = Appointment.objects.for_resident(before.resident).exclude(pk=before.pk)
        refuse_clash(held, mine.upcoming(now).with_place())
    moved = copy(before)
    moved.asked_to_move_at, moved.overbook_reason = None, ""
    for name in ("desk", "lane", "starts_at", "ends_at", "busy_from", "busy_to"):
        setattr(moved, name, getattr(held, name))
    OccupiedCell.objects.filter(appointment=held).update(appointment=before)
    expire([held.pk])
    _end(fresh, State.ACCEPTED)
    Waiting.objects.filter(appointment=before).delete()
    return finish(before, moved, now=now)


@transaction.atomic
def decline(*, offer: EarlierOffer) -> EarlierOffer:
    """Give the time to the next who waits; whoever waits too stays on the list for another."""
    fresh = _locked(offer)
    if fresh.state == State.PENDING:
        _pass_on(fresh, State.DECLINED)
    return fresh


def pass_on_offers() -> int:
    """End each offer not answered in time, and give its time to the next; says how many."""
    ended = 0
    for offer in EarlierOffer.objects.over(timezone.now()).order_by("pk"):
        with transaction.atomic():
            fresh = _locked(offer)
            if EarlierOffer.objects.over(timezone.now()).filter(pk=fresh.pk).exists():
                _pass_on(fresh, State.EXPIRED)
                ended += 1
    return ended


def _locked(offer: EarlierOffer) -> EarlierOffer:
    """The offer as it is now, with its resident, both desks and both appointments locked."""
    resident_id = offer.appointment.resident_id
    if resident_id is not None:
        lock_resident(resident_id)
    rows = EarlierOffer.objects.filter(pk=offer.pk)
    keys = rows.values_list("appointment__desk", "desk").get()
    lock_desks(keys)
    appointments = Appointment.objects.filter(pk__in=[offer.appointment_id, offer.held_id])
    list(appointments.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    related = ("appointment__service", "appointment__desk__location", "appointment__resident")
    fresh = rows.select_for_update(no_key=True, of=("self",)).select_related(*related, "held__desk")
    return fresh.get()


def _end(offer: EarlierOffer, state: EarlierOffer.State) -> None:
    offer.state = state
    offer.save(update_fields=["state"])


def _pass_on(offer: EarlierOffer, state: EarlierOffer.State) -> None:
    _end(offer, state)
    if offer.held is not None:
        expire([offer.held.pk])
        offer_freed(offer.held, now=timezone.now())
