"""The page for a time that somebody else has just taken: the nearest other times."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from appointments import availability, rules
from appointments.forms import TimeForm, time_label
from appointments.models import Service
from appointments.places import Place
from stockport.templatetags.portal import weekday

NEAREST = 8
WITHIN = timedelta(days=14)


def time_taken(
    request: HttpRequest, service: Service, place: Place, start: datetime
) -> HttpResponse:
    """409: the nearest times to `start` that can be booked there. Answers given so far are kept."""
    now = timezone.now()
    around = max(start, now)
    slots = availability.slots(
        service,
        place.desks,
        max(rules.local_day(around - WITHIN), rules.local_day(now)),
        rules.local_day(around + WITHIN),
        now=now,
    )
    nearest = sorted(slots, key=lambda slot: (abs(slot.starts_at - start), slot))[:NEAREST]
    context: dict[str, object] = {
        "service": service,
        "place": place,
        "day": rules.local_day(start),
        "others": nearest,
    }
    if nearest:
        context["form"] = _form(sorted(nearest), place, start)
    return render(request, "appointments/taken.html", context, status=409)


def _form(others: list[availability.Slot], place: Place, start: datetime) -> TimeForm:
    question = "Choose another time"
    form = TimeForm({}, slots=others, place=place.name, question=question, by_date=True)
    # The error of this page is not what was typed, but what happened meanwhile.
    gone = f"{time_label(start)} on {weekday(start)} is no longer free. Choose another time."
    form.errors["start"] = form.error_class([gone])
    return form
