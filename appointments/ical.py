"""Appointments as iCalendar (RFC 5545) and as the mail that puts them in a calendar (RFC 5546).

Written by hand, for two reasons. Mail programs that build on ical.js read only the first value of
an RDATE with several, so summer time must be a rule (RRULE). And the same UID with a growing
SEQUENCE, sent as REQUEST from the first mail, is what lets Outlook, Gmail and Apple change and
remove the event later.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings

from appointments.models import Appointment
from appointments.rules import LONDON

TIMEZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Europe/London",
    "BEGIN:DAYLIGHT",
    "DTSTART:19960331T010000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0100",
    "TZNAME:BST",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "DTSTART:19961027T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0000",
    "TZNAME:GMT",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def calendar(appointment: Appointment, *, method: str, stamp: datetime, attendee: str = "") -> str:
    """One appointment as a calendar object with CRLF line ends.

    `method` is REQUEST or CANCEL in mail to the attendee, PUBLISH (without attendee) in a download.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//My Account//Appointments//EN"]
    lines += ["CALSCALE:GREGORIAN", f"METHOD:{method}", *TIMEZONE]
    lines += [*_event(appointment, stamp, attendee), "END:VCALENDAR"]
    return "".join(f"{fold(line)}\r\n" for line in lines)


def _event(appointment: Appointment, stamp: datetime, attendee: str) -> list[str]:
    page = f"{settings.SITE_URL}{appointment.get_absolute_url()}"
    # Who has no account has no page to see it on.
    url = page if appointment.resident_id else settings.CONTACT_URL
    lines = [
        "BEGIN:VEVENT",
        f"UID:{appointment.uuid}@{urlsplit(settings.SITE_URL).hostname}",
        f"SEQUENCE:{appointment.ical_sequence}",
        f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART{local_time(appointment.starts_at)}",
        f"DTEND{local_time(appointment.ends_at)}",
        f"SUMMARY:{escape(appointment.service.public_title)}",
        f"LOCATION:{escape(appointment.where)}",
        f"DESCRIPTION:{escape(f'Reference {appointment.reference}. {url}')}",
        f"URL:{url}",
        f"STATUS:{'CANCELLED' if appointment.is_cancelled else 'CONFIRMED'}",
        f"ORGANIZER:mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
    ]
    if attendee:
        lines.append(f"ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{attendee}")
    return [*lines, "END:VEVENT"]


def local_time(moment: datetime) -> str:
    """The rest of a DTSTART or DTEND line, on the clock in London.

    The second showing of an hour that clocks show twice is in UTC: RFC 5545 (3.3.5) takes a local
    time for its first showing.
    """
    local = moment.astimezone(LONDON)
    if local.fold:
        return f":{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f";TZID=Europe/London:{local:%Y%m%dT%H%M%S}"


def escape(text: str) -> str:
    """Text as a value: RFC 5545, 3.3.11."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def fold(line: str) -> str:
    """The line in pieces of at most 75 octets, no character cut in two: RFC 5545, 3.1."""
    pieces, size = [""], 0
    for character in line:
        width = len(character.encode())
        if size + width > 75:
            pieces.append(" ")
            size = 1
        pieces[-1] += character
        size += width
    return "\r\n".join(pieces)
