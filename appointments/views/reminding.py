"""Whether a resident is reminded by text, where the council sends any."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import resident_of
from appointments import actions
from appointments.forms import TextReminderForm
from appointments.models import Appointment
from stockport.outbox.texts import can_text


def has_texts(appointment: Appointment) -> bool:
    """Whether its resident can be reminded of it by text: it lies ahead, and somebody sends any."""
    ahead = appointment.is_ahead(timezone.now())
    return ahead and bool(appointment.service.reminder_hours) and can_text()


@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask for a mobile number, show the one that was given, or take it away."""
    mine = Appointment.objects.for_resident(resident_of(request)).kept().with_place()
    booked = get_object_or_404(mine, uuid=uuid)
    if not has_texts(booked):
        return redirect(booked)
    initial = {"text_to": TextReminderForm.shown(booked.text_to)}
    form = TextReminderForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        number = form.cleaned_data["text_to"]
        actions.remind_by_text(appointment=booked, number=number)
        words = "We will send you a text reminder." if number else "We will send you no texts."
        messages.success(request, words)
        return redirect(booked)
    context = {"appointment": booked, "form": form}
    return render(request, "appointments/text.html", context)
