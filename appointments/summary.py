"""What pages say about an appointment: rows of a summary list."""

from __future__ import annotations

from copy import copy
from datetime import datetime

from django.urls import reverse

from appointments.forms import NEEDS, time_label
from appointments.models import Appointment, Channel
from appointments.models.status import STANDING
from appointments.phones import spoken
from appointments.places import Place
from stockport.components import Action, SummaryRow
from stockport.templatetags.portal import weekday


def when(appointment: Appointment) -> str:
    """Monday 23 November 2026, 10am to 10:30am."""
    start, end = time_label(appointment.starts_at), time_label(appointment.ends_at)
    return f"{weekday(appointment.starts_at)}, {start} to {end}"


def change(appointment: Appointment, place: Place, to: datetime) -> list[SummaryRow]:
    """What it is now, and what it would be: at that place at that time."""
    after = copy(appointment)
    after.desk = place.desks[0]
    after.starts_at, after.ends_at = to, to + (appointment.ends_at - appointment.starts_at)
    return earlier(appointment, after)


def earlier(appointment: Appointment, after: Appointment) -> list[SummaryRow]:
    """What it is now, and what it would be: at the time and the desk of the other one."""
    rows = [
        SummaryRow("Appointment", appointment.service.name),
        SummaryRow("Now", when(appointment)),
        SummaryRow("New time", when(after)),
    ]
    if after.where == appointment.where:
        return [*rows, SummaryRow("Where", after.where)]
    return [*rows, SummaryRow("Now at", appointment.where), SummaryRow("New place", after.where)]


def facts(appointment: Appointment) -> list[SummaryRow]:
    """What, when and where."""
    rows = [
        SummaryRow("Appointment", appointment.service.name),
        SummaryRow("When", when(appointment)),
        SummaryRow("Where", appointment.where),
    ]
    if appointment.channel == Channel.IN_PERSON and appointment.desk.location.facilities:
        there = _sentence(appointment.desk.location.facilities)
        rows.append(SummaryRow("The building has", there))
    return rows


def _sentence(things: list[str]) -> str:
    listed = ", ".join(things)
    return listed[:1].upper() + listed[1:]


def answers(appointment: Appointment, *, change: bool) -> list[SummaryRow]:
    """What the resident said, with links to change it while it is only held."""

    def row(key: str, value: str, step: str) -> SummaryRow:
        href = reverse("appointments:step", args=[appointment.uuid, step]) + "?change=1"
        link = Action("Change", href, key[:1].lower() + key[1:])
        return SummaryRow(key, value or "Nothing", (link,) if change else ())

    needs = [
        text[:1].lower() + text[1:] for name, text in NEEDS.items() if getattr(appointment, name)
    ]
    rows = [row("What you need", _sentence(needs), "needs")]
    if appointment.service.max_people > 1:
        rows.insert(0, row("People", str(appointment.people), "people"))
    if appointment.needs_interpreter:
        rows.append(row("Language", appointment.language, "language"))
    if appointment.channel == Channel.PHONE:
        rows.append(row("Phone number", appointment.phone, "phone"))
    if appointment.channel == Channel.HOME:
        rows.append(row("Address to visit", appointment.address, "address"))
    rows.append(row("Anything else", appointment.notes, "notes"))
    if appointment.text_to:
        rows.append(SummaryRow("Text reminder to", spoken(appointment.text_to)))
    return rows


def status(appointment: Appointment, *, now: datetime) -> str:
    """For the resident: booked, over, or who cancelled it. Whether they came, they know."""
    if appointment.status in STANDING and appointment.ends_at <= now:
        return "Past"
    if appointment.status == Appointment.Status.CANCELLED_BY_RESIDENT:
        return "Cancelled by you"
    return appointment.get_status_display()
