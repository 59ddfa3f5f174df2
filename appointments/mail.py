"""The e-mails of an appointment, each with the calendar object that does the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string

from appointments import ical
from stockport.outbox.actions import send_email

if TYPE_CHECKING:
    from datetime import datetime

    from appointments.models import Appointment, EarlierOffer

FILE = "appointment.ics"
# How an offer begins, and its text.
EARLIER = ("An earlier time is free", "appointments/mail/offer.txt")
INSTEAD = ("We have to change your appointment", "appointments/mail/instead.txt")


def send_booked(appointment: Appointment, *, now: datetime) -> None:
    """Say that it is booked, and put it in the resident's calendar."""
    _send(appointment, "appointments/mail/booked.txt", "Booked", method="REQUEST", now=now)


def send_moved(appointment: Appointment, before: Appointment, *, now: datetime) -> None:
    """Say that it is at another time or place, and move it in the resident's calendar."""
    template = "appointments/mail/moved.txt"
    _send(appointment, template, "Changed", method="REQUEST", now=now, before=before)


def send_asked(appointment: Appointment, reason: str, *, now: datetime) -> None:
    """Ask to choose another time; the calendar still has the old one."""
    template = "appointments/mail/asked.txt"
    _send(appointment, template, "Choose another time", now=now, reason=reason)


def send_reminder(appointment: Appointment, *, now: datetime) -> None:
    """Remind of it; the calendar has it already."""
    _send(appointment, "appointments/mail/reminder.txt", "Reminder", now=now)


def send_offer(offer: EarlierOffer, *, reason: str = "") -> None:
    """Say that another time is kept for the resident, and until when."""
    resident = offer.appointment.resident
    if resident is None:
        return
    context = {
        "offer": offer,
        "appointment": offer.appointment,
        "url": f"{settings.SITE_URL}{offer.get_absolute_url()}",
        "council": settings.COUNCIL_NAME,
        "reason": reason,
    }
    word, template = INSTEAD if offer.instead else EARLIER
    title = offer.appointment.service.public_title
    send_email(
        to=resident.email,
        subject=f"{word}: {title}, {offer.appointment.reference}",
        body=render_to_string(template, context),
        resident=resident,
        reference=offer.appointment.reference,
    )


def send_cancelled(appointment: Appointment, *, now: datetime) -> None:
    """Say that it is cancelled, and take it out of the resident's calendar."""
    _send(appointment, "appointments/mail/cancelled.txt", "Cancelled", method="CANCEL", now=now)


def _send(
    appointment: Appointment,
    template: str,
    word: str,
    *,
    method: str = "",
    now: datetime,
    **more: object,
) -> None:
    """In the transaction of what it is about; nobody is written to who is not known any more."""
    if not appointment.email:
        return
    context = {
        "appointment": appointment,
        # Who has no account has no page to see it on.
        "url": settings.SITE_URL + appointment.get_absolute_url() if appointment.resident else "",
        "contact_url": settings.CONTACT_URL,
        "council": settings.COUNCIL_NAME,
        **more,
    }
    send_email(
        to=appointment.email,
        subject=f"{word}: {appointment.service.public_title}, {appointment.reference}",
        body=render_to_string(template, context),
        resident=appointment.resident,
        reference=appointment.reference,
        attachments=_calendar(appointment, method, now) if method else (),
    )


def _calendar(appointment: Appointment, method: str, now: datetime) -> list[dict[str, str]]:
    """Mail programs act on the part without a name; people can open the one with a name."""
    event = ical.calendar(appointment, method=method, stamp=now, attendee=appointment.email)
    return [
        {"name": "", "type": f"text/calendar; method={method}", "content": event},
        {"name": FILE, "type": f'application/ics; name="{FILE}"', "content": event},
    ]
