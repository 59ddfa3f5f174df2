"""Moving an appointment: check the new time, and take it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import resident_of
from appointments import actions, summary
from appointments.choice import Choice
from appointments.errors import AlreadyBooked, CannotMove, SlotTaken
from appointments.forms import moment_of
from appointments.models import Appointment
from appointments.places import NoSuchPlace, Place
from appointments.rules import local_day
from appointments.views.taken import already_booked, time_taken


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, uuid: UUID, place: str, start: str) -> HttpResponse:
    """The old time and the new one, and the button that moves it. Pressed twice, it moves once."""
    mine = Appointment.objects.for_resident(resident_of(request)).kept().with_place()
    booked = get_object_or_404(mine, uuid=uuid)
    choice = Choice.to_move(booked)
    where, to = _place_or_404(choice, place), _moment_or_404(start)
    if request.method == "POST":
        return _move(request, choice, booked, where, to)
    if not booked.can_be_moved(timezone.now()):
        return _too_late(request, booked)
    context = {
        "appointment": booked,
        "rows": summary.change(booked, where, to),
        "back": choice.times_url(where.slug, local_day(to)),
    }
    return render(request, "appointments/move.html", context)


def _move(
    request: HttpRequest, choice: Choice, booked: Appointment, where: Place, to: datetime
) -> HttpResponse:
    try:
        actions.move(appointment=booked, place=where, starts_at=to)
    except CannotMove:
        return _too_late(request, booked)
    except AlreadyBooked as refusal:
        return already_booked(request, refusal.existing, booked.service)
    except SlotTaken:
        return time_taken(request, choice, where, to)
    return redirect("appointments:booked", booked.uuid)


def _too_late(request: HttpRequest, booked: Appointment) -> HttpResponse:
    if not booked.is_cancelled:
        messages.error(request, "It is too late to change this appointment here.")
    return redirect(booked)


def _place_or_404(choice: Choice, slug: str) -> Place:
    try:
        return choice.place(slug)
    except NoSuchPlace:
        raise Http404("The service is not given there.") from None


def _moment_or_404(stamp: str) -> datetime:
    try:
        moment = moment_of(stamp)
    except ValueError:
        raise Http404("Not a time.") from None
    if not 2000 <= moment.year <= 2200:
        raise Http404("Not a time that appointments are made for.")
    return moment
