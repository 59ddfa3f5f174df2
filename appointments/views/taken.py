"""The pages for a time that cannot be had: the nearest others, or the appointment in its way."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.http import resident_of
from appointments import availability, rules
from appointments.choice import Choice
from appointments.forms import TimeForm, time_label
from appointments.models import Appointment, Service
from appointments.places import Place
from stockport.templatetags.portal import weekday

NEAREST = 8
WITHIN = (timedelta(days=2), timedelta(days=14))


def already_booked(request: HttpRequest, existing: Appointment, service: Service) -> HttpResponse:
    """409: the resident has another appointment at that time, or as many as may be booked."""
    can_move = existing.can_be_moved(timezone.now())
    context = {
        "existing": existing,
        "service": service,
        "move_url": Choice.to_move(existing).places_url if can_move else "",
    }
    return render(request, "appointments/already_booked.html", context, status=409)


def time_taken(
    request: HttpRequest,
    choice: Choice,
    place: Place,
    start: datetime,
    *,
    draft: Appointment | None = None,
) -> HttpResponse:
    """409: the nearest times to `start` that can be booked there. Answers given so far are kept.

    `draft` is given where its time is still kept, but the answers ask for a longer one.
    """
    nearest = _nearest(request, choice, place, start)
    context: dict[str, object] = {
        "service": choice.service,
        "choice": choice,
        "place": place,
        "times_url": choice.times_url(place.slug, rules.local_day(start)),
        "days_url": choice.days_url(place.slug),
        "others": nearest,
        "draft": draft,
    }
    if nearest:
        gone = "is no longer free" if draft is None else f"is not free for {choice.minutes} minutes"
        context["form"] = _form(sorted(nearest), place, start, gone)
    return render(request, "appointments/taken.html", context, status=409)


def _nearest(
    request: HttpRequest, choice: Choice, place: Place, start: datetime
) -> list[availability.Slot]:
    """The nearest times there; mostly the next few days have enough of them."""
    now, ignore = timezone.now(), choice.ignored(resident_of(request))
    around, today = max(start, now), rules.local_day(now)
    slots: list[availability.Slot] = []
    for within in WITHIN:
        first, last = rules.local_day(around - within), rules.local_day(around + within)
        slots = choice.slots(place, max(first, today), last, now=now, ignore=ignore)
        if len(slots) >= NEAREST:
            break
    return sorted(slots, key=lambda slot: (abs(slot.starts_at - start), slot))[:NEAREST]


def _form(others: list[availability.Slot], place: Place, start: datetime, gone: str) -> TimeForm:
    question = "Choose another time"
    form = TimeForm({}, slots=others, place=place.name, question=question, by_date=True)
    # The error of this page is not what was typed, but what happened meanwhile.
    error = f"{time_label(start)} on {weekday(start)} {gone}. Choose another time."
    form.errors["start"] = form.error_class([error])
    return form
