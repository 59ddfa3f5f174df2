"""Reminders: at the times before an appointment that its service names, each once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from appointments import mail, texts
from appointments.models import Appointment, SentReminder, Service


def remind() -> int:
    """Remind by e-mail, and by text who wants it, whoever is due; says how many people.

    Twice at once, it reminds once. Hours are real ones: a day before is 24 hours, also when the
    clocks change in between. Where several are due at once, because nothing ran for a while, only
    the last one is sent.
    """
    now, sent = timezone.now(), 0
    for service in Service.objects.exclude(reminder_hours=[]):
        for hours in sorted(service.reminder_hours):
            for appointment in _due(service, hours, now):
                sent += _remind(appointment, hours, now)
    return sent


@transaction.atomic
def remind_by_text(*, appointment: Appointment, number: str) -> Appointment:
    """Send the reminders that are still to come to this mobile number too; with none, no longer."""
    Appointment.objects.booked().filter(pk=appointment.pk).update(text_to=number)
    appointment.text_to = number
    return appointment


def count_as_reminded(appointment: Appointment, *, now: datetime) -> None:
    """A resident who has just been told of the time needs no reminder that was due before now."""
    past = [
        SentReminder(appointment=appointment, starts_at=appointment.starts_at, hours=hours)
        for hours in appointment.service.reminder_hours
        if appointment.starts_at - timedelta(hours=hours) <= now
    ]
    SentReminder.objects.bulk_create(past, ignore_conflicts=True)


def _due(service: Service, hours: int, now: datetime) -> list[Appointment]:
    """Booked before the moment of this reminder, which has come; nor reminded later than that."""
    ahead = timedelta(hours=hours)
    booked = Appointment.objects.booked().filter(
        Q(resident__isnull=False) | ~Q(caller_email="") | ~Q(text_to=""),
        service=service,
        starts_at__gt=now,
        starts_at__lte=now + ahead,
        booked_at__lte=F("starts_at") - ahead,
    )
    done = SentReminder.objects.filter(hours__lte=hours, starts_at=F("appointment__starts_at"))
    return list(booked.exclude(pk__in=done.values("appointment")).order_by("pk"))


@transaction.atomic
def _remind(appointment: Appointment, hours: int, now: datetime) -> bool:
    """Send it, unless it was moved, cancelled or sent meanwhile."""
    rows = Appointment.objects.booked().with_place().select_related("resident")
    fresh = (
        rows.select_for_update(no_key=True, of=("self",))
        .filter(pk=appointment.pk, starts_at=appointment.starts_at)
        .first()
    )
    if fresh is None:
        return False
    _, is_new = SentReminder.objects.get_or_create(
        appointment=fresh, starts_at=fresh.starts_at, hours=hours
    )
    if is_new:
        mail.send_reminder(fresh, now=now)
        texts.send_reminder(fresh)
    return is_new
