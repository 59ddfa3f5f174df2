"""Pages on which staff book, move and cancel for somebody who phones or stands at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from appointments import summary
from appointments.admin.booking import book_page
from appointments.admin.changing import cancel_page, move_page
from appointments.admin.visits import day_url
from appointments.models import Appointment
from stockport.admin import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern
    from django.utils.safestring import SafeString

CHANGES = {"move": ("Move", move_page), "cancel": ("Cancel", cancel_page)}


class ActsAdmin(ReadOnlyAdmin):
    """The admin of appointments, with a page for each act."""

    def get_urls(self) -> list[URLPattern]:
        """With the addresses of these pages."""
        book = self.admin_site.admin_view(self.book_view)
        change = self.admin_site.admin_view(self.change_view_of)
        return [
            path("book/", book, name="appointments_appointment_book"),
            path("<int:pk>/do/<slug:act>/", change, name="appointments_appointment_do"),
            *super().get_urls(),
        ]

    @admin.display(description="what you can do")
    def doing(self, appointment: Appointment) -> SafeString:
        """Links to what can be done now."""
        links = [(day_url(appointment), "Its day")]
        if appointment.is_ahead(timezone.now()):
            links += [(do_url(appointment, act), words) for act, (words, _) in CHANGES.items()]
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a>', links)

    def book_view(self, request: HttpRequest) -> HttpResponse:
        """Book for somebody."""
        if not request.user.has_perm("appointments.add_appointment"):
            raise PermissionDenied
        return book_page(self, request)

    def change_view_of(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Move or cancel; back to the appointment where that cannot be done any more."""
        if not request.user.has_perm("appointments.change_appointment"):
            raise PermissionDenied
        rows = Appointment.objects.kept().with_place().select_related("resident")
        appointment = get_object_or_404(rows, pk=pk)
        if act not in CHANGES or not appointment.is_ahead(timezone.now()):
            return HttpResponseRedirect(_change_url(appointment))
        return CHANGES[act][1](self, request, appointment)

    def page(self, request: HttpRequest, title: str, **context: Any) -> HttpResponse:
        """A page with what is asked, and above it what it is about."""
        empty = {"services": (), "where": None, "form": None, "about": (), "button": ""}
        whole = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            **empty,
            **context,
        }
        return TemplateResponse(request, "admin/appointments/act.html", whole)

    def done(self, request: HttpRequest, appointment: Appointment, verb: str) -> HttpResponse:
        """Say what was done, and show the appointment. The caller has put it on record."""
        self.message_user(request, f"{verb}: {appointment.who}, {summary.when(appointment)}.")
        return HttpResponseRedirect(_change_url(appointment))


def do_url(appointment: Appointment, act: str) -> str:
    """The page of an act."""
    return reverse("admin:appointments_appointment_do", args=[appointment.pk, act])


def _change_url(appointment: Appointment) -> str:
    return reverse("admin:appointments_appointment_change", args=[appointment.pk])
