"""Many residents who move, cancel and change places with each other."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from appointments import actions
from appointments.actions import moving
from appointments.checks import problems
from appointments.errors import SlotTaken
from appointments.models import Appointment, Desk, OccupiedCell
from stockport.outbox.models import Delivery
from tests.appointments.concurrency.crowd import (
    all_look_first,
    at_once,
    booked,
    deadlocks,
    each_has_one,
    without_unique_cells,
)
from tests.appointments.world import in_days, make_place
from tests.factories.appointments import AppointmentFactory


def test_crowd_that_moves_again_and_again_leaves_everybody_with_one_appointment() -> None:
    service, place = make_place(desks=2, duration=30, step=15)
    made = booked(16, service, place)

    def wander(number: int) -> None:
        for turn in range(4):
            start = in_days(3, 9 + (number + turn * 3) % 4, 15 * (turn % 4))
            try:
                actions.move(appointment=made[number], place=place, starts_at=start)
            except SlotTaken:
                continue

    ends = at_once(*[partial(wander, n) for n in range(16)])

    assert ends == {"done": 16}
    assert each_has_one(made)
    assert Appointment.objects.filter(ical_sequence__gt=0).exists()


def test_without_the_guards_a_crowd_that_moves_ends_up_in_each_others_times(
    no_desk_lock: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, place = make_place(duration=30, step=15)
    made = booked(12, service, place)
    to = partial(actions.move, place=place, starts_at=in_days(5, 10))
    all_look_first(monkeypatch, 12)

    with without_unique_cells():
        at_once(*[partial(to, appointment=one) for one in made])
        found = problems()

    assert found


def test_one_time_takes_one_of_many_who_move_to_it() -> None:
    service, place = make_place()
    made = booked(12, service, place)
    to = partial(actions.move, place=place, starts_at=in_days(5, 10))

    ends = at_once(*[partial(to, appointment=one) for one in made])

    assert ends == {"done": 1, "SlotTaken": 11}
    assert each_has_one(made)


def test_two_residents_who_want_each_others_time_both_keep_their_own() -> None:
    service, place = make_place()
    first, second = made = booked(2, service, place)

    for _ in range(5):
        ends = at_once(
            partial(actions.move, appointment=first, place=place, starts_at=second.starts_at),
            partial(actions.move, appointment=second, place=place, starts_at=first.starts_at),
        )

        # Nobody gives up a time before the other one is theirs.
        assert ends == {"SlotTaken": 2}
        assert each_has_one(made)


def test_moving_twice_at_once_moves_once_and_mails_once() -> None:
    service, place = make_place(desks=3)
    [made] = booked(1, service, place)
    to = partial(actions.move, appointment=made, place=place, starts_at=in_days(5))

    ends = at_once(*[to] * 6)

    made.refresh_from_db()
    assert ends == {"done": 6}
    assert made.ical_sequence == 1
    assert Delivery.objects.filter(reference=made.reference).count() == 2


def test_moving_while_cancelling_leaves_it_cancelled_and_nothing_taken() -> None:
    service, place = make_place(desks=2)
    for made in booked(4, service, place):
        at_once(
            partial(actions.move, appointment=made, place=place, starts_at=in_days(6)),
            partial(actions.cancel, appointment=made),
        )

        made.refresh_from_db()
        assert made.is_cancelled
        assert not OccupiedCell.objects.filter(appointment=made).exists()


def change_desks(service: Any, place: Any, day: int) -> list[Any]:
    """Two residents, each about to move to the other's desk."""
    calls = []
    for hour, (here, there) in zip((10, 11), (place.desks, place.desks[::-1]), strict=True):
        made = AppointmentFactory.create(service=service, desk=here, starts_at=in_days(day, hour))
        only_there = replace(place, desks=(there,))
        calls.append(
            partial(actions.move, appointment=made, place=only_there, starts_at=in_days(day, hour))
        )
    return calls


def test_two_residents_change_desks_at_once_without_waiting_for_each_other() -> None:
    service, place = make_place(desks=2)
    for day in range(3, 9):
        assert at_once(*change_desks(service, place, day)) == {"done": 2}
        assert problems() == []


def test_desks_locked_in_any_order_make_them_wait_for_each_other_for_ever(
    monkeypatch: pytest.MonkeyPatch, expected_deadlocks: list[str]
) -> None:
    service, place = make_place(desks=2)
    gate = threading.Barrier(2)
    real = moving.lock_desks

    def one_by_one(keys: Iterable[int]) -> dict[int, Desk]:
        target, own = keys
        found = real([target])
        gate.wait(10)
        return found | real([own])

    monkeypatch.setattr(moving, "lock_desks", one_by_one)
    before = deadlocks()
    ends = at_once(*change_desks(service, place, 3))

    assert ends == {"done": 1, "OperationalError": 1}
    assert deadlocks() == before + 1
    expected_deadlocks.append("each has the desk that the other wants")
