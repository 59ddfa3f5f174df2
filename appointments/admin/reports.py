"""Figures for managers: what was offered and booked, who did not come, how long people waited."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from appointments import rules
from appointments.forms.staff import DayInput
from appointments.models import Location, Service
from appointments.models.status import Status
from appointments.reporting import Key, Line, Period, report
from stockport.admin import ReadOnlyAdmin
from stockport.spreadsheet import csv_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

MONTH = timedelta(days=28)
LONGEST = timedelta(days=366)
HEADINGS = (
    "From",
    "Place",
    "Service",
    "Hours offered",
    "Hours booked",
    "Booked, % of time",
    "Appointments",
    "Called in",
    "Did not come",
    "Did not come, %",
    "Cancelled by residents",
    "Cancelled by the council",
    "Booked over",
    "Average wait, minutes",
    "Longest wait, minutes",
)


class ReportForm(forms.Form):
    """From when to when, and of what."""

    first = forms.DateField(label="From", widget=DayInput)
    last = forms.DateField(label="To", widget=DayInput)
    by = forms.ChoiceField(
        label="A line for",
        choices=[(period.name, period.value) for period in Period],
    )
    location = forms.ModelChoiceField(
        Location.objects.all(), label="Place", required=False, empty_label="Every place"
    )
    service = forms.ModelChoiceField(
        Service.objects.all(), required=False, empty_label="Every service"
    )

    def clean(self) -> dict[str, Any]:
        """At most a year, in order."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "The last day cannot be before the first.")
        elif first and last and last - first > LONGEST:
            self.add_error("last", "Choose a year at most.")
        return cleaned


class ReportsAdmin(ReadOnlyAdmin):
    """The admin of appointments, with a page of figures."""

    def get_urls(self) -> list[URLPattern]:
        """With the address of the figures."""
        view = self.admin_site.admin_view(self.report_view)
        return [path("report/", view, name="appointments_appointment_report"), *super().get_urls()]

    def report_view(self, request: HttpRequest) -> HttpResponse:
        """The figures as a page, or with `?csv` as a file for a spreadsheet."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = ReportForm(request.GET if "first" in request.GET else _last_weeks())
        rows = list(_rows(form.cleaned_data)) if form.is_valid() else []
        if rows and "csv" in request.GET:
            return csv_answer("appointments", [HEADINGS, *rows])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Figures about appointments",
            "form": form,
            "headings": HEADINGS,
            "rows": rows,
        }
        return TemplateResponse(request, "admin/appointments/report.html", context)


def _last_weeks() -> dict[str, str]:
    yesterday = rules.local_day(timezone.now()) - timedelta(days=1)
    first = yesterday - MONTH + timedelta(days=1)
    return {"first": first.isoformat(), "last": yesterday.isoformat(), "by": Period.WHOLE.name}


def _rows(asked: dict[str, Any]) -> Iterator[tuple[object, ...]]:
    """The lines that were asked for, as a table."""
    places = dict(Location.objects.values_list("pk", "name"))
    services = dict(Service.objects.values_list("pk", "name"))
    for key, line in report(asked["first"], asked["last"], Period[asked["by"]]).items():
        if asked["location"] and asked["location"].pk != key.location_id:
            continue
        if asked["service"] and asked["service"].pk != key.service_id:
            continue
        yield _row(key, line, places[key.location_id], services[key.service_id])


def _row(key: Key, line: Line, place: str, service: str) -> tuple[object, ...]:
    return (
        f"{key.first:%Y-%m-%d}",
        place,
        service,
        _hours(line.offered),
        _hours(line.busy),
        _rounded(line.share_booked),
        line.booked,
        line.statuses[Status.ATTENDED],
        line.statuses[Status.NO_SHOW],
        _rounded(line.share_absent),
        line.statuses[Status.CANCELLED_BY_RESIDENT],
        line.statuses[Status.CANCELLED_BY_COUNCIL],
        line.overbooked,
        _minutes(line.average_wait),
        _minutes(line.longest if line.waited else None),
    )


def _hours(length: timedelta) -> float:
    return round(length / timedelta(hours=1), 1)


def _minutes(length: timedelta | None) -> object:
    return "" if length is None else round(length / timedelta(minutes=1))


def _rounded(share: float | None) -> object:
    return "" if share is None else round(share, 1)
