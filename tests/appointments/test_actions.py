"""What may happen to an appointment, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from time_machine import TimeMachineFixture

from accounts.models import Resident
from appointments import actions
from appointments.checks import problems
from appointments.errors import AlreadyBooked, CannotCancel, SlotTaken
from appointments.models import Appointment, BankHoliday, Channel, Closure, Desk, OccupiedCell
from appointments.places import NoSuchPlace, place_of, places
from stockport.outbox.models import Delivery
from tests.appointments.world import also_at, in_days, make_place
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import AppointmentFactory, DeskServiceFactory, ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cells_are_intervals_afterwards() -> Iterator[None]:
    yield
    assert problems() == []


def test_hold_lasts_as_long_as_the_service_says(resident: Resident) -> None:
    service, place = make_place(hold_minutes=25)

    held = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))

    assert held.hold_expires_at
    left = held.hold_expires_at - timezone.now()
    assert timedelta(minutes=24) < left <= timedelta(minutes=25)


def test_buffers_are_kept_free_round_an_appointment(resident: Resident) -> None:
    service, place = make_place(buffer_before=10, buffer_after=5, step=5)
    actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3, 12))

    for near in (in_days(3, 11, 20), in_days(3, 12, 40)):
        with pytest.raises(SlotTaken):
            actions.hold(
                resident=ResidentFactory.create(), service=service, place=place, starts_at=near
            )
    other = ResidentFactory.create()
    actions.hold(resident=other, service=service, place=place, starts_at=in_days(3, 12, 45))


@pytest.mark.parametrize("days", [-1, 0, 90])
def test_time_outside_the_booking_window_is_refused(resident: Resident, days: int) -> None:
    service, place = make_place()

    with pytest.raises(SlotTaken):
        actions.hold(resident=resident, service=service, place=place, starts_at=in_days(days))


def test_time_that_is_not_on_the_grid_is_refused(resident: Resident) -> None:
    service, place = make_place()

    for wrong in (timedelta(minutes=5), timedelta(minutes=1), timedelta(seconds=1)):
        with pytest.raises(SlotTaken):
            actions.hold(
                resident=resident, service=service, place=place, starts_at=in_days(3) + wrong
            )


@pytest.mark.parametrize("gone", ["desk offline", "service inactive", "not given here"])
def test_desk_that_no_longer_gives_the_service_is_refused(resident: Resident, gone: str) -> None:
    service, place = make_place()
    if gone == "desk offline":
        Desk.objects.update(online=False)
    elif gone == "service inactive":
        type(service).objects.update(active=False)
    else:
        place.desks[0].offers.all().delete()

    with pytest.raises(SlotTaken):
        actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))


def test_resident_cannot_be_in_two_places_at_once(resident: Resident) -> None:
    service, place = make_place(desks=2)
    other, same = also_at(place.desks[1])
    held = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))
    booked = actions.confirm(appointment=held)

    with pytest.raises(AlreadyBooked) as refusal:
        actions.hold(resident=resident, service=other, place=same, starts_at=in_days(3))
    assert refusal.value.existing == booked


def test_resident_books_as_many_as_the_service_allows(resident: Resident) -> None:
    service, place = make_place(max_active=2)
    for hour in (9, 10):
        held = actions.hold(
            resident=resident, service=service, place=place, starts_at=in_days(3, hour)
        )
        actions.confirm(appointment=held)

    with pytest.raises(AlreadyBooked):
        actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3, 11))


def test_booking_next_to_another_leaves_no_gap(resident: Resident) -> None:
    service, place = make_place(desks=3, step=15)
    AppointmentFactory.create(desk=place.desks[1], starts_at=in_days(3, 11))

    held = actions.hold(
        resident=resident, service=service, place=place, starts_at=in_days(3, 11, 30)
    )

    assert held.desk == place.desks[1]


def test_failed_choice_leaves_the_earlier_hold_alone(resident: Resident) -> None:
    service, place = make_place()
    AppointmentFactory.create(desk=place.desks[0], starts_at=in_days(3, 12))
    held = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))

    with pytest.raises(SlotTaken):
        actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3, 12))

    held.refresh_from_db()
    assert held.status == Appointment.Status.HELD


def test_hold_that_ran_out_is_renewed_by_asking_for_it_again(resident: Resident) -> None:
    service, place = make_place()
    first = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))
    Appointment.objects.update(hold_expires_at=timezone.now(), notes="Knock twice.")

    again = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))

    assert again != first
    assert again.hold_expires_at and again.hold_expires_at > timezone.now()
    assert again.notes == "Knock twice."


def test_hold_inside_a_closure_cannot_be_booked(resident: Resident) -> None:
    service, place = make_place()
    held = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))
    listed = actions.close(
        closure=Closure(
            location=place.location, starts_at=in_days(3, 10, 20), ends_at=in_days(3, 10, 40)
        )
    )

    assert listed == [held]
    with pytest.raises(SlotTaken):
        actions.confirm(appointment=held)


def test_hold_whose_time_has_come_cannot_be_booked(
    resident: Resident, time_machine: TimeMachineFixture
) -> None:
    service, place = make_place()
    held = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))
    time_machine.move_to(held.starts_at)

    with pytest.raises(SlotTaken):
        actions.confirm(appointment=held)


def test_nobody_is_booked_on_a_bank_holiday(resident: Resident) -> None:
    service, place = make_place()
    call_command("import_bank_holidays")
    BankHoliday.objects.create(date=in_days(3).date(), title="A day off")

    with pytest.raises(SlotTaken):
        actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))


def test_closing_lists_only_what_stands_in_the_way() -> None:
    _, place = make_place(desks=2)
    first, second = place.desks
    hit = AppointmentFactory.create(desk=first, starts_at=in_days(3, 10))
    AppointmentFactory.create(desk=first, starts_at=in_days(3, 11))
    elsewhere = AppointmentFactory.create(desk=second, starts_at=in_days(3, 10))
    window = {"starts_at": in_days(3, 10), "ends_at": in_days(3, 11)}

    assert actions.close(closure=Closure(desk=first, **window)) == [hit]
    assert actions.close(closure=Closure(**window)) == [hit, elsewhere]


def test_cancelled_time_can_be_booked_by_somebody_else_at_once(resident: Resident) -> None:
    service, place = make_place()
    held = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))
    cancelled = actions.cancel(appointment=actions.confirm(appointment=held))

    assert actions.cancel(appointment=cancelled).ical_sequence == 1
    assert actions.confirm(appointment=cancelled).is_cancelled
    other = ResidentFactory.create()
    assert actions.hold(resident=other, service=service, place=place, starts_at=in_days(3))


def test_hold_can_be_given_up(resident: Resident) -> None:
    service, place = make_place()
    held = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))

    assert actions.cancel(appointment=held).status == Appointment.Status.EXPIRED
    assert not Delivery.objects.exists()


def test_council_cancels_until_it_is_over_and_says_why(resident: Resident) -> None:
    ahead = AppointmentFactory.create(resident=resident, starts_at=in_days(1))
    over = AppointmentFactory.create(resident=resident, starts_at=in_days(-1))

    made = actions.cancel(appointment=ahead, by_council=True, reason="The adviser is ill.")
    assert made.status == Appointment.Status.CANCELLED_BY_COUNCIL
    assert "The adviser is ill." in Delivery.objects.get().payload["body"]
    with pytest.raises(CannotCancel):
        actions.cancel(appointment=over, by_council=True)


def test_tidying_frees_time_and_forgets_old_drafts(
    resident: Resident, time_machine: TimeMachineFixture
) -> None:
    service, place = make_place()
    actions.hold(resident=resident, service=service, place=place, starts_at=in_days(30))
    assert actions.tidy() == 0
    time_machine.move_to(timezone.now() + timedelta(minutes=11))
    assert actions.tidy() == 1
    assert not OccupiedCell.objects.exists()
    assert Appointment.objects.get().status == Appointment.Status.EXPIRED
    time_machine.move_to(timezone.now() + timedelta(days=2))
    assert actions.tidy() == 0
    assert not Appointment.objects.exists()


def test_places_are_locations_and_the_phone() -> None:
    service, place = make_place(desks=2)
    DeskServiceFactory.create(service=service, desk=place.desks[0], channel=Channel.PHONE)

    assert [(found.slug, len(found.desks)) for found in places(service)] == [
        ("town-hall", 2),
        ("phone", 1),
    ]
    with pytest.raises(NoSuchPlace):
        place_of(ServiceFactory.create(), "town-hall")


class TestCheckCommand:
    """The proof must find each kind of fault; the fixture of this module sees them mended."""

    def test_sound_data_is_said_to_be_sound(self, capsys: pytest.CaptureFixture[str]) -> None:
        _, place = make_place()
        AppointmentFactory.create(desk=place.desks[0], starts_at=in_days(3))
        call_command("check_appointments")
        assert "Nobody is booked twice" in capsys.readouterr().out

    def test_missing_cell_is_found(self) -> None:
        made = AppointmentFactory.create()
        OccupiedCell.objects.filter(pk=OccupiedCell.objects.order_by("pk")[0].pk).delete()
        with pytest.raises(CommandError, match=f"{made.reference} lacks a cell"):
            call_command("check_appointments")
        OccupiedCell.objects.all().delete()
        made.delete()

    def test_stray_cell_and_overlap_are_found(self) -> None:
        made = AppointmentFactory.create()
        cell = made.cells[-1] + 1
        OccupiedCell.objects.create(desk=made.desk, lane=0, cell=cell, appointment=made)
        other = AppointmentFactory.create(desk=made.desk, lane=1)
        Appointment.objects.filter(pk=other.pk).update(lane=0)

        found = "\n".join(problems())

        assert f"{made.reference} has a cell that is not of its time" in found
        assert f"{other.reference} overlaps" in found
        OccupiedCell.objects.all().delete()
        Appointment.objects.all().delete()
