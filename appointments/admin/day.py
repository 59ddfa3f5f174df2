"""The day of a place: to print, and to note who has arrived, was called in or did not come."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.looking import seen
from appointments import rules
from appointments.day import day_of
from appointments.models import Location
from stockport.admin import ModelAdmin

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern
    from django.utils.safestring import SafeString


class DayAdmin(ModelAdmin):
    """The admin of places, with a page for each day of each."""

    def get_urls(self) -> list[URLPattern]:
        """With the address of a day."""
        view = self.admin_site.admin_view(self.day_view)
        here = path("<int:pk>/day/", view, name="appointments_location_day")
        return [here, *super().get_urls()]

    @admin.display(description="day")
    def today(self, location: Location) -> SafeString:
        """A link to its day."""
        url = reverse("admin:appointments_location_day", args=[location.pk])
        return format_html('<a href="{}">Today at {}</a>', url, location.name)

    def day_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Each desk with who comes and what is free, on `?day=` or today."""
        if not request.user.has_perm("appointments.view_appointment"):
            raise PermissionDenied
        location = get_object_or_404(Location, pk=pk)
        now = timezone.now()
        day = _day(request.GET.get("day", ""), rules.local_day(now))
        diaries = day_of(location, day, now=now)
        seen(request, *(e.appointment for diary in diaries for e in diary.entries if e.appointment))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": location.name,
            "location": location,
            "day": day,
            "before": day - timedelta(days=1),
            "after": day + timedelta(days=1),
            "diaries": diaries,
            "may_book": request.user.has_perm("appointments.add_appointment"),
            "may_note": request.user.has_perm("appointments.change_appointment"),
        }
        return TemplateResponse(request, "admin/appointments/day.html", context)


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        raise Http404("Not a date.") from None
    if not 2000 <= day.year <= 2200:
        raise Http404("Not a date that appointments are made for.")
    return day
