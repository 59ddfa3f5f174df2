"""Many residents after the same time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from appointments import actions
from appointments.checks import problems
from appointments.errors import AppointmentError, SlotTaken
from appointments.forms import STAMP
from appointments.models import Appointment, Desk, Location, OccupiedCell
from appointments.places import place_of
from tests.appointments.concurrency.crowd import (
    all_look_first,
    at_once,
    holds,
    without_unique_cells,
)
from tests.appointments.world import also_at, in_days, make_place
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import AppointmentFactory, DeskFactory, DeskServiceFactory

Calls = list[Callable[[], Any]]


def last_time(count: int) -> Calls:
    """One desk."""
    service, place = make_place()
    return holds(count, service, place, in_days(3))


def pool_of_three(count: int) -> Calls:
    """Three desks that are alike."""
    service, place = make_place(desks=3)
    return holds(count, service, place, in_days(3))


def group_of_twelve(count: int) -> Calls:
    """One room for twelve."""
    service, place = make_place(lanes=12)
    return holds(count, service, place, in_days(3))


def lengths_that_overlap(count: int) -> Calls:
    """Quarter hours and hours, every five minutes."""
    short, place = make_place(duration=15, step=5, buffer_after=5)
    long, same = also_at(place.desks[0], duration=60, step=5)
    calls = []
    for n in range(count // 2):
        calls += holds(1, short, place, in_days(3, 10, n * 5 % 60))
        calls += holds(1, long, same, in_days(3, 10, n * 5 % 60))
    return calls


def two_services_at_shared_desks(count: int) -> Calls:
    """Three desks: the first for one service, the last for another, the middle one for both."""
    one, place = make_place(desks=2)
    other, _ = also_at(place.desks[1])
    DeskServiceFactory.create(service=other, desk=DeskFactory.create(location=place.location))
    return [
        *holds(count // 2, one, place, in_days(3)),
        *holds(count // 2, other, place_of(other, "town-hall"), in_days(3)),
    ]


def hold_that_ran_out(count: int) -> Calls:
    """Its time still has its cells."""
    service, place = make_place()
    AppointmentFactory.create(
        held=True,
        desk=place.desks[0],
        service=service,
        starts_at=in_days(3),
        hold_expires_at=timezone.now() - timedelta(seconds=1),
    )
    return holds(count, service, place, in_days(3))


SCENARIOS = [
    last_time,
    pool_of_three,
    group_of_twelve,
    lengths_that_overlap,
    two_services_at_shared_desks,
    hold_that_ran_out,
]


def test_last_time_goes_to_exactly_one_of_200_residents() -> None:
    assert at_once(*last_time(200)) == {"done": 1, "SlotTaken": 199}
    assert OccupiedCell.objects.count() == 6


def test_everybody_gets_a_page_and_one_of_them_the_time() -> None:
    service, _ = make_place()
    start, answers = in_days(3), []
    address = f"/appointments/book/{service.slug}/town-hall/{start.date()}/"

    def press(browser: Client) -> None:
        answers.append(browser.post(address, {"start": f"{start:{STAMP}}"}).status_code)

    browsers = []
    for who in ResidentFactory.create_batch(20):
        signed_in = PortalClient()
        signed_in.sign_in(who)
        browsers.append(Client(raise_request_exception=False))
        browsers[-1].cookies = signed_in.cookies

    at_once(*[partial(press, browser) for browser in browsers])

    assert Counter(answers) == {302: 1, 409: 19}


@pytest.mark.parametrize(
    ("scenario", "most"),
    [
        (pool_of_three, 3),
        (group_of_twelve, 12),
        (two_services_at_shared_desks, 3),
        (hold_that_ran_out, 1),
    ],
)
def test_as_many_get_a_time_as_there_is_room_for(
    scenario: Callable[[int], Calls], most: int
) -> None:
    ends = at_once(*scenario(24))

    assert ends == {"done": most, "SlotTaken": 24 - most}


def test_times_of_different_lengths_that_overlap_do_not_both_go() -> None:
    assert set(at_once(*lengths_that_overlap(24))) == {"done", "SlotTaken"}


def test_without_lock_and_constraint_every_crowd_overlaps(
    no_desk_lock: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    caught = {}
    for scenario in SCENARIOS:
        with monkeypatch.context() as patched, without_unique_cells():
            calls = scenario(16)
            all_look_first(patched, len(calls))
            at_once(*calls)
            caught[scenario.__name__] = bool(problems())
        Desk.objects.all().delete()
        Location.objects.all().delete()

    assert caught == {scenario.__name__: True for scenario in SCENARIOS}


def test_without_the_lock_the_constraint_alone_still_lets_only_one_in(
    no_desk_lock: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_look_first(monkeypatch, 16)

    assert at_once(*last_time(16)) == {"done": 1, "SlotTaken": 15}


def test_resident_who_asks_for_a_time_twice_at_once_holds_it_once() -> None:
    service, place = make_place(desks=3)
    [call] = holds(1, service, place, in_days(3))

    ends = at_once(*[call] * 8)

    assert ends == {"done": 8}
    assert Appointment.objects.count() == 1


def test_residents_who_keep_changing_their_minds_never_deadlock() -> None:
    service, place = make_place(desks=2, duration=30, step=15)
    residents = ResidentFactory.create_batch(12)

    def wander(number: int) -> None:
        for turn in range(4):
            start = in_days(3, 9 + (number + turn * 5) % 4, 15 * (turn % 4))
            try:
                actions.hold(
                    resident=residents[number], service=service, place=place, starts_at=start
                )
            except SlotTaken:
                continue

    ends = at_once(*[partial(wander, n) for n in range(12)])

    assert ends == {"done": 12}


def test_mixed_crowd_of_bookers_confirmers_and_cancellers_leaves_no_overlap() -> None:
    service, place = make_place(desks=2, duration=20, step=10, buffer_after=5, max_active=50)

    def live(who: Any, number: int) -> None:
        for turn in range(3):
            try:
                start = in_days(3 + number % 2, 9 + turn, number % 6 * 10)
                held = actions.hold(resident=who, service=service, place=place, starts_at=start)
                made = actions.confirm(appointment=held)
                if (number + turn) % 3 == 0:
                    actions.cancel(appointment=made)
            except AppointmentError:
                continue

    residents = ResidentFactory.create_batch(16)
    ends = at_once(*[partial(live, who, n) for n, who in enumerate(residents)])

    assert ends == {"done": 16}
    assert Appointment.objects.booked().exists()


def test_lanes_kept_for_people_who_walk_in_are_not_booked_online() -> None:
    service, place = make_place(lanes=5)
    Desk.objects.update(walk_in_lanes=2)

    ends = at_once(*holds(12, service, place, in_days(3)))

    assert ends == {"done": 3, "SlotTaken": 9}
    assert set(Appointment.objects.values_list("lane", flat=True)) == {0, 1, 2}


def test_staff_who_book_over_at_once_each_get_a_lane_of_their_own() -> None:
    service, place = make_place()

    def for_caller(number: int) -> None:
        wanted = Appointment(service=service, caller_name=f"Caller {number}", phone="0161 496 0000")
        actions.book_for(wanted=wanted, place=place, starts_at=in_days(3), reason="Urgent")

    ends = at_once(
        *[partial(for_caller, number) for number in range(8)],
        *holds(8, service, place, in_days(3)),
    )

    assert ends["done"] in (8, 9)  # a resident has the one lane, or one of the callers
    lanes = list(Appointment.objects.values_list("lane", flat=True))
    assert len(set(lanes)) == len(lanes) == ends["done"]
