"""Offers of earlier times, and reminders, while others book, cancel and answer."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from appointments import actions
from appointments.checks import problems
from appointments.models import Appointment, EarlierOffer
from stockport.outbox.models import Delivery
from tests.appointments.concurrency.crowd import (
    at_once,
    booked,
    holds,
    meanwhile,
    without_unique_cells,
)
from tests.appointments.world import in_days, make_place
from tests.factories.accounts import ResidentFactory


def waiting_for(place: Any, service: Any, *days: int) -> list[Appointment]:
    """Residents who are booked on these days and wait for an earlier time."""
    made = []
    for day, who in zip(days, ResidentFactory.create_batch(len(days)), strict=True):
        held = actions.hold(resident=who, service=service, place=place, starts_at=in_days(day))
        made.append(actions.confirm(appointment=held))
        actions.wait(appointment=made[-1], mornings=True, afternoons=True, anywhere=False)
    return made


def test_cancelled_time_goes_to_who_waits_and_never_to_a_booker_as_well() -> None:
    service, place = make_place()
    early, *_ = booked(1, service, place)
    waiting_for(place, service, 9, 10)

    ends = at_once(
        partial(actions.cancel, appointment=early), *holds(8, service, place, early.starts_at)
    )

    assert ends == {"done": 1, "SlotTaken": 8}
    assert EarlierOffer.objects.pending().count() == 1


def test_two_times_freed_at_once_make_one_offer_to_each_who_waits() -> None:
    service, place = make_place(desks=2)
    early = booked(8, service, place)
    waiting_for(place, service, 20, 21, 22)

    ends = at_once(*[partial(actions.cancel, appointment=one) for one in early])

    assert ends == {"done": 8}
    offered = EarlierOffer.objects.pending().values_list("appointment", flat=True)
    assert len(offered) == len(set(offered)) <= 3


def test_offer_taken_twice_at_once_moves_the_appointment_once() -> None:
    service, place = make_place()
    [early] = booked(1, service, place)
    [made] = waiting_for(place, service, 9)
    actions.cancel(appointment=early)
    offer = EarlierOffer.objects.get()

    ends = at_once(*[partial(actions.accept, offer=offer)] * 6)

    made.refresh_from_db()
    assert ends == {"done": 6}
    assert (made.starts_at, made.ical_sequence) == (early.starts_at, 1)


def test_accepting_declining_and_passing_on_at_once_end_in_one_of_them() -> None:
    service, place = make_place()
    [early] = booked(1, service, place)
    made, second = waiting_for(place, service, 9, 10)
    actions.cancel(appointment=early)
    offer = EarlierOffer.objects.get()

    at_once(
        partial(actions.accept, offer=offer),
        partial(actions.decline, offer=offer),
        actions.pass_on_offers,
        partial(actions.cancel, appointment=made),
    )

    offer.refresh_from_db()
    made.refresh_from_db()
    if offer.state == EarlierOffer.State.ACCEPTED:
        assert made.starts_at == early.starts_at
    assert Appointment.objects.filter(pk=second.pk, status="booked").exists()


def test_reminding_twice_at_once_reminds_once() -> None:
    service, place = make_place(reminder_hours=[240])
    booked(3, service, place)
    Appointment.objects.update(booked_at=timezone.now() - timedelta(days=30))

    at_once(*[actions.remind] * 5)

    assert Delivery.objects.filter(payload__subject__startswith="Reminder").count() == 3


def _passed_on_just_after_the_check(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """An offer runs out and goes to the next, between a booker's last check and their booking."""
    service, place = make_place()
    [early] = booked(1, service, place)
    waiting_for(place, service, 9, 10)
    actions.cancel(appointment=early)
    past = timezone.now() - timedelta(seconds=1)
    EarlierOffer.objects.update(expires_at=past)
    Appointment.objects.filter(status="held").update(hold_expires_at=past)
    [book] = holds(1, service, place, early.starts_at)
    # The second look is the one under the lock.
    return meanwhile(monkeypatch, book, actions.pass_on_offers, look=2)


def test_offer_that_ran_out_goes_either_to_a_booker_or_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert _passed_on_just_after_the_check(monkeypatch) == {"done": 2}
    assert not EarlierOffer.objects.pending().exists()


def test_without_the_guards_an_offer_that_ran_out_goes_to_both(
    no_desk_lock: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_unique_cells():
        _passed_on_just_after_the_check(monkeypatch)
        found = problems()
        EarlierOffer.objects.all().delete()

    assert found
