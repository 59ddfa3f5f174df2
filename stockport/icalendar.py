"""Events as iCalendar (RFC 5545), for mail, for download and for calendars that subscribe.

Written by hand, because mail programs that build on ical.js read only the first value of an RDATE
with several, so that summer time must be a rule (RRULE); ADR 0014 weighs the libraries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from stockport.text import visible

LONDON = ZoneInfo("Europe/London")
# How often a calendar should look again, for those that can be told.
FRESH_FOR = "PT1H"
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


@dataclass(frozen=True)
class Event:
    """One event; on a date it takes the whole day and leaves nobody busy.

    `organizer` and `attendee` are e-mail addresses, for mail alone.
    """

    uid: str
    starts: date | datetime
    summary: str
    ends: datetime | None = None
    location: str = ""
    description: str = ""
    url: str = ""
    sequence: int | None = None
    status: str = ""
    organizer: str = ""
    attendee: str = ""


def calendar(events: Iterable[Event], *, method: str, stamp: datetime, name: str = "") -> str:
    """The events as a calendar object with CRLF line ends.

    `method` is REQUEST or CANCEL in mail (RFC 5546), PUBLISH in a download or a feed; a feed has a
    `name` too, and says how often to look again.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//My Account//Calendar//EN"]
    lines += ["CALSCALE:GREGORIAN", f"METHOD:{method}"]
    if name:
        # RFC 7986, and what came before it in Outlook, Google and Apple.
        lines += [f"NAME:{escape(name)}", f"X-WR-CALNAME:{escape(name)}"]
        lines += [f"REFRESH-INTERVAL;VALUE=DURATION:{FRESH_FOR}", f"X-PUBLISHED-TTL:{FRESH_FOR}"]
    lines += TIMEZONE
    for event in events:
        lines += _event(event, stamp)
    return "".join(f"{fold(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _event(event: Event, stamp: datetime) -> list[str]:
    optional = {
        "SEQUENCE:": "" if event.sequence is None else str(event.sequence),
        "LOCATION:": escape(event.location),
        "DESCRIPTION:": escape(event.description),
        "URL:": event.url,
        "STATUS:": event.status,
        "ORGANIZER:mailto:": event.organizer,
        "ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:": event.attendee,
    }
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        *_times(event),
        f"SUMMARY:{escape(event.summary)}",
        *(f"{name}{value}" for name, value in optional.items() if value),
        "END:VEVENT",
    ]


def _times(event: Event) -> list[str]:
    if not isinstance(event.starts, datetime):
        after = event.starts + timedelta(days=1)
        days = [f"DTSTART;VALUE=DATE:{event.starts:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]
        return [*days, "TRANSP:TRANSPARENT"]
    start = f"DTSTART{local_time(event.starts)}"
    return [start, f"DTEND{local_time(event.ends)}"] if event.ends else [start]


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
    """Text as a value, without control characters: RFC 5545, 3.3.11."""
    text = visible(text)
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
