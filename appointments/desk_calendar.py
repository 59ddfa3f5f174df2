"""A desk's calendar for whoever works there: which service is when, and never for whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from appointments import rules
from appointments.models import Appointment
from stockport import calendars, icalendar

if TYPE_CHECKING:
    from appointments.models import Desk

ADDRESSES = calendars.Addresses("appointments:desk")
BEHIND, AHEAD = timedelta(days=7), timedelta(days=90)


def events(desk: Desk, today: date) -> list[icalendar.Event]:
    """Its appointments from a week ago to 90 days ahead."""
    first, after = rules.midnight(today - BEHIND), rules.midnight(today + AHEAD)
    made = Appointment.objects.filter(desk=desk).standing().with_place()
    there = made.filter(starts_at__gte=first, starts_at__lt=after)
    return [_event(each) for each in there.order_by("starts_at", "lane")]


def _event(appointment: Appointment) -> icalendar.Event:
    """Its page in the admin, where who may look sees the rest.

    A service with neutral titles is named: that keeps a resident's secret, and here is no resident.
    """
    page = reverse("admin:appointments_appointment_change", args=[appointment.pk])
    return icalendar.Event(
        uid=f"desk-{appointment.uuid}@{urlsplit(settings.SITE_URL).hostname}",
        starts=appointment.starts_at,
        ends=appointment.ends_at,
        summary=f"{appointment.service}, {appointment.reference}",
        location=appointment.place_name,
        url=f"{settings.SITE_URL}{page}",
    )
