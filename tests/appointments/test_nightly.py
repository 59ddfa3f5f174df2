"""What happens to appointments at night: they are checked, and callers are forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from appointments import tasks
from appointments.actions.locks import expire
from appointments.checks import problems
from appointments.models import Appointment, Closure, Desk
from stockport.outbox.models import Delivery
from tests.appointments.world import in_days, make_place
from tests.factories.appointments import AppointmentFactory, EarlierOfferFactory

pytestmark = pytest.mark.django_db
CALLER = {"resident": None, "caller_name": "Ada Byron", "phone": "0161 496 0000"}


@pytest.fixture(autouse=True)
def somebody_reads_alerts(settings: Settings) -> None:
    settings.ALERT_EMAILS = ["duty@example.org"]


def test_staff_are_not_mailed_when_all_is_well() -> None:
    _, place = make_place()
    AppointmentFactory.create(desk=place.desks[0], starts_at=in_days(3))

    tasks.check_every_appointment()

    assert not Delivery.objects.exists()


def test_staff_are_mailed_the_appointment_that_stands_while_its_desk_is_closed() -> None:
    _, place = make_place()
    made = AppointmentFactory.create(desk=place.desks[0], starts_at=in_days(3))
    AppointmentFactory.create(desk=place.desks[0], starts_at=in_days(-3))
    Closure.objects.create(starts_at=in_days(-4), ends_at=in_days(4))

    tasks.check_every_appointment()

    [delivery] = Delivery.objects.all()
    assert delivery.payload["to"] == ["duty@example.org"]
    assert f"- {made.reference} stands while its desk is closed." in delivery.payload["body"]
    assert delivery.payload["body"].count("- AP-") == 1
    with pytest.raises(CommandError, match=made.reference):
        call_command("check_appointments")


def test_without_anybody_to_mail_the_log_says_it(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ALERT_EMAILS = []
    AppointmentFactory.create(starts_at=in_days(3))

    tasks.check_every_appointment()

    assert not Delivery.objects.exists()
    assert "not as they should be: 1" in caplog.text


def test_lane_beyond_those_of_its_desk_needs_a_reason() -> None:
    _, place = make_place(lanes=2)
    made = AppointmentFactory.create(desk=place.desks[0], lane=1, starts_at=in_days(3))
    AppointmentFactory.create(
        desk=place.desks[0], lane=2, starts_at=in_days(3), overbook_reason="Urgent"
    )
    Desk.objects.update(lanes=1)

    with pytest.raises(CommandError) as found:
        call_command("check_appointments")

    said = f"{made.reference} is beyond the lanes of its desk, and nobody said why."
    assert str(found.value) == said


def test_resident_in_two_places_at_once_is_found() -> None:
    _, place = make_place(desks=2)
    first, second = place.desks
    made = AppointmentFactory.create(desk=first, starts_at=in_days(3))
    other = AppointmentFactory.create(desk=second, starts_at=in_days(3), resident=made.resident)

    with pytest.raises(CommandError) as found:
        call_command("check_appointments")

    said = "is at the same time as another appointment of its resident."
    expected = sorted([made.reference, other.reference])
    assert str(found.value).splitlines() == [f"{each} {said}" for each in expected]


@pytest.mark.parametrize("fault", ["given away", "runs out before", "another time"])
def test_time_that_is_offered_and_not_kept_is_found(fault: str) -> None:
    offer = EarlierOfferFactory.create()
    assert problems() == []

    if fault == "given away":
        expire([offer.held.pk])
    elif fault == "runs out before":
        offer.expires_at += timedelta(hours=1)
    else:
        offer.starts_at -= timedelta(hours=1)
    offer.save()

    assert problems() == [
        f"{offer.appointment.reference} has been offered a time that is not kept."
    ]


def test_who_had_no_account_is_forgotten_a_month_after() -> None:
    over = AppointmentFactory.create(**CALLER, starts_at=in_days(-32), caller_email="a@example.org")
    recent = AppointmentFactory.create(**CALLER, starts_at=in_days(-20))
    resident = AppointmentFactory.create(starts_at=in_days(-400), phone="0161 496 0001")

    for _ in range(2):
        tasks.forget_callers()

    over.refresh_from_db()
    assert (over.caller_name, over.caller_email, over.phone) == ("", "", "")
    assert over.anonymised_at and over.status == Appointment.Status.BOOKED
    for kept in (recent, resident):
        kept.refresh_from_db()
        assert kept.phone and not kept.anonymised_at


def test_hold_of_nobody_is_not_a_caller() -> None:
    AppointmentFactory.create(resident=None, held=True, starts_at=in_days(-40))

    tasks.forget_callers()

    assert not Appointment.objects.exclude(anonymised_at=None).exists()
