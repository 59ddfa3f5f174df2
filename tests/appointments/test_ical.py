"""Calendar objects and the mail that carries them, read back as a mail program would."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from appointments import actions, ical
from appointments.models import Appointment
from stockport import icalendar
from stockport.outbox.delivering import drain
from stockport.outbox.models import Destination
from tests.appointments.world import in_days, make_place
from tests.calendars import Component, read
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import AppointmentFactory, DeskFactory, LocationFactory

STAMP = datetime(2027, 1, 4, 9, tzinfo=UTC)
MOMENTS = [
    datetime(2027, 7, 1, 9, tzinfo=UTC),
    datetime(2027, 1, 13, 10, tzinfo=UTC),
    datetime(2027, 3, 28, 0, 30, tzinfo=UTC),
    datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
    datetime(2027, 3, 28, 9, tzinfo=UTC),
    datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
    datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
    datetime(2027, 10, 31, 9, tzinfo=UTC),
    datetime(2029, 6, 1, 9, tzinfo=UTC),
]


@pytest.mark.django_db
@pytest.mark.parametrize("start", MOMENTS, ids=str)
def test_calendar_programs_read_the_moment_that_was_booked(start: datetime) -> None:
    made = AppointmentFactory.create(starts_at=start)

    calendar = read(ical.calendar(made, method="REQUEST", stamp=STAMP, attendee="a@b.org"))

    assert calendar.moment(calendar.event, "DTSTART") == made.starts_at
    assert calendar.moment(calendar.event, "DTEND") == made.ends_at
    assert calendar.moment(calendar.event, "DTSTAMP") == STAMP


@given(st.integers(min_value=0, max_value=4 * 365 * 24 * 60))
def test_rules_of_the_calendar_agree_with_the_time_zone_database(minutes: int) -> None:
    moment = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    event = icalendar.Event(uid="1@example.org", starts=moment, summary="Visit")

    calendar = read(icalendar.calendar([event], method="PUBLISH", stamp=STAMP))

    assert calendar.moment(calendar.event, "DTSTART") == moment
    [line] = [line for line in calendar.event.lines if line.name == "DTSTART"]
    wall = moment.astimezone(ZoneInfo("Europe/London"))
    assert line.value.endswith("Z") or line.value == f"{wall:%Y%m%dT%H%M%S}"


@given(st.text())
def test_any_text_survives_the_calendar(text: str) -> None:
    """Apart from what nobody can see: line ends become one kind, control characters go."""
    event = icalendar.Event(uid="1@example.org", starts=STAMP, summary=text, location="Łódź")

    calendar = read(icalendar.calendar([event], method="PUBLISH", stamp=STAMP))

    seen = "\n".join(icalendar.visible(text).splitlines())
    assert calendar.event["SUMMARY"] == seen


@pytest.mark.django_db
def test_names_with_commas_and_accents_survive_escaping_and_folding() -> None:
    name = "Café “Łódź”; back room, 2nd floor \\ north " * 2
    location = LocationFactory.create(name=name)
    made = AppointmentFactory.create(desk=DeskFactory.create(location=location))

    event = read(ical.calendar(made, method="PUBLISH", stamp=STAMP)).event

    assert event["LOCATION"].startswith(name)
    assert "ATTENDEE" not in event


@pytest.mark.django_db
def test_calendar_stays_neutral_where_the_service_asks_for_it() -> None:
    made = AppointmentFactory.create(service__name="Register a death", service__neutral_title=True)

    text = ical.calendar(made, method="PUBLISH", stamp=STAMP)

    assert read(text).event["SUMMARY"] == "Council appointment"
    assert "death" not in text


@pytest.fixture
def sent(db: None, settings: Settings) -> list[EmailMessage]:
    """The e-mails of an appointment that was booked, moved twice and cancelled, as they leave."""
    settings.DEFAULT_FROM_EMAIL = "My Account <portal@stockport.example>"
    settings.SITE_URL = "https://my.stockport.example"
    service, place = make_place(name="Register a death", neutral_title=True, bring="Proof & papers")
    location = place.desks[0].location
    location.name = "Café “Łódź”; Room 1, north"
    location.save()
    resident = ResidentFactory.create()
    held = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))
    booked = actions.confirm(appointment=held)
    for day in (4, 5):
        booked = actions.move(appointment=booked, place=place, starts_at=in_days(day))
    actions.cancel(appointment=booked)
    drain(Destination.objects.get(slug="email").pk, seconds=5)
    return [
        message_from_bytes(
            message.message().as_bytes(linesep="\r\n"), EmailMessage, policy=policy.default
        )
        for message in mail.outbox
    ]


def parts(message: EmailMessage) -> tuple[EmailMessage, EmailMessage, EmailMessage]:
    """The text, the calendar beside it, and the file."""
    assert message.get_content_type() == "multipart/mixed"
    alternatives, file = message.iter_parts()
    assert alternatives.get_content_type() == "multipart/alternative"
    plain, calendar = alternatives.iter_parts()
    return plain, calendar, file


def calendar_of(message: EmailMessage) -> Component:
    return read(parts(message)[1].get_payload(decode=True).decode())


def test_mail_carries_the_event_beside_its_text_and_as_a_file(sent: list[EmailMessage]) -> None:
    for message, method in zip(sent, ["REQUEST"] * 3 + ["CANCEL"], strict=True):
        plain, beside, file = parts(message)
        assert plain.get_content_type() == "text/plain"
        assert beside.get_content_type() == "text/calendar"
        assert beside["Content-Type"].params == {"method": method, "charset": "utf-8"}
        assert beside["Content-Disposition"] is None
        assert calendar_of(message)["METHOD"] == method
        assert file["Content-Type"].params == {"name": "appointment.ics"}
        assert (file.get_content_type(), file.get_filename()) == (
            "application/ics",
            "appointment.ics",
        )
        assert file.get_payload(decode=True) == beside.get_payload(decode=True)


def test_calendars_leave_in_base64_which_no_mail_server_changes(sent: list[EmailMessage]) -> None:
    for message in sent:
        for part in parts(message)[1:]:
            assert part["Content-Transfer-Encoding"] == "base64"
            content = part.get_payload()
            assert isinstance(content, str) and content.isascii()
            assert "Café “Łódź”\\; Room 1\\, north" in b64decode(content).decode().replace(
                "\r\n ", ""
            )


def test_every_change_is_the_same_event_with_a_higher_sequence(sent: list[EmailMessage]) -> None:
    events = [calendar_of(message).event for message in sent]

    assert {event["UID"] for event in events} == {
        f"{Appointment.objects.get().uuid}@my.stockport.example"
    }
    assert [event["SEQUENCE"] for event in events] == ["0", "1", "2", "3"]
    assert [event["STATUS"] for event in events] == ["CONFIRMED"] * 3 + ["CANCELLED"]
    starts = [
        calendar_of(message).moment(calendar_of(message).event, "DTSTART") for message in sent
    ]
    assert starts == [in_days(3), in_days(4), in_days(5), in_days(5)]


def test_whoever_sends_the_mail_organises_the_event_for_whoever_gets_it(
    sent: list[EmailMessage],
) -> None:
    made = Appointment.objects.get()
    for message in sent:
        event = calendar_of(message).event
        attendee = event.line("ATTENDEE")
        assert message["From"].addresses[0].addr_spec == "portal@stockport.example"
        assert event.line("ORGANIZER").params == {}
        assert event["ORGANIZER"] == "mailto:portal@stockport.example"
        assert attendee.params == {"PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
        assert attendee.value == f"mailto:{message['To']}" == f"mailto:{made.email}"
        assert event["URL"] == f"https://my.stockport.example/appointments/{made.uuid}/"


def test_calendar_that_hears_of_a_change_late_keeps_the_newest(sent: list[EmailMessage]) -> None:
    """As Thunderbird decides (calItipUtils): the higher SEQUENCE, then the later DTSTAMP."""
    booked, moved, again, cancelled = (calendar_of(message) for message in sent)
    kept: dict[str, Component] = {}
    for calendar in (booked, again, moved, cancelled, again, cancelled):
        known = kept.get(calendar.event["UID"])
        if known is None or _newness(calendar) >= _newness(known):
            kept[calendar.event["UID"]] = calendar

    [last] = kept.values()
    assert last["METHOD"] == "CANCEL"


def _newness(calendar: Component) -> tuple[int, str]:
    return int(calendar.event["SEQUENCE"]), calendar.event["DTSTAMP"]


def test_mail_says_what_to_bring_and_its_subject_stays_neutral(sent: list[EmailMessage]) -> None:
    texts = [parts(message)[0].get_content() for message in sent]
    made = Appointment.objects.get()

    assert "- Proof & papers" in texts[0] and made.reference in texts[0]
    assert f"/appointments/{made.uuid}/" in texts[0]
    assert "You have cancelled" in texts[-1]
    assert not any("death" in message["Subject"] for message in sent)
    assert sent[0]["Subject"].startswith("Booked: Council appointment")


def test_all_day_event_takes_its_day_and_leaves_nobody_busy() -> None:
    day = datetime(2027, 3, 27, tzinfo=UTC).date()
    event = icalendar.Event(uid="1@example.org", starts=day, summary="Payment due")

    calendar = read(icalendar.calendar([event], method="PUBLISH", stamp=STAMP, name="My Account"))

    assert calendar.moment(calendar.event, "DTSTART") == day
    assert calendar.moment(calendar.event, "DTEND") == day + timedelta(days=1)
    assert calendar.event["TRANSP"] == "TRANSPARENT"
    assert calendar["X-WR-CALNAME"] == "My Account"
