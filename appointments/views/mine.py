"""A resident's own appointments: the list, each one, cancelling, and the calendar file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import resident_of, visitor
from appointments import actions, ical, summary
from appointments.choice import Choice
from appointments.errors import CannotCancel
from appointments.models import Appointment, EarlierOffer, Waiting
from appointments.views.reminding import has_texts
from stockport.components import Action
from stockport.readonly import readonly
from stockport.templatetags.portal import moment

PAST_ON_A_PAGE = 10


@login_not_required
@readonly
def index(request: HttpRequest) -> HttpResponse:
    """What lies ahead, what is half booked, and what is over; for a visitor, what can be booked."""
    if visitor(request) is None:
        return redirect("appointments:services")
    now = timezone.now()
    mine = Appointment.objects.for_resident(resident_of(request)).with_place()
    past = Paginator(mine.past(now), PAST_ON_A_PAGE).get_page(request.GET.get("page"))
    cards = [
        (ahead.service.name, summary.facts(ahead)[1:], (_view(ahead),))
        for ahead in mine.upcoming(now)
    ]
    context = {
        "cards": cards,
        "held": mine.filter(status=Appointment.Status.HELD, hold_expires_at__gt=now).first(),
        "past": past,
        "rows": [_row(over) for over in past],
    }
    return render(request, "appointments/index.html", context)


def _view(appointment: Appointment) -> Action:
    # The card adds its title, the service.
    hidden = moment(appointment.starts_at)
    return Action("See, change or cancel", appointment.get_absolute_url(), hidden)


def _row(over: Appointment) -> tuple[Action, str]:
    link = Action(f"{over.service.name}, {moment(over.starts_at)}", over.get_absolute_url())
    return link, summary.status(over, now=timezone.now())


@readonly
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One appointment."""
    appointment = _mine(request, uuid)
    context = {
        **_context(appointment),
        "texts": has_texts(appointment),
        "waiting": Waiting.objects.filter(appointment=appointment).exists(),
        "offer": EarlierOffer.objects.useful().filter(appointment=appointment).first(),
    }
    return render(request, "appointments/detail.html", context)


@readonly
def booked(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """That it is booked; the same page however often it is asked for."""
    appointment = _mine(request, uuid)
    if appointment.status != Appointment.Status.BOOKED:
        return redirect(appointment)
    context = {**_context(appointment), "texts": has_texts(appointment)}
    return render(request, "appointments/booked.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask once more, then cancel."""
    appointment = _mine(request, uuid)
    if request.method == "POST":
        try:
            appointment = actions.cancel(appointment=appointment)
        except CannotCancel:
            messages.error(request, "It is too late to cancel this appointment here.")
    elif appointment.can_be_cancelled(timezone.now()):
        return render(request, "appointments/cancel.html", _context(appointment))
    return redirect(appointment)


@readonly
def calendar(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The appointment as a file for a calendar."""
    appointment = _mine(request, uuid)
    event = ical.calendar(appointment, method="PUBLISH", stamp=timezone.now())
    answer = HttpResponse(event, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{appointment.reference}.ics"'
    return answer


def _mine(request: HttpRequest, uuid: UUID) -> Appointment:
    """The resident's appointment, once it has been booked; holds have pages of their own."""
    mine = Appointment.objects.for_resident(resident_of(request)).kept().with_place()
    return get_object_or_404(mine, uuid=uuid)


def _context(appointment: Appointment) -> dict[str, object]:
    now = timezone.now()
    can_move = appointment.can_be_moved(now)
    return {
        "appointment": appointment,
        "facts": summary.facts(appointment),
        "answers": summary.answers(appointment, change=False),
        "status": summary.status(appointment, now=now),
        "ahead": appointment.status == Appointment.Status.BOOKED and appointment.ends_at > now,
        "can_cancel": appointment.can_be_cancelled(now),
        "move_url": Choice.to_move(appointment).places_url if can_move else "",
    }
