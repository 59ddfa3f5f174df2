"""Choosing: service, place, day, time. The address carries what has been chosen so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import resident_of
from appointments import actions, availability, rules
from appointments.errors import AlreadyBooked, SlotTaken
from appointments.forms import TimeForm
from appointments.models import Appointment, Service
from appointments.places import NoSuchPlace, Place, place_of
from appointments.places import places as places_of
from appointments.views.taken import time_taken
from stockport.readonly import readonly
from stockport.templatetags.portal import weekday

if TYPE_CHECKING:
    from accounts.models import Resident


@dataclass(frozen=True)
class Week:
    """The days of a week, from Monday, that have times, and how many each has."""

    monday: date
    days: list[tuple[date, int]]


@readonly
def services(request: HttpRequest) -> HttpResponse:
    """What can be booked."""
    context = {"offered": Service.objects.filter(active=True)}
    return render(request, "appointments/services.html", context)


@readonly
def places(request: HttpRequest, service: str) -> HttpResponse:
    """Where, with the first time at each place; the soonest place first."""
    chosen = get_object_or_404(Service, slug=service, active=True)
    found = places_of(chosen)
    pools = [place.desks for place in found]
    firsts = availability.first_available(chosen, pools, now=timezone.now())
    offers = sorted(zip(found, firsts, strict=True), key=_soonest)
    return render(request, "appointments/places.html", {"service": chosen, "offers": offers})


def _soonest(offer: tuple[Place, datetime | None]) -> tuple[bool, datetime, str]:
    place, first = offer
    return first is None, first or timezone.now(), place.name


@readonly
def days(request: HttpRequest, service: str, place: str) -> HttpResponse:
    """The days of a month that have times, week by week."""
    chosen, where = _chosen(service, place)
    now = timezone.now()
    today = rules.local_day(now)
    free = availability.days_with_slots(
        chosen,
        where.desks,
        today,
        today + timedelta(days=chosen.max_advance),
        now=now,
        ignore=_own_hold(resident_of(request)),
    )
    months = sorted({day.replace(day=1) for day in free})
    month = _month_of(request.GET.get("month", ""), months)
    context = {
        "service": chosen,
        "place": where,
        "month": month,
        "weeks": _weeks({day: count for day, count in free.items() if _same_month(day, month)}),
        "earlier": max((other for other in months if month and other < month), default=None),
        "later": min((other for other in months if month and other > month), default=None),
    }
    return render(request, "appointments/days.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def times(request: HttpRequest, service: str, place: str, day: str) -> HttpResponse:
    """The times of a day; choosing one holds it."""
    chosen, where = _chosen(service, place)
    on = _date_or_404(day)
    resident = resident_of(request)
    slots = availability.slots(
        chosen, where.desks, on, on, now=timezone.now(), ignore=_own_hold(resident)
    )
    form = TimeForm(
        request.POST if request.method == "POST" else None,
        slots=slots,
        place=where.name,
        question=f"Choose a time on {weekday(on)}",
    )
    if form.is_valid():
        return _hold(request, chosen, where, form.cleaned_data["start"])
    if not slots:
        messages.info(request, f"There are no times left on {weekday(on)}. Choose another day.")
        return redirect("appointments:days", chosen.slug, where.slug)
    context = {"form": form, "service": chosen, "place": where, "day": on}
    return render(request, "appointments/times.html", context)


def _hold(request: HttpRequest, service: Service, place: Place, start: datetime) -> HttpResponse:
    resident = resident_of(request)
    try:
        held = actions.hold(resident=resident, service=service, place=place, starts_at=start)
    except AlreadyBooked as refusal:
        context = {"existing": refusal.existing, "service": service}
        return render(request, "appointments/already_booked.html", context, status=409)
    except SlotTaken:
        return time_taken(request, service, place, start)
    return redirect("appointments:step", held.uuid, "needs")


def _chosen(service: str, place: str) -> tuple[Service, Place]:
    found = get_object_or_404(Service, slug=service, active=True)
    try:
        return found, place_of(found, place)
    except NoSuchPlace:
        raise Http404("The service is not given there.") from None


def _own_hold(resident: Resident) -> list[int]:
    """The resident's hold does not stand in the way of their next choice."""
    held = Appointment.objects.for_resident(resident).filter(status=Appointment.Status.HELD)
    return list(held.order_by("pk").values_list("pk", flat=True))


def _date_or_404(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404("Not a date.") from None
    if not 2000 <= day.year <= 2200:
        raise Http404("Not a date that appointments are made for.")
    return day


def _month_of(text: str, months: list[date]) -> date | None:
    """The month asked for where it has times, otherwise the first that has."""
    asked = [month for month in months if f"{month:%Y-%m}" == text]
    return next(iter(asked or months), None)


def _same_month(day: date, month: date | None) -> bool:
    return month is not None and day.replace(day=1) == month


def _weeks(free: dict[date, int]) -> list[Week]:
    weeks: dict[date, list[tuple[date, int]]] = {}
    for day, count in sorted(free.items()):
        weeks.setdefault(day - timedelta(days=day.weekday()), []).append((day, count))
    return [Week(monday, days) for monday, days in weeks.items()]
