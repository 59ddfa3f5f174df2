"""Waiting for an earlier time: the list, and the offer of one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import resident_of
from appointments import actions, summary
from appointments.choice import Choice
from appointments.errors import AlreadyBooked, CannotMove, SlotTaken
from appointments.forms import OfferForm, WaitingForm
from appointments.models import Appointment, EarlierOffer, Waiting
from appointments.views.taken import already_booked

PENDING, ACCEPTED = EarlierOffer.State.PENDING, EarlierOffer.State.ACCEPTED


@require_http_methods(["GET", "HEAD", "POST"])
def earlier(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Join the list of those who wait for an earlier time, change what would do, or leave it."""
    mine = Appointment.objects.for_resident(resident_of(request)).kept().with_place()
    booked = get_object_or_404(mine, uuid=uuid)
    waiting = Waiting.objects.filter(appointment=booked).first()
    if request.method == "POST" and "leave" in request.POST:
        actions.stop_waiting(appointment=booked)
        messages.info(request, "You are no longer waiting for an earlier time.")
        return redirect(booked)
    if not booked.can_be_moved(timezone.now()):
        messages.error(request, "It is too late to change this appointment here.")
        return redirect(booked)
    sent, choice = request.POST if request.method == "POST" else None, Choice.to_move(booked)
    elsewhere = len(choice.places()) > 1
    form = WaitingForm(sent, appointment=booked, waiting=waiting, elsewhere=elsewhere)
    if form.is_valid():
        actions.wait(appointment=booked, **form.wishes())
        messages.success(request, "We will write to you when an earlier time becomes free.")
        return redirect(booked)
    context = {"appointment": booked, "form": form, "waiting": waiting, "choice": choice}
    return render(request, "appointments/earlier.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The time that is kept, and the question whether the resident wants it."""
    offers = EarlierOffer.objects.for_resident(resident_of(request)).select_related(
        "appointment__service", "appointment__desk__location", "held__desk__location"
    )
    found = get_object_or_404(offers, uuid=uuid)
    if found.state == ACCEPTED:
        return redirect("appointments:booked", found.appointment.uuid)
    if found.state != PENDING or found.held is None:
        return _gone(request, found, 200)
    form = OfferForm(request.POST if request.method == "POST" else None, instead=found.instead)
    if form.is_valid():
        return _answer(request, found, wanted=form.cleaned_data["answer"] == "yes")
    context = {
        "offer": found,
        "form": form,
        "rows": summary.earlier(found.appointment, found.held),
        "running": found.expires_at > timezone.now(),
    }
    return render(request, "appointments/offer.html", context)


def _answer(request: HttpRequest, found: EarlierOffer, *, wanted: bool) -> HttpResponse:
    if not wanted:
        actions.decline(offer=found)
        if found.instead:
            return redirect(_another_time(found.appointment) or found.appointment)
        messages.info(request, "Your appointment stays as it is. You are still on the list.")
        return redirect(found.appointment)
    try:
        actions.accept(offer=found)
    except CannotMove:
        messages.error(request, "It is too late to change this appointment here.")
        return redirect(found.appointment)
    except AlreadyBooked as refusal:
        return already_booked(request, refusal.existing, found.appointment.service)
    except SlotTaken:
        return _gone(request, found, 409)
    return redirect("appointments:booked", found.appointment.uuid)


def _gone(request: HttpRequest, found: EarlierOffer, status: int) -> HttpResponse:
    context = {
        "offer": found,
        "appointment": found.appointment,
        "move_url": _another_time(found.appointment),
    }
    return render(request, "appointments/offer_gone.html", context, status=status)


def _another_time(booked: Appointment) -> str:
    """Where one is chosen, while the resident can still do that."""
    return Choice.to_move(booked).places_url if booked.can_be_moved(timezone.now()) else ""
