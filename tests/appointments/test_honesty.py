"""Honesty: every time that is shown can be had, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from time_machine import TimeMachineFixture

from appointments import actions, availability, rules
from appointments.errors import AppointmentError
from appointments.forms import STAMP
from appointments.models import Appointment, BankHoliday, Desk, Lanes, Service
from appointments.places import Place, places
from tests.appointments.world import make_place
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import (
    AppointmentFactory,
    ClosureFactory,
    ExtraOpeningFactory,
    OpeningRuleFactory,
)

pytestmark = pytest.mark.django_db
# An ordinary Wednesday, and the two Sundays on which clocks change.
WEDNESDAY, SPRING, AUTUMN = date(2027, 1, 13), date(2027, 3, 28), date(2027, 10, 31)


def busy_place(day: date, kept: int) -> tuple[Service, Place]:
    """Two desks for two, partly closed and booked, also in the night in which clocks change."""
    service, place = make_place(
        desks=2,
        lanes=2,
        duration=45,
        step=30,
        buffer_before=10,
        buffer_after=5,
        max_people=3,
        minutes_per_person=20,
    )
    OpeningRuleFactory.create(
        location=place.location, weekday=day.weekday(), opens=time(0), closes=time(4)
    )
    ExtraOpeningFactory.create(
        location=place.location, date=day, opens=time(17, 40), closes=time(19)
    )
    busy, closed = place.desks
    Desk.objects.filter(pk=busy.pk).update(walk_in_lanes=kept)
    noon = rules.instant(day, time(12))
    hour = timedelta(hours=1)
    ClosureFactory.create(desk=closed, starts_at=noon - 3 * hour, ends_at=noon + 3 * hour)
    ClosureFactory.create(
        location=place.location,
        starts_at=noon + 4 * hour,
        ends_at=noon + 4 * hour + rules.CELL,
    )
    for lane in range(2):
        AppointmentFactory.create(desk=busy, lane=lane, starts_at=noon)
    return service, places(service)[0]


def every_five_minutes(day: date) -> Iterator[datetime]:
    """Of a day in London, in real time."""
    moment, end = rules.midnight(day), rules.midnight(day + timedelta(days=1))
    while moment < end:
        yield moment
        moment += rules.CELL


def accepted(starts: Iterator[datetime], act: Any) -> set[datetime]:
    """At which of these times `act` succeeds, each tried alone."""
    found = set()
    for start in starts:
        try:
            with transaction.atomic():
                act(start)
                found.add(start)
                transaction.set_rollback(True)
        except AppointmentError:
            continue
    return found


@pytest.mark.parametrize(
    ("day", "people", "kept"),
    [(WEDNESDAY, 1, 2), (WEDNESDAY, 3, 1), (SPRING, 1, 0), (AUTUMN, 3, 0)],
)
def test_every_time_shown_can_be_held_and_no_other(
    time_machine: TimeMachineFixture, day: date, people: int, kept: int
) -> None:
    time_machine.move_to(rules.midnight(day) - timedelta(hours=24 - 3), tick=False)
    service, place = busy_place(day, kept)
    who, minutes = ResidentFactory.create(), service.minutes(people=people)

    shown = availability.slots(service, place.desks, day, day, now=timezone.now(), minutes=minutes)

    assert shown
    assert {slot.starts_at for slot in shown} == accepted(
        every_five_minutes(day),
        lambda start: actions.hold(
            resident=who, service=service, place=place, starts_at=start, people=people
        ),
    )


@pytest.mark.parametrize("day", [WEDNESDAY, SPRING])
def test_every_way_of_asking_gives_the_same_times(
    time_machine: TimeMachineFixture, portal: PortalClient, day: date
) -> None:
    time_machine.move_to(rules.midnight(day) - timedelta(days=2), tick=False)
    now = timezone.now()
    service, place = busy_place(day, kept=1)
    day_before, booked = day - timedelta(days=1), rules.instant(day, time(12))
    BankHoliday.objects.create(date=day_before, title="Holiday")
    made = AppointmentFactory.create(
        service=service,
        desk=place.desks[0],
        starts_at=booked + timedelta(days=9),
        ends_at=booked + timedelta(days=9, minutes=45),
    )

    shown = [slot.starts_at for slot in availability.slots(service, place.desks, day, day, now=now)]

    where = f"/appointments/book/{service.slug}/town-hall/"
    page = portal.get(f"{where}{day}/?people=1").page
    offered = [radio.get("value") for radio in page.select("input[type=radio]")]
    assert offered == [f"{start:{STAMP}}" for start in shown]
    assert availability.first_available(service, [place.desks], now=now) == [shown[0]]
    days = availability.days_with_slots(service, place.desks, day_before, day, now=now)
    assert days == {day: len(shown)}
    assert set(shown) == accepted(
        every_five_minutes(day),
        lambda start: actions.move(appointment=made, place=place, starts_at=start),
    )


def test_every_time_that_staff_see_they_can_book_and_no_other(
    time_machine: TimeMachineFixture,
) -> None:
    day = AUTUMN
    time_machine.move_to(rules.midnight(day) - timedelta(hours=1), tick=False)
    service, place = busy_place(day, kept=2)

    def book(start: datetime) -> None:
        wanted = Appointment(service=service, caller_name="Ada Byron", phone="0161 496 0000")
        actions.book_for(wanted=wanted, place=place, starts_at=start)

    shown = availability.slots(
        service, place.desks, day, day, now=timezone.now(), lanes=Lanes.STAFF
    )

    assert {slot.starts_at for slot in shown} == accepted(every_five_minutes(day), book)


@pytest.mark.parametrize(
    ("day", "early"),
    [
        (SPRING, ["Midnight", "12:30am", "2am", "2:30am", "3am"]),
        (
            AUTUMN,
            [
                "Midnight",
                "12:30am",
                "1am (BST)",
                "1:30am (BST)",
                "1am (GMT)",
                "1:30am (GMT)",
                "2am",
            ],
        ),
    ],
)
def test_clocks_that_jump_show_no_time_that_is_not_and_both_that_are_twice(
    time_machine: TimeMachineFixture, portal: PortalClient, day: date, early: list[str]
) -> None:
    time_machine.move_to(rules.midnight(day) - timedelta(days=2), tick=False)
    service, place = make_place()
    OpeningRuleFactory.create(location=place.location, weekday=6, opens=time(0), closes=time(4))

    page = portal.get(f"/appointments/book/{service.slug}/town-hall/{day}/").page

    labels = [label.text.strip() for label in page.select("main label")]
    assert labels[: len(early)] == early


def test_no_appointment_runs_past_midnight_although_both_days_are_open(
    time_machine: TimeMachineFixture,
) -> None:
    day = WEDNESDAY
    time_machine.move_to(datetime(2027, 1, 1, 9, tzinfo=UTC), tick=False)
    service, place = make_place(duration=30, step=15)
    OpeningRuleFactory.create(location=place.location, weekday=2, opens=time(23), closes=time(0))
    OpeningRuleFactory.create(location=place.location, weekday=3, opens=time(0), closes=time(1))
    night = rules.midnight(day + timedelta(days=1))

    shown = availability.slots(
        service, place.desks, day, day + timedelta(days=1), now=timezone.now()
    )

    near = [
        slot.starts_at - night
        for slot in shown
        if abs(slot.starts_at - night) <= timedelta(hours=1)
    ]
    assert near == [timedelta(minutes=n) for n in (-60, -45, -30, 0, 15, 30)]
