"""What the rest of the portal sees of appointments."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone
from time_machine import TimeMachineFixture

from accounts.models import Resident
from appointments import actions
from appointments.checks import problems
from appointments.demo import RESIDENT, seed
from appointments.models import Appointment, BankHoliday, OccupiedCell, Service
from appointments.service import service as public
from tests.appointments.world import in_days, make_place
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import AppointmentFactory

pytestmark = pytest.mark.django_db


def test_card_shows_the_next_appointment(resident: Resident) -> None:
    AppointmentFactory.create(resident=resident, starts_at=in_days(9))
    soon = AppointmentFactory.create(resident=resident, starts_at=in_days(1, 14))
    AppointmentFactory.create(resident=resident, held=True, starts_at=in_days(1, 9))

    card = public.card(resident)

    assert card
    assert card.url == f"/appointments/{soon.uuid}/"
    assert card.status.endswith("2pm") and card.urgent


def test_card_of_resident_without_appointments_leads_to_booking(resident: Resident) -> None:
    AppointmentFactory.create(resident=resident, starts_at=in_days(-1))

    card = public.card(resident)

    assert card and card.url == "/appointments/"


def test_dates_are_booked_appointments_from_first_to_last_day(resident: Resident) -> None:
    inside = [
        AppointmentFactory.create(resident=resident, starts_at=in_days(days, hour))
        for days, hour in ((2, 0), (5, 23))
    ]
    AppointmentFactory.create(resident=resident, starts_at=in_days(6, 0))
    AppointmentFactory.create(starts_at=in_days(3))

    entries = public.dates(resident, in_days(2).date(), in_days(5).date())

    assert [entry.uid for entry in entries] == [f"appointment-{made.uuid}" for made in inside]


def test_shared_calendar_does_not_say_what_a_private_appointment_is_about(
    resident: Resident,
) -> None:
    AppointmentFactory.create(
        resident=resident,
        starts_at=in_days(3),
        service__name="Register a death",
        service__neutral_title=True,
    )

    [entry] = public.dates(resident, in_days(2).date(), in_days(5).date())

    assert entry.shared_title == "Council appointment"


def test_export_holds_every_answer_and_can_be_read_by_a_machine(resident: Resident) -> None:
    AppointmentFactory.create(
        resident=resident, notes="Knock twice.", needs_interpreter=True, language="Urdu"
    )

    [(name, [row]), *_] = public.export(resident)

    assert name == "appointments"
    read = json.loads(json.dumps(row))
    assert (read["notes"], read["language"]) == ("Knock twice.", "Urdu")
    assert read["starts_at"].endswith("+00:00")


def test_erasing_frees_future_time_and_names_nobody_in_what_is_over(resident: Resident) -> None:
    service, place = make_place(max_active=2)
    held = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))
    actions.confirm(appointment=held)
    actions.hold(resident=resident, service=service, place=place, starts_at=in_days(4))
    past = AppointmentFactory.create(
        resident=resident, starts_at=in_days(-5), channel="phone", phone="01632 960001", notes="x"
    )

    erasure = public.erase(resident)

    assert (erasure.deleted, erasure.anonymised, erasure.kept) == (1, 2, ())
    past.refresh_from_db()
    assert (past.resident, past.phone, past.notes, past.status) == (None, "", "", "booked")
    assert not Appointment.objects.for_resident(resident).exists()
    assert set(OccupiedCell.objects.values_list("appointment", flat=True)) == {past.pk}
    assert problems() == []
    other = ResidentFactory.create()
    assert actions.hold(resident=other, service=service, place=place, starts_at=in_days(3))


def test_demo_gives_its_resident_bookings_once(time_machine: TimeMachineFixture) -> None:
    resident = ResidentFactory.create(email=RESIDENT)

    for _ in range(2):
        seed(timezone.localdate())

    mine = Appointment.objects.for_resident(resident)
    assert mine.upcoming(timezone.now()).count() == 2
    assert mine.filter(status=Appointment.Status.CANCELLED_BY_RESIDENT).count() == 1
    assert BankHoliday.objects.filter(date=date(2026, 12, 25)).exists()
    assert problems() == []


@pytest.mark.parametrize("days", [-30, -1, *range(4, 10)])
def test_demo_of_another_day_books_no_two_times_at_once(
    time_machine: TimeMachineFixture, days: int
) -> None:
    asked = date(2026, 11, 23)
    time_machine.move_to(f"{asked + timedelta(days=days)} 16:50+00:00")
    resident = ResidentFactory.create(email=RESIDENT)

    seed(asked)

    mine = Appointment.objects.for_resident(resident).values_list("starts_at", flat=True)
    assert len({moment.date() for moment in mine}) == len(mine)
    assert len(mine) == 3 or days < 0


@pytest.mark.parametrize("today", [date(2026, 12, 24), date(2027, 2, 28), date(2028, 2, 29)])
def test_every_demo_service_can_be_booked_whatever_the_day(
    time_machine: TimeMachineFixture, today: date
) -> None:
    from appointments import availability
    from appointments.places import places

    time_machine.move_to(f"{today} 23:58+00:00")
    ResidentFactory.create(email=RESIDENT)
    seed(today)

    for service in Service.objects.all():
        pools = [place.desks for place in places(service)]
        firsts = availability.first_available(service, pools, now=timezone.now())
        assert all(first and first - timezone.now() < timedelta(days=10) for first in firsts)
