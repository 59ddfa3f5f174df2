"""The text messages of an appointment, for those who gave a number for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from stockport.outbox.texts import send_text
from stockport.templatetags.portal import clock, weekday

if TYPE_CHECKING:
    from appointments.models import Appointment

# Its words are a template of the council's in GOV.UK Notify: docs/operations.md.
REMINDER = "appointment_reminder"


def send_reminder(appointment: Appointment) -> None:
    """Remind of it, without saying what it is about where the service asks for that.

    In the caller's transaction; nothing where no number was given, or nobody sends texts.
    """
    if not appointment.text_to:
        return
    page = f"{settings.SITE_URL}{appointment.get_absolute_url()}"
    send_text(
        to=appointment.text_to,
        template=REMINDER,
        values={
            "council": settings.COUNCIL_NAME,
            "appointment": appointment.service.public_title,
            "day": weekday(appointment.starts_at),
            "time": clock(appointment.starts_at),
            "place": appointment.public_place,
            "reference": appointment.reference,
            # Who has no account has no page to see it on.
            "link": page if appointment.resident_id else settings.CONTACT_URL,
        },
        resident=appointment.resident,
        reference=appointment.reference,
    )
