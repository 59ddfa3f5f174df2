"""Many people at once, on real connections. Each guard is also taken away, to see the harm."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from appointments import actions, availability
from appointments.checks import problems
from appointments.errors import AppointmentError, SlotTaken
from appointments.models import Appointment, Closure, Desk, EarlierOffer, OccupiedCell
from appointments.places import places
from appointments.stranded import stranded
from stockport.outbox.models import Delivery
from tests.appointments.world import also_at, in_days, make_place
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import (
    AppointmentFactory,
    ClosureFactory,
    ExtraOpeningFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> Counter[str]:
    """Run these at the same moment, each on its own connection; counts how each one ended."""
    gate = threading.Barrier(len(calls))
    ends: list[str] = []

    def run(call: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            gate.wait(30)
            call()
            ends.append("done")
        except Exception as error:
            ends.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return Counter(ends)


def holds(count: int, service: Any, place: Any, start: Any) -> list[Callable[[], Any]]:
    """That many residents, each about to hold this time."""
    ask = partial(actions.hold, service=service, place=place, starts_at=start)
    return [partial(ask, resident=who) for who in ResidentFactory.create_batch(count)]


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


@pytest.fixture(autouse=True)
def nothing_is_broken_afterwards() -> Iterator[None]:
    before = deadlocks()
    yield
    assert problems() == []
    assert deadlocks() == before


@contextmanager
def without_unique_cells() -> Iterator[None]:
    """Take the constraint away, and put it back when the harm has been cleared up."""
    table, name = "appointments_occupiedcell", "appointments_occupiedcell_unique"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        try:
            yield
        finally:
            OccupiedCell.objects.all().delete()
            Appointment.objects.all().delete()
            cursor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE (desk_id, lane, cell)"
            )


@pytest.fixture
def no_desk_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the desks without locking them."""

    def only_look(keys: Any) -> dict[int, Desk]:
        return {desk.pk: desk for desk in Desk.objects.filter(pk__in=set(keys))}

    monkeypatch.setattr("appointments.actions.locks.lock_desks", only_look)
    monkeypatch.setattr("appointments.actions.booking.lock_desks", only_look)
    monkeypatch.setattr("appointments.actions.closing.lock_desks", only_look)
    monkeypatch.setattr("appointments.actions.moving.lock_desks", only_look)
    monkeypatch.setattr("appointments.actions.waiting.lock_desks", only_look)


def test_last_time_goes_to_exactly_one_of_fifty_residents() -> None:
    service, place = make_place()

    ends = at_once(*holds(50, service, place, in_days(3)))

    assert ends == {"done": 1, "SlotTaken": 49}
    assert OccupiedCell.objects.count() == 6


def test_without_lock_and_constraint_several_residents_get_the_last_time(
    no_desk_lock: None,
) -> None:
    service, place = make_place()

    with without_unique_cells():
        ends = at_once(*holds(30, service, place, in_days(3)))
        found = problems()

    assert ends["done"] > 1
    assert found


def test_without_the_lock_the_constraint_alone_still_lets_only_one_in(no_desk_lock: None) -> None:
    service, place = make_place()

    ends = at_once(*holds(30, service, place, in_days(3)))

    assert ends == {"done": 1, "SlotTaken": 29}


def test_three_desks_take_three_residents() -> None:
    service, place = make_place(desks=3)

    ends = at_once(*holds(20, service, place, in_days(3)))

    assert ends == {"done": 3, "SlotTaken": 17}


def test_group_session_takes_as_many_as_it_has_lanes() -> None:
    service, place = make_place(lanes=12)

    ends = at_once(*holds(30, service, place, in_days(3)))

    assert ends == {"done": 12, "SlotTaken": 18}
    assert set(Appointment.objects.values_list("lane", flat=True)) == set(range(12))


def test_times_of_different_lengths_that_overlap_do_not_both_go() -> None:
    short, place = make_place(duration=15, step=5, buffer_after=5)
    long, same = also_at(place.desks[0], duration=60, step=5)
    calls = []
    for minute in range(0, 60, 5):
        calls += holds(1, short, place, in_days(3, 10, minute))
        calls += holds(1, long, same, in_days(3, 10, minute))

    ends = at_once(*calls)

    assert set(ends) == {"done", "SlotTaken"}


def test_time_of_a_hold_that_ran_out_goes_to_exactly_one() -> None:
    service, place = make_place()
    AppointmentFactory.create(
        held=True,
        desk=place.desks[0],
        service=service,
        starts_at=in_days(3),
        hold_expires_at=timezone.now() - timedelta(seconds=1),
    )

    ends = at_once(*holds(20, service, place, in_days(3)))

    assert ends == {"done": 1, "SlotTaken": 19}


def test_resident_who_asks_for_a_time_twice_at_once_holds_it_once() -> None:
    service, place = make_place(desks=3)
    [call] = holds(1, service, place, in_days(3))

    ends = at_once(*[call] * 8)

    assert ends == {"done": 8}
    assert Appointment.objects.count() == 1


def test_confirming_twice_at_once_books_once_and_mails_once() -> None:
    service, place = make_place()
    [call] = holds(1, service, place, in_days(3))
    held = call()

    ends = at_once(*[lambda: actions.confirm(appointment=held)] * 8)

    assert ends == {"done": 8}
    assert Appointment.objects.booked().count() == 1
    assert Delivery.objects.filter(reference=held.reference).count() == 1


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


def test_tidying_up_never_takes_a_booking_away() -> None:
    service, place = make_place()
    [call] = holds(1, service, place, in_days(3))
    held = call()
    Appointment.objects.update(hold_expires_at=timezone.now() - timedelta(seconds=1))

    ends = at_once(lambda: actions.confirm(appointment=held), *[actions.tidy for _ in range(5)])

    held.refresh_from_db()
    expected = "booked" if ends["done"] == 6 else "expired"
    assert held.status == expected


def test_cancelling_while_confirming_leaves_it_booked_or_free() -> None:
    service, place = make_place()
    [call] = holds(1, service, place, in_days(3))
    held = call()

    at_once(
        lambda: actions.confirm(appointment=held),
        lambda: actions.cancel(appointment=held),
        lambda: actions.cancel(appointment=held),
    )

    held.refresh_from_db()
    assert held.status in {"booked", "cancelled_by_resident", "expired"}
    assert OccupiedCell.objects.exists() is (held.status == "booked")


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
    checked, closed = threading.Event(), threading.Event()
    real, looks = availability.free_masks, []

    def slow(*args: Any, **kwargs: Any) -> Any:
        free = real(*args, **kwargs)
        looks.append(free)
        if len(looks) == 2:  # the second look is the one under the lock
            checked.set()
            closed.wait(1)
        return free

    def close_in_between() -> None:
        checked.wait(10)
        _close(place.desks[0], listed)
        closed.set()

    monkeypatch.setattr(availability, "free_masks", slow)
    at_once(*holds(1, service, place, in_days(3)), close_in_between)
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


def booked(count: int, service: Any, place: Any) -> list[Appointment]:
    """That many residents, each with an appointment at a time of their own."""
    made = []
    for n, who in enumerate(ResidentFactory.create_batch(count)):
        start = in_days(3 + n // 14, 9 + n % 14 // 2, n % 2 * 30)
        held = actions.hold(resident=who, service=service, place=place, starts_at=start)
        made.append(actions.confirm(appointment=held))
    return made


def each_has_one(made: list[Appointment]) -> bool:
    """Whether every resident still has exactly one appointment."""
    found = Appointment.objects.booked().values_list("resident", flat=True)
    return sorted(found) == sorted(one.resident_id for one in made)


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
    no_desk_lock: None,
) -> None:
    service, place = make_place(duration=30, step=15)
    made = booked(12, service, place)
    to = partial(actions.move, place=place, starts_at=in_days(5, 10))

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


def test_two_residents_change_desks_at_once_without_waiting_for_each_other() -> None:
    service, place = make_place(desks=2)
    for day in range(3, 9):
        made = []
        for hour, desk in zip((10, 11), place.desks, strict=True):
            made.append(
                AppointmentFactory.create(service=service, desk=desk, starts_at=in_days(day, hour))
            )
        ends = at_once(
            partial(actions.move, appointment=made[0], place=place, starts_at=in_days(day, 11)),
            partial(actions.move, appointment=made[1], place=place, starts_at=in_days(day, 10)),
        )

        assert ends == {"done": 2}
        assert problems() == []


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


def test_worker_that_dies_in_the_middle_leaves_the_time_free() -> None:
    service, place = make_place()
    [call] = holds(1, service, place, in_days(3))

    def dies() -> None:
        with transaction.atomic():
            call()
            connection.connection.close()

    ends = at_once(dies)

    assert ends["done"] == 0
    assert at_once(*holds(2, service, place, in_days(3)))["done"] == 1


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_every_time_shown_is_bookable_and_no_other(kept: int) -> None:
    service, place = make_place(
        desks=2, lanes=2, duration=45, step=30, buffer_before=10, buffer_after=5
    )
    day = in_days(3).date()
    busy, closed = place.desks
    Desk.objects.filter(pk=busy.pk).update(walk_in_lanes=kept)
    place = places(service)[0]
    ExtraOpeningFactory.create(
        location=place.location, date=day, opens=time(17, 40), closes=time(19)
    )
    ClosureFactory.create(desk=closed, starts_at=in_days(3, 9), ends_at=in_days(3, 15))
    ClosureFactory.create(
        location=place.location, starts_at=in_days(3, 16), ends_at=in_days(3, 16, 5)
    )
    for lane in range(2):
        AppointmentFactory.create(desk=busy, lane=lane, starts_at=in_days(3, 12))
    now = timezone.now()
    shown = {
        slot.starts_at for slot in availability.slots(service, list(place.desks), day, day, now=now)
    }

    accepted = set()
    for minutes in range(8 * 60, 20 * 60, 5):
        start = in_days(3, minutes // 60, minutes % 60)
        try:
            with transaction.atomic():
                who = ResidentFactory.create()
                actions.hold(resident=who, service=service, place=place, starts_at=start)
                accepted.add(start)
                transaction.set_rollback(True)
        except SlotTaken:
            continue

    assert in_days(3, 18, 10) in shown
    assert accepted == shown


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

    assert fates == {"ASKED": 1, "WAITS": 2}
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

    assert fates == {"ASKED": 3}
    assert mails == 3


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

    held = Appointment.objects.filter(status="held").count()
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
    from stockport.outbox.models import Delivery

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
    checked, passed_on = threading.Event(), threading.Event()
    real, booker = availability.free_masks, []

    def slow(*args: Any, **kwargs: Any) -> Any:
        free = real(*args, **kwargs)
        if threading.current_thread().name == "booker":
            booker.append(free)
            if len(booker) == 2:  # the second look is the one under the lock
                checked.set()
                passed_on.wait(1)
        return free

    [ask] = holds(1, service, place, early.starts_at)

    def book() -> None:
        threading.current_thread().name = "booker"
        ask()

    def pass_on() -> None:
        checked.wait(10)
        actions.pass_on_offers()
        passed_on.set()

    monkeypatch.setattr(availability, "free_masks", slow)
    return at_once(book, pass_on)


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
