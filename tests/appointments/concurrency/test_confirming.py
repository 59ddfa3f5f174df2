"""Confirming, while something else happens to the same hold."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from appointments import actions
from appointments.checks import problems
from appointments.models import Appointment, OccupiedCell
from stockport.outbox.models import Delivery
from tests.appointments.concurrency.crowd import at_once, clear, holds, meanwhile
from tests.appointments.world import in_days, make_place
from tests.factories.accounts import ResidentFactory


def one_held(*, ran_out: bool = False) -> Appointment:
    """A time that a resident has."""
    [call] = holds(1, *make_place(), in_days(3))
    held: Appointment = call()
    if ran_out:
        Appointment.objects.update(hold_expires_at=timezone.now() - timedelta(seconds=1))
    return held


def test_confirming_twice_at_once_books_once_and_mails_once() -> None:
    held = one_held()

    ends = at_once(*[partial(actions.confirm, appointment=held)] * 8)

    assert ends == {"done": 8}
    assert Appointment.objects.booked().count() == 1
    assert Delivery.objects.filter(reference=held.reference).count() == 1


def test_without_the_lock_confirming_twice_mails_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    held, looking = one_held(), threading.Barrier(4)

    def only_look(appointment: Appointment) -> Appointment:
        fresh = Appointment.objects.with_place().get(pk=appointment.pk)
        looking.wait(10)
        return fresh

    monkeypatch.setattr("appointments.actions.booking.lock_appointment", only_look)
    at_once(*[partial(actions.confirm, appointment=held)] * 4)

    assert Delivery.objects.filter(reference=held.reference).count() > 1


def test_cancelling_while_confirming_leaves_it_booked_or_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = one_held()

    meanwhile(
        monkeypatch,
        partial(actions.confirm, appointment=held),
        partial(actions.cancel, appointment=held),
        look=1,
    )

    held.refresh_from_db()
    assert held.status == "cancelled_by_resident"  # booked first, and then cancelled
    assert not OccupiedCell.objects.exists()


def test_without_the_lock_cancelling_while_confirming_leaves_a_booking_without_its_time(
    no_appointment_lock: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = one_held()

    meanwhile(
        monkeypatch,
        partial(actions.confirm, appointment=held),
        partial(actions.cancel, appointment=held),
        look=1,
    )

    assert problems() == [f"{held.reference} lacks a cell of its time, or has one twice."]
    clear()


def test_tidying_up_never_takes_a_booking_away(monkeypatch: pytest.MonkeyPatch) -> None:
    held = one_held(ran_out=True)

    ends = meanwhile(monkeypatch, partial(actions.confirm, appointment=held), actions.tidy, look=1)

    held.refresh_from_db()
    assert ends == {"done": 2}
    assert held.status == "booked"


def test_without_the_lock_tidying_up_takes_a_booking_away(
    no_appointment_lock: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = one_held(ran_out=True)

    meanwhile(monkeypatch, partial(actions.confirm, appointment=held), actions.tidy, look=1)

    assert problems() == [f"{held.reference} lacks a cell of its time, or has one twice."]
    clear()


def test_hold_that_ran_out_goes_either_to_its_resident_or_to_another() -> None:
    service, place = make_place()
    [call] = holds(1, service, place, in_days(3))
    held = call()
    Appointment.objects.update(hold_expires_at=timezone.now() - timedelta(seconds=1))

    ends = at_once(
        lambda: actions.confirm(appointment=held), *holds(10, service, place, in_days(3))
    )

    assert ends == {"done": 1, "SlotTaken": 10}


def test_confirming_in_one_window_and_choosing_again_in_another_takes_turns() -> None:
    service, place = make_place(desks=2)
    for resident in ResidentFactory.create_batch(6):
        ask = partial(actions.hold, resident=resident, service=service, place=place)
        held = ask(starts_at=in_days(3, 9 + resident.pk % 6))

        ends = at_once(
            partial(actions.confirm, appointment=held),
            partial(ask, starts_at=in_days(4, 9 + resident.pk % 6)),
        )

        assert ends["done"] == 1
        assert problems() == []
