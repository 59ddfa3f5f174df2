"""What is free, against an oracle that walks through the days minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django import DjangoAssertNumQueries

from appointments import availability, rules
from appointments.days import Days
from appointments.models import Appointment, BankHoliday, ExtraOpening, Lanes
from tests.appointments import oracle
from tests.factories.appointments import (
    AppointmentFactory,
    ClosureFactory,
    DeskFactory,
    LocationFactory,
    OpeningRuleFactory,
    ServiceFactory,
)

SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
ANCHORS = (date(2027, 1, 13), SPRING, AUTUMN)
MINUTE = timedelta(minutes=1)
FAR = timedelta(days=4)
CANCELLED = {"status": "cancelled_by_resident"}


fives = st.integers(0, 287).map(lambda n: time(n // 12, n % 12 * 5))
small = st.integers(0, 3).map(lambda n: n * 5)


def make_sense(hours: Any) -> bool:
    """Whether they end after they begin; midnight is the end of a day."""
    return bool(hours["closes"] > hours["opens"] or hours["closes"] == time(0))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Any, ...]:
    """A few days round an ordinary day or a clock change, with everything that can close them."""
    anchor = draw(st.sampled_from(ANCHORS))
    service = {
        "duration": draw(st.integers(1, 24)) * 5,
        "step": draw(st.integers(1, 12)) * 5,
        "buffer_before": draw(small),
        "buffer_after": draw(small),
        "longer_minutes": draw(small),
        "minutes_per_person": draw(small),
        "min_notice": draw(st.integers(0, 60)),
        "max_advance": draw(st.integers(1, 4)),
    }
    hours = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "opens": fives,
                    "closes": fives,
                    "weekday": st.sampled_from([5, 6, 0, 2, 3]),
                    "whose": st.integers(0, 2),
                    "every_weeks": st.integers(1, 2),
                    "starts": st.integers(-20, 1),
                    "lasts": st.none() | st.integers(0, 30),
                }
            ).filter(make_sense),
            min_size=1,
            max_size=6,
        )
    )
    day = st.integers(-1, 2)
    extra = draw(
        st.lists(
            st.fixed_dictionaries(
                {"opens": fives, "closes": fives, "whose": st.integers(0, 2), "day": day}
            ).filter(make_sense),
            max_size=3,
        )
    )
    moment = st.integers(-24 * 60, 72 * 60)
    interval = st.fixed_dictionaries(
        {"at": moment, "length": st.integers(1, 300), "whose": st.integers(0, 2)}
    )
    closed = draw(st.lists(interval, max_size=3))
    busy = draw(st.lists(interval | st.none(), max_size=5))
    holiday, offline, kept = draw(st.booleans()), draw(st.booleans()), draw(st.integers(0, 2))
    busy = [interval for interval in busy if interval]
    shift = draw(st.integers(0, 6))
    return anchor, service, (hours, extra), closed, (busy, shift), holiday, (offline, kept)


class TestAgainstTheOracle(TestCase):
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(worlds())
    def test_free_times_are_those_that_a_walk_through_every_minute_finds(self, world: Any) -> None:
        anchor, limits, (hours, extra), closed, (busy, shift), holiday, (offline, kept) = world
        midnight = rules.midnight(anchor)
        now = midnight - timedelta(hours=19, minutes=7)
        location = LocationFactory.create()
        desks = [
            DeskFactory.create(location=location, lanes=2, walk_in_lanes=kept),
            DeskFactory.create(location=location, keeps_location_hours=False, online=not offline),
        ]
        whose = [
            {"location": location, "desk": None},
            {"location": None, "desk": desks[0]},
            {"location": None, "desk": desks[1]},
        ]
        service = ServiceFactory.create(**limits)
        for rule in hours:
            begins, lasts = anchor + timedelta(days=rule["starts"]), rule["lasts"]
            OpeningRuleFactory.create(
                **whose[rule["whose"]],
                opens=rule["opens"],
                closes=rule["closes"],
                weekday=rule["weekday"],
                every_weeks=rule["every_weeks"],
                valid_from=begins,
                valid_to=None if lasts is None else begins + timedelta(days=lasts),
            )
        for opening in extra:
            ExtraOpening.objects.create(
                **whose[opening["whose"]],
                date=anchor + timedelta(days=opening["day"]),
                opens=opening["opens"],
                closes=opening["closes"],
            )
        scopes = [{}, {"location": location}, {"desk": desks[1]}]
        for closure in closed:
            start = midnight + closure["at"] * MINUTE
            ClosureFactory.create(
                **scopes[closure["whose"]],
                starts_at=start,
                ends_at=start + closure["length"] * MINUTE,
            )
        for n, interval in enumerate(busy):
            start = midnight + interval["at"] // 5 * rules.CELL
            desk, lane = [(desks[0], 0), (desks[0], 1), (desks[1], 0)][interval["whose"]]
            Appointment.objects.create(
                service=service,
                desk=desk,
                lane=lane,
                channel="in-person",
                starts_at=start,
                busy_from=start,
                ends_at=start + rules.CELL,
                busy_to=start + (interval["length"] // 5 + 1) * rules.CELL,
                **[
                    {"status": "booked", "booked_at": now},
                    {"status": "held", "hold_expires_at": now + MINUTE},
                    {"status": "held", "hold_expires_at": now},
                    {**CANCELLED, "booked_at": now, "cancelled_at": now},
                    {**CANCELLED, "booked_at": now, "cancelled_at": now, "rests_until": now},
                    {
                        **CANCELLED,
                        "booked_at": now,
                        "cancelled_at": now,
                        "rests_until": now + MINUTE,
                    },
                    {"status": "no_show", "booked_at": now},
                ][(n + shift) % 7],
            )
        if holiday:
            BankHoliday.objects.create(date=anchor + timedelta(days=1), title="Holiday")

        first, last = anchor - timedelta(days=1), anchor + timedelta(days=2)
        longer = service.minutes(people=2, longer=True)
        shown = availability.slots(service, desks, first, last, now=now, minutes=longer)
        expected = oracle.bookable(service, desks, first, last, now, longer)
        assert {slot.starts_at: slot.left for slot in shown} == expected

        shown = availability.slots(service, desks, first, last, now=now)
        expected = oracle.bookable(service, desks, first, last, now)
        assert {slot.starts_at: slot.left for slot in shown} == expected
        for_staff = availability.slots(service, desks, first, last, now=now, lanes=Lanes.STAFF)
        everything = oracle.bookable(service, desks, first, last, now, staff=True)
        assert {slot.starts_at: slot.left for slot in for_staff} == everything
        days = availability.days_with_slots(service, desks, first, last, now=now)
        by_day: dict[date, int] = {}
        for start in expected:
            day = start.astimezone(rules.LONDON).date()
            by_day[day] = by_day.get(day, 0) + 1
        assert days == by_day
        asked = oracle.bookable(service, desks, now.date(), now.date() + FAR, now)
        one_by_one = availability.first_available(service, [[desk] for desk in desks], now=now)
        assert min((first for first in one_by_one if first), default=None) == min(
            asked, default=None
        )


def test_a_day_has_as_many_cells_as_its_clock_has_five_minutes() -> None:
    assert Days(SPRING, SPRING).size == 276
    assert Days(AUTUMN, AUTUMN).size == 300
    assert Days(date(2027, 6, 1), date(2027, 6, 1)).size == 288


@pytest.mark.parametrize(
    ("day", "opens", "closes", "hours"),
    [
        (SPRING, time(0), time(4), 3),
        (AUTUMN, time(0), time(4), 5),
        (SPRING, time(1, 30), time(1, 45), 0),
        (AUTUMN, time(1, 30), time(1, 45), 1.25),
        (SPRING, time(9), time(17), 8),
        (date(2027, 6, 1), time(23), time(0), 1),
    ],
)
def test_hours_on_the_wall_last_as_long_as_they_really_do(
    day: date, opens: time, closes: time, hours: float
) -> None:
    low, high = rules.opening(day, opens, closes)

    assert (high - low) / 12 == hours


@pytest.mark.django_db
def test_nine_to_five_reads_the_same_on_the_clock_either_side_of_a_clock_change() -> None:
    desk = DeskFactory.create()
    for weekday in (5, 6, 0):
        OpeningRuleFactory.create(location=desk.location, weekday=weekday)
    service = ServiceFactory.create(max_advance=300)
    for change in (SPRING, AUTUMN):
        first, last = change - timedelta(days=1), change + timedelta(days=1)
        now = rules.midnight(first) - timedelta(days=30)

        found = availability.slots(service, [desk], first, last, now=now)

        walls = [slot.starts_at.astimezone(rules.LONDON) for slot in found]
        for n in range(3):
            day = first + timedelta(days=n)
            assert [w.hour for w in walls if w.date() == day and w.minute == 0] == [*range(9, 17)]


@pytest.mark.django_db
def test_availability_takes_five_queries_however_much_there_is(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    location = LocationFactory.create()
    desks = DeskFactory.create_batch(5, location=location)
    for weekday in range(7):
        OpeningRuleFactory.create(location=location, weekday=weekday)
    for hour in range(9, 15):
        AppointmentFactory.create(desk=desks[0], starts_at=datetime(2027, 1, 13, hour, tzinfo=UTC))
    service = ServiceFactory.create()
    now = datetime(2027, 1, 4, 9, tzinfo=UTC)

    with django_assert_num_queries(5):
        availability.slots(service, desks, now.date(), date(2027, 3, 1), now=now)
    with django_assert_num_queries(5):
        assert availability.first_available(service, [desks[:2], desks[2:], []], now=now) == [
            datetime(2027, 1, 5, 9, tzinfo=UTC),
            datetime(2027, 1, 5, 9, tzinfo=UTC),
            None,
        ]


@pytest.mark.django_db
def test_times_past_the_last_day_that_can_be_booked_are_not_shown() -> None:
    desk = DeskFactory.create()
    for weekday in range(7):
        OpeningRuleFactory.create(location=desk.location, weekday=weekday)
    service = ServiceFactory.create(max_advance=10)
    now = datetime(2027, 1, 4, 9, tzinfo=UTC)

    days = availability.days_with_slots(
        service, [desk], date(2027, 1, 1), date(2027, 2, 1), now=now
    )

    assert [min(days), max(days)] == [date(2027, 1, 5), date(2027, 1, 14)]


@pytest.mark.django_db
def test_extra_opening_counts_on_a_bank_holiday_and_weekly_hours_do_not() -> None:
    desk = DeskFactory.create()
    for weekday in range(7):
        OpeningRuleFactory.create(location=desk.location, weekday=weekday)
    day = date(2027, 1, 6)
    BankHoliday.objects.create(date=day, title="Holiday")
    ExtraOpening.objects.create(location=desk.location, date=day, opens=time(10), closes=time(11))
    service = ServiceFactory.create()
    now = datetime(2027, 1, 4, 9, tzinfo=UTC)

    found = availability.slots(service, [desk], day, day, now=now)

    assert [slot.starts_at.hour for slot in found] == [10, 10]
