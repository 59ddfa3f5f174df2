"""Closing desks, and settling who stands in the way, while residents book and move."""

from __future__ import annotations

import threading
from collections import Counter
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from appointments import actions
from appointments.models import Appointment, Closure
from appointments.stranded import stranded
from stockport.outbox.models import Delivery
from tests.appointments.concurrency.crowd import at_once, holds, meanwhile
from tests.appointments.world import in_days, make_place
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import AppointmentFactory


def _close(desk: Any, listed: list[Any]) -> None:
    closure = Closure(desk=desk, starts_at=in_days(3, 9), ends_at=in_days(3, 17))
    listed += actions.close(closure=closure)


def test_nobody_is_booked_unnoticed_while_a_desk_is_being_closed() -> None:
    service, place = make_place()
    listed: list[Any] = []

    at_once(
        *holds(8, service, place, in_days(3)),
        lambda: _close(place.desks[0], listed),
        *holds(8, service, place, in_days(3, 11)),
    )

    assert set(Appointment.objects.live(timezone.now())) <= set(listed)


def _closed_just_after_the_check(monkeypatch: pytest.MonkeyPatch) -> bool:
    """Close the desk between somebody's last check and their booking; was staff told of it?"""
    service, place = make_place()
    listed: list[Any] = []
    [book] = holds(1, service, place, in_days(3))

    # The second look is the one under the lock.
    meanwhile(monkeypatch, book, partial(_close, place.desks[0], listed), look=2)

    assert Appointment.objects.count() == 1
    return bool(listed)


def test_staff_who_close_a_desk_are_told_of_the_booking_being_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert _closed_just_after_the_check(monkeypatch)


def test_without_the_lock_somebody_is_booked_into_a_closed_desk_unnoticed(
    no_desk_lock: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not _closed_just_after_the_check(monkeypatch)


def _settle_in_three_windows(service: Any, place: Any) -> tuple[Counter[str], int]:
    """Settle one closed appointment three times at once; how it ended, and how many e-mails."""
    made = AppointmentFactory.create(service=service, desk=place.desks[0], starts_at=in_days(3))
    _close(place.desks[0], [])
    settle = partial(actions.settle, appointment=made, reason="We are closed.")
    fates: list[Any] = []

    ends = at_once(*[lambda: fates.append(settle().name)] * 3)

    assert ends == {"done": 3}
    return Counter(fates), Delivery.objects.count()


def test_staff_who_settle_in_three_windows_ask_a_resident_once() -> None:
    fates, mails = _settle_in_three_windows(*make_place())

    assert fates == {"OFFERED": 1, "WAITS": 2}
    assert mails == 1


def test_without_the_lock_a_resident_is_asked_several_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looking = threading.Barrier(3)

    def only_look(appointment: Appointment, *, beside: Any) -> Appointment:
        fresh = Appointment.objects.with_place().get(pk=appointment.pk)
        looking.wait(10)
        return fresh

    monkeypatch.setattr("appointments.actions.settling.lock_appointment", only_look)
    fates, mails = _settle_in_three_windows(*make_place())

    assert fates["OFFERED"] + fates["ASKED"] > 1
    assert mails > 1


def test_last_equal_desk_goes_to_one_of_those_whose_desk_is_closed_or_to_a_resident() -> None:
    service, place = make_place(desks=3, duration=60)
    closed = place.desks[:2]
    affected = [
        AppointmentFactory.create(service=service, desk=desk, starts_at=in_days(3))
        for desk in closed
    ]
    for desk in closed:
        _close(desk, [])
    fates: list[str] = []

    def settle(made: Appointment) -> None:
        fates.append(actions.settle(appointment=made, reason="We are closed.").name)

    ends = at_once(
        *[partial(settle, made) for made in affected * 2],
        *holds(6, service, place, in_days(3)),
    )

    held = Appointment.objects.filter(status="held").exclude(resident=None).count()
    assert Counter(fates)["MOVED"] + held == 1
    assert ends["done"] == 4 + held
    assert Appointment.objects.booked().count() == 2


def test_resident_who_moves_while_staff_settle_keeps_what_they_chose() -> None:
    service, place = make_place(desks=2)
    for day in range(3, 9):
        made = AppointmentFactory.create(
            service=service, desk=place.desks[0], starts_at=in_days(day)
        )
        Closure.objects.create(
            desk=place.desks[0], starts_at=in_days(day, 9), ends_at=in_days(day, 12)
        )
        chosen = in_days(day, 14)

        ends = at_once(
            partial(actions.move, appointment=made, place=place, starts_at=chosen),
            partial(actions.settle, appointment=made, reason="We are closed."),
        )

        made.refresh_from_db()
        assert ends["done"] >= 1
        assert made.starts_at == chosen or ends["ChangedMeanwhile"]


def test_closing_and_settling_while_residents_book_leaves_nobody_at_a_closed_desk() -> None:
    service, place = make_place(desks=2)

    def book(number: int) -> None:
        start = in_days(3, 9 + number % 6)
        who = ResidentFactory.create()
        held = actions.hold(resident=who, service=service, place=place, starts_at=start)
        actions.confirm(appointment=held)

    def close_and_settle() -> None:
        _close(place.desks[0], [])
        for made in stranded():
            actions.settle(appointment=made, reason="We are closed.")

    at_once(*[partial(book, number) for number in range(12)], close_and_settle)

    left = [made for made in stranded() if made.asked_to_move_at is None]
    assert left == []
