"""Reminders: at the times that the service names, each once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from time_machine import TimeMachineFixture

from accounts.models import Resident
from appointments import actions, tasks
from appointments.models import Appointment, SentReminder
from appointments.places import Place
from stockport.outbox.models import Delivery
from tests.appointments.world import make_place

pytestmark = pytest.mark.django_db
START = datetime(2027, 1, 20, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def made(resident: Resident, time_machine: TimeMachineFixture) -> Appointment:
    """Booked ten days ahead; its resident is reminded a week and a day before."""
    time_machine.move_to(START - 240 * HOUR)
    _, place = make_place(reminder_hours=[168, 24])
    return booked(resident, place, START)


def booked(resident: Resident, place: Place, start: datetime) -> Appointment:
    from appointments.models import Service

    service = Service.objects.get()
    held = actions.hold(resident=resident, service=service, place=place, starts_at=start)
    return actions.confirm(appointment=held)


def place_of(made: Appointment) -> Place:
    from appointments.places import places

    return places(made.service)[0]


def reminders() -> int:
    return Delivery.objects.filter(payload__subject__startswith="Reminder: ").count()


def test_resident_is_reminded_at_each_time_once(
    made: Appointment, resident: Resident, time_machine: TimeMachineFixture
) -> None:
    for before, expected in ((169, 0), (168, 1), (100, 1), (24, 2), (1, 2), (-1, 2)):
        time_machine.move_to(START - before * HOUR)
        tasks.remind()
        tasks.remind()
        assert reminders() == expected, before

    mail = Delivery.objects.filter(payload__subject__startswith="Reminder: ").first()
    assert mail
    assert mail.payload["to"] == [resident.email]
    assert made.reference in mail.payload["body"]
    assert f"/appointments/{made.uuid}/" in mail.payload["body"]
    assert mail.payload["attachments"] == []


def test_only_the_last_reminder_is_sent_after_a_time_when_nothing_ran(
    made: Appointment, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(START - 2 * HOUR)

    assert actions.remind() == 1
    assert actions.remind() == 0


def test_who_books_at_the_last_moment_is_not_reminded_at_once(
    resident: Resident, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(START - 20 * HOUR)
    _, place = make_place(min_notice=1)
    booked(resident, place, START)

    assert actions.remind() == 0
    time_machine.move_to(START - HOUR)
    assert actions.remind() == 0


def test_cancelled_appointment_is_not_reminded_of(
    made: Appointment, time_machine: TimeMachineFixture
) -> None:
    actions.cancel(appointment=made)
    time_machine.move_to(START - 24 * HOUR)

    assert actions.remind() == 0


def test_moved_appointment_is_reminded_of_at_its_new_time(
    made: Appointment, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(START - 24 * HOUR)
    assert actions.remind() == 1
    # Moved to a time nine days ahead, and later to one that is nearer than a day.
    later = START + 192 * HOUR
    actions.move(appointment=made, place=place_of(made), starts_at=later)
    assert actions.remind() == 0
    time_machine.move_to(later - 168 * HOUR)
    assert actions.remind() == 1
    time_machine.move_to(later - 30 * HOUR)
    soon = later + 2 * HOUR
    type(made.service).objects.update(min_notice=1)
    actions.move(appointment=made, place=place_of(made), starts_at=soon)
    assert actions.remind() == 0
    time_machine.move_to(soon - 24 * HOUR)
    assert actions.remind() == 1


def test_day_before_is_24_hours_also_when_the_clocks_change(
    resident: Resident, time_machine: TimeMachineFixture
) -> None:
    change = datetime(2027, 3, 28, 9, tzinfo=UTC)  # 10am, on the first day of summer time
    time_machine.move_to(change - 240 * HOUR)
    _, place = make_place()
    booked(resident, place, change)

    time_machine.move_to(change - 24 * HOUR - timedelta(minutes=1))
    assert actions.remind() == 0
    time_machine.move_to(change - 24 * HOUR)
    assert actions.remind() == 1
    assert "10am" in Delivery.objects.order_by("created_at").last().payload["body"]


def test_service_without_reminders_sends_none(
    made: Appointment, time_machine: TimeMachineFixture
) -> None:
    type(made.service).objects.update(reminder_hours=[])
    time_machine.move_to(START - HOUR)

    assert actions.remind() == 0
    assert not SentReminder.objects.exists()
