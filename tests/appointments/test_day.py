"""The day of a place: who comes, what is free, who has arrived, was called in or did not come."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from time_machine import TimeMachineFixture

from appointments import actions, summary
from appointments.actions.visiting import Note
from appointments.checks import problems
from appointments.day import day_of
from appointments.errors import CannotCancel, CannotNote
from appointments.models import Appointment, Desk
from tests.appointments.world import in_days, make_place
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import AppointmentFactory, ClosureFactory

pytestmark = pytest.mark.django_db
Status = Appointment.Status


@pytest.fixture
def staff(portal: PortalClient) -> PortalClient:
    portal.sign_in(ResidentFactory.create(staff=True))
    return portal


def today_at(time_machine: TimeMachineFixture, hour: int, minute: int = 0) -> None:
    time_machine.move_to(in_days(0, hour, minute), tick=False)


def note(staff: PortalClient, made: Appointment, name: str) -> Any:
    answer = staff.post(f"/admin/appointments/appointment/{made.pk}/note/", {"note": name})
    made.refresh_from_db()
    return answer


def test_day_shows_who_comes_what_is_free_and_what_is_closed(staff: PortalClient) -> None:
    service, place = make_place(desks=2)
    first, second = place.desks
    made = AppointmentFactory.create(
        desk=first, service=service, starts_at=in_days(3, 10), needs_interpreter=True,
        language="Urdu", notes="Knock twice.",
    )  # fmt: skip
    ClosureFactory.create(desk=second, starts_at=in_days(3, 0), ends_at=in_days(4, 0))
    AppointmentFactory.create(desk=first, starts_at=in_days(4, 9))
    assert place.location
    url = f"/admin/appointments/location/{place.location.pk}/day/?day={in_days(3).date()}"

    text = " ".join(staff.get(url).content.decode().split())

    for words in (
        made.reference, "10am to 10:30am", "Interpreter: Urdu", "“Knock twice.”", made.who,
        "9am to 10am", "10:30am to 5pm", "Closed, and nobody is booked.",
    ):  # fmt: skip
        assert words in text
    assert text.count('id="AP-') == 1  # and nobody of the next day


def test_free_parts_are_those_that_staff_can_book_kept_lanes_included() -> None:
    service, place = make_place(lanes=3)
    Desk.objects.update(walk_in_lanes=1)
    AppointmentFactory.create(desk=place.desks[0], service=service, starts_at=in_days(3, 12))
    assert place.location

    [diary] = day_of(place.location, in_days(3).date(), now=timezone.now())

    free = [(entry.starts_at, entry.free) for entry in diary.entries if not entry.appointment]
    assert free == [(in_days(3, 9), 3), (in_days(3, 12), 2), (in_days(3, 12, 30), 3)]


def test_appointment_at_a_closed_desk_is_marked(staff: PortalClient) -> None:
    service, place = make_place()
    AppointmentFactory.create(desk=place.desks[0], service=service, starts_at=in_days(3, 10))
    assert place.location
    url = f"/admin/appointments/location/{place.location.pk}/day/?day={in_days(3).date()}"
    assert "The desk is closed then." not in staff.get(url).content.decode()

    ClosureFactory.create(starts_at=in_days(3, 10, 20), ends_at=in_days(3, 11))

    assert "The desk is closed then." in staff.get(url).content.decode()


def test_who_arrives_waits_and_is_called_in(
    time_machine: TimeMachineFixture, portal: PortalClient
) -> None:
    today_at(time_machine, 9, 50)
    staff = portal
    staff.sign_in(ResidentFactory.create(staff=True))
    made = AppointmentFactory.create(starts_at=in_days(0, 10))

    answer = note(staff, made, "ARRIVED")
    assert answer.url.endswith(f"?day={in_days(0).date()}#{made.reference}")
    assert (made.status, made.arrived_at) == (Status.ARRIVED, in_days(0, 9, 50))
    today_at(time_machine, 10, 5)
    note(staff, made, "CALLED_IN")
    note(staff, made, "CALLED_IN")

    assert (made.status, made.seen_at) == (Status.ATTENDED, in_days(0, 10, 5))
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")][:2] == [
        "Arrived.",
        "Called in.",
    ]
    assert problems() == []


def test_undoing_goes_back_to_what_was_true_before(time_machine: TimeMachineFixture) -> None:
    today_at(time_machine, 10, 15)
    made = AppointmentFactory.create(starts_at=in_days(0, 10))
    for step in (Note.ARRIVED, Note.CALLED_IN):
        made = actions.take_note(appointment=made, note=step)

    made = actions.take_note(appointment=made, note=Note.UNDO)
    assert (made.status, made.seen_at) == (Status.ARRIVED, None)
    made = actions.take_note(appointment=made, note=Note.UNDO)
    assert (made.status, made.arrived_at) == (Status.BOOKED, None)


def test_who_did_not_come_may_still_come_late(time_machine: TimeMachineFixture) -> None:
    today_at(time_machine, 10, 15)
    made = AppointmentFactory.create(starts_at=in_days(0, 10))
    made = actions.take_note(appointment=made, note=Note.NO_SHOW)
    assert made.status == Status.NO_SHOW

    made = actions.take_note(appointment=made, note=Note.ARRIVED)

    assert (made.status, made.arrived_at) == (Status.ARRIVED, in_days(0, 10, 15))


def test_nothing_is_noted_before_its_day_and_no_absence_before_its_time(
    time_machine: TimeMachineFixture, portal: PortalClient
) -> None:
    today_at(time_machine, 9)
    staff = portal
    staff.sign_in(ResidentFactory.create(staff=True))
    tomorrow = AppointmentFactory.create(starts_at=in_days(1, 10))
    later = AppointmentFactory.create(starts_at=in_days(0, 10))

    with pytest.raises(CannotNote):
        actions.take_note(appointment=tomorrow, note=Note.ARRIVED)
    note(staff, later, "NO_SHOW")

    assert later.status == Status.BOOKED
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("then", [Note.ARRIVED, Note.NO_SHOW])
def test_who_has_come_or_not_is_not_cancelled_any_more(
    time_machine: TimeMachineFixture, then: Note
) -> None:
    today_at(time_machine, 10, 5)
    made = AppointmentFactory.create(starts_at=in_days(0, 10), service__cancel_cutoff=0)
    actions.take_note(appointment=made, note=then)

    for by_council in (True, False):
        with pytest.raises(CannotCancel):
            actions.cancel(appointment=made, by_council=by_council)


def test_resident_does_not_read_that_they_did_not_come(
    time_machine: TimeMachineFixture,
) -> None:
    today_at(time_machine, 10, 15)
    made = AppointmentFactory.create(starts_at=in_days(0, 10))
    made = actions.take_note(appointment=made, note=Note.NO_SHOW)

    assert summary.status(made, now=made.ends_at + timedelta(days=1)) == "Past"


def test_time_of_who_did_not_come_stays_theirs(time_machine: TimeMachineFixture) -> None:
    today_at(time_machine, 10, 15)
    made = AppointmentFactory.create(starts_at=in_days(0, 10))
    actions.take_note(appointment=made, note=Note.NO_SHOW)

    assert list(Appointment.objects.live(timezone.now())) == [made]
    assert problems() == []


def test_staff_who_may_only_look_note_nothing(portal: PortalClient) -> None:
    viewer = ResidentFactory.create(is_staff=True)
    names = ["view_appointment", "view_location"]
    viewer.user_permissions.set(Permission.objects.filter(codename__in=names))
    portal.sign_in(viewer)
    made = AppointmentFactory.create(starts_at=in_days(0, 0))
    url = f"/admin/appointments/location/{made.desk.location_id}/day/"

    page = portal.get(f"{url}?day={in_days(0).date()}").content.decode()

    assert made.reference in page and "Called in" not in page
    assert note(portal, made, "ARRIVED").status_code == 403


def test_staff_who_may_not_see_appointments_see_no_day(portal: PortalClient) -> None:
    viewer = ResidentFactory.create(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_location"))
    portal.sign_in(viewer)
    made = AppointmentFactory.create()

    url = f"/admin/appointments/location/{made.desk.location_id}/day/"
    assert portal.get(url).status_code == 403


def test_addresses_that_make_no_sense_are_not_found(staff: PortalClient) -> None:
    made = AppointmentFactory.create()
    day = f"/admin/appointments/location/{made.desk.location_id}/day/"

    assert staff.get(f"{day}?day=soon").status_code == 404
    assert staff.get(f"{day}?day=1066-10-14").status_code == 404
    assert staff.get("/admin/appointments/location/0/day/").status_code == 404
    assert note(staff, made, "SLEPT").status_code == 404
    assert staff.get(f"/admin/appointments/appointment/{made.pk}/note/").status_code == 405


@pytest.mark.parametrize("rows", [1, 6])
def test_day_takes_the_same_few_queries_however_many_come(
    staff: PortalClient, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    service, place = make_place(desks=rows)
    for desk in place.desks:
        for hour in range(9, 9 + rows):
            AppointmentFactory.create(desk=desk, service=service, starts_at=in_days(3, hour))
    assert place.location
    url = f"/admin/appointments/location/{place.location.pk}/day/?day={in_days(3).date()}"

    # The session and its resident; the place, its desks, its appointments; five of what is free;
    # and one writes down that staff looked.
    with django_assert_num_queries(2 + 3 + 5 + 1):
        assert staff.get(url).status_code == 200
