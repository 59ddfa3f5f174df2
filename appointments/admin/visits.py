"""What staff note on the day of an appointment, each with a button on the page of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from appointments import actions
from appointments.actions.visiting import Note
from appointments.errors import CannotNote
from appointments.models import Appointment
from appointments.rules import local_day
from stockport.admin import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern


def day_url(appointment: Appointment) -> str:
    """The page of its day at its place, where it stands on it."""
    url = reverse("admin:appointments_location_day", args=[appointment.desk.location_id])
    day = {"day": local_day(appointment.starts_at).isoformat()}
    return f"{url}?{urlencode(day)}#{appointment.reference}"


class VisitsAdmin(ReadOnlyAdmin):
    """The admin of appointments, with an address for the buttons of the day."""

    def get_urls(self) -> list[URLPattern]:
        """With the address of the buttons."""
        view = self.admin_site.admin_view(self.note_view)
        here = path("<int:pk>/note/", view, name="appointments_appointment_note")
        return [here, *super().get_urls()]

    def note_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note what the button says, put it on record, and go back to the day."""
        if not request.user.has_perm("appointments.change_appointment"):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        appointment = get_object_or_404(Appointment.objects.with_place(), pk=pk)
        note = _note(request.POST.get("note", ""))
        try:
            with transaction.atomic():
                noted = actions.take_note(appointment=appointment, note=note)
                self.log_change(request, noted, f"{note.value}.")
        except CannotNote:
            told = f"{appointment.reference}: something else was noted meanwhile."
            self.message_user(request, told, messages.ERROR)
        return HttpResponseRedirect(day_url(appointment))


def _note(name: str) -> Note:
    try:
        return Note[name]
    except KeyError:
        raise Http404("Nothing that can be noted.") from None
