"""Appointments as events of a calendar, and as the mail that puts them there (RFC 5546, RFC 6047).

The same UID with a growing SEQUENCE, sent as REQUEST from the first mail, is what lets Outlook,
Gmail and Apple change and remove the event later.
"""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings

from appointments.models import Appointment
from stockport import icalendar


def calendar(appointment: Appointment, *, method: str, stamp: datetime, attendee: str = "") -> str:
    """One appointment as a calendar object with CRLF line ends.

    `method` is REQUEST or CANCEL in mail to the attendee, PUBLISH (without attendee) in a download.
    """
    return icalendar.calendar([_event(appointment, attendee)], method=method, stamp=stamp)


def _event(appointment: Appointment, attendee: str) -> icalendar.Event:
    page = f"{settings.SITE_URL}{appointment.get_absolute_url()}"
    # Who has no account has no page to see it on.
    url = page if appointment.resident_id else settings.CONTACT_URL
    return icalendar.Event(
        uid=f"{appointment.uuid}@{urlsplit(settings.SITE_URL).hostname}",
        sequence=appointment.ical_sequence,
        starts=appointment.starts_at,
        ends=appointment.ends_at,
        summary=appointment.service.public_title,
        location=appointment.where,
        description=f"Reference {appointment.reference}. {url}",
        url=url,
        status="CANCELLED" if appointment.is_cancelled else "CONFIRMED",
        organizer=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        attendee=attendee,
    )
