"""Calendar objects and the mail that carries them, read back as a mail program would."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from appointments import actions, ical
from appointments.models import Appointment
from stockport.outbox.delivering import drain
from stockport.outbox.models import Destination
from tests.appointments.world import in_days, make_place
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import AppointmentFactory, DeskFactory, LocationFactory

pytestmark = pytest.mark.django_db
STAMP = datetime(2027, 1, 4, 9, tzinfo=UTC)


def properties(text: str) -> dict[str, str]:
    """The lines of the event by name, unfolded."""
    assert text.count("\r\n") == text.count("\n")
    lines = text.replace("\r\n ", "").split("\r\n")
    event = lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT")]
    calendar = [line for line in lines if line.startswith("METHOD")]
    return dict(line.split(":", 1) for line in calendar + event[1:])


@pytest.mark.parametrize(
    "start",
    [
        datetime(2027, 7, 1, 9, tzinfo=UTC),
        datetime(2027, 1, 13, 10, tzinfo=UTC),
        datetime(2027, 3, 28, 0, 30, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
        datetime(2029, 6, 1, 9, tzinfo=UTC),
    ],
)
def test_calendar_programs_read_the_moment_that_was_booked(start: datetime) -> None:
    made = AppointmentFactory.create(starts_at=start)

    event = properties(ical.calendar(made, method="REQUEST", stamp=STAMP, attendee="a@b.org"))

    for name, moment in (("DTSTART", made.starts_at), ("DTEND", made.ends_at)):
        [(key, value)] = [pair for pair in event.items() if pair[0].startswith(name)]
        if key.endswith("TZID=Europe/London"):
            wall = datetime.strptime(value, "%Y%m%dT%H%M%S")  # noqa: DTZ007
            assert wall.replace(tzinfo=ZoneInfo("Europe/London")).astimezone(UTC) == moment
        else:
            assert datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) == moment


def test_rules_of_the_time_zone_give_the_days_on_which_clocks_change() -> None:
    """The last Sundays of March and October, against zoneinfo, for twenty years."""
    assert [line for line in ical.TIMEZONE if line.startswith("RRULE")] == [
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    ]
    for year in range(2026, 2046):
        for month in (3, 10):
            last = max(day for n in range(31) if (day := date(year, month, 1 + n)).weekday() == 6)
            noon = datetime(last.year, last.month, last.day, 12, tzinfo=ZoneInfo("Europe/London"))
            assert noon.utcoffset() != (noon - timedelta(days=1)).utcoffset()


def test_event_keeps_its_identity_and_counts_its_changes() -> None:
    service, place = make_place()
    resident = ResidentFactory.create()
    held = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))
    booked = actions.confirm(appointment=held)
    first = properties(
        ical.calendar(booked, method="REQUEST", stamp=STAMP, attendee=resident.email)
    )
    cancelled = actions.cancel(appointment=booked)
    second = properties(
        ical.calendar(cancelled, method="CANCEL", stamp=STAMP, attendee=resident.email)
    )

    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == ("0", "1")
    assert (first["STATUS"], second["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert (first["METHOD"], second["METHOD"]) == ("REQUEST", "CANCEL")
    assert first["ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE"] == f"mailto:{resident.email}"
    assert first["ORGANIZER"].startswith("mailto:")


def test_names_with_commas_and_accents_survive_escaping_and_folding() -> None:
    name = "Café “Łódź”; back room, 2nd floor \\ north " * 2
    location = LocationFactory.create(name=name)
    made = AppointmentFactory.create(desk=DeskFactory.create(location=location))

    text = ical.calendar(made, method="PUBLISH", stamp=STAMP)

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    read = properties(text)["LOCATION"]
    for escaped, sign in (("\\,", ","), ("\\;", ";"), ("\\\\", "\\")):
        read = read.replace(escaped, sign)
    assert read.startswith(name)


def test_calendar_stays_neutral_where_the_service_asks_for_it() -> None:
    made = AppointmentFactory.create(service__name="Register a death", service__neutral_title=True)

    text = ical.calendar(made, method="PUBLISH", stamp=STAMP)

    assert "SUMMARY:Council appointment\r\n" in text
    assert "death" not in text


@pytest.fixture
def sent() -> list[bytes]:
    """The e-mails of an appointment that was booked and then cancelled, as they leave."""
    service, place = make_place(name="Register a death", neutral_title=True, bring="Proof & papers")
    resident = ResidentFactory.create()
    held = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))
    actions.cancel(appointment=actions.confirm(appointment=held))
    drain(Destination.objects.get(slug="email").pk, seconds=5)
    return [bytes(message.message()) for message in mail.outbox]


@pytest.mark.parametrize(("number", "method"), [(0, "REQUEST"), (1, "CANCEL")])
def test_mail_carries_the_event_beside_its_text_and_as_a_file(
    sent: list[bytes], number: int, method: str
) -> None:
    message = message_from_bytes(sent[number], policy=policy.default)

    assert message.get_content_type() == "multipart/mixed"
    alternatives, file = message.iter_parts()
    plain, calendar = alternatives.iter_parts()
    assert alternatives.get_content_type() == "multipart/alternative"
    assert plain.get_content_type() == "text/plain"
    assert calendar["Content-Type"].params == {"method": method, "charset": "utf-8"}
    event = calendar.get_content().replace("\n", "\r\n")
    assert properties(event)["METHOD"] == method
    assert file.get_filename() == "appointment.ics"
    assert file.get_content() == event.encode()


def test_mail_says_what_to_bring_and_its_subject_stays_neutral(sent: list[bytes]) -> None:
    booked, cancelled = (message_from_bytes(each, policy=policy.default) for each in sent)
    body, farewell = booked.get_body(("plain",)), cancelled.get_body(("plain",))
    made = Appointment.objects.get()

    assert body and farewell
    text = body.get_content()
    assert "- Proof & papers" in text and made.reference in text
    assert f"/appointments/{made.uuid}/" in text
    assert "You have cancelled" in farewell.get_content()
    assert "death" not in booked["Subject"] + cancelled["Subject"]
    assert booked["Subject"].startswith("Booked: Council appointment")
