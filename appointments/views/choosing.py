"""Choosing: service, place, day, time. The address carries what has been chosen so far, and the
session where distances count from.

Anybody may look. Only when a time has been chosen must we know for whom to keep it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts.http import resident_of, visitor
from accounts.limits import at_most
from appointments import actions, availability, rules
from appointments.choice import Choice
from appointments.errors import AlreadyBooked, SlotTaken
from appointments.forms import STAMP, FacilitiesForm, NearForm, PeopleForm, TimeForm
from appointments.models import Appointment, Service
from appointments.nearby import forget_near, keep_near, near_of
from appointments.offers import offers
from appointments.places import NoSuchPlace, Place
from appointments.views.taken import already_booked, time_taken
from stockport.readonly import reading, readonly
from stockport.templatetags.portal import weekday

# Not a calendar month, which at its end has a day or two.
WEEKS_SHOWN = 4


not_too_often = at_most("APPOINTMENT_PAGES_A_MINUTE", template="appointments/too_often.html")


@dataclass(frozen=True)
class Week:
    """The days of a week, from Monday, that have times, and how many each has."""

    monday: date
    days: list[tuple[date, int]]


@login_not_required
@readonly
def services(request: HttpRequest) -> HttpResponse:
    """What can be booked."""
    context = {"offered": Service.objects.filter(active=True)}
    return render(request, "appointments/services.html", context)


@login_not_required
@not_too_often
@cache_control(no_store=True)  # for visitors too: it shows a postcode
@require_http_methods(["GET", "HEAD", "POST"])
def places(request: HttpRequest, service: str) -> HttpResponse:
    """Where, with the first time at each place; the soonest or the nearest place first."""
    chosen = get_object_or_404(Service, slug=service, active=True)
    choice = _choice(request, chosen)
    if chosen.max_people > 1 and not choice.moving:
        people = PeopleForm(request.GET if "people" in request.GET else None, service=chosen)
        if not people.is_valid():
            return render(request, "appointments/people.html", {"service": chosen, "form": people})
    if request.method == "POST":
        return _count_from(request, choice)
    with reading():
        return _places(request, choice)


def _count_from(request: HttpRequest, choice: Choice) -> HttpResponse:
    """Keep the postcode that was sent, or forget the one that is kept; then show the places."""
    form = NearForm(request.POST)
    if "forget" in request.POST:
        forget_near(request.session)
    elif form.is_valid():
        keep_near(request.session, form.cleaned_data["postcode"])
    else:
        return _places(request, choice, form)
    return redirect(choice.places_url)


def _places(request: HttpRequest, choice: Choice, form: NearForm | None = None) -> HttpResponse:
    near, ignore = near_of(request.session), choice.ignored(visitor(request))
    context = {
        "service": choice.service,
        "choice": choice,
        "form": form or NearForm(initial={"postcode": near}),
        "needs": FacilitiesForm(initial={"need": choice.need_slugs}),
        "near": near,
        "offers": offers(choice, now=timezone.now(), ignore=ignore, near=near),
    }
    return render(request, "appointments/places.html", context)


@login_not_required
@not_too_often
@readonly
def days(request: HttpRequest, service: str, place: str) -> HttpResponse:
    """The days of four weeks that have times, week by week."""
    choice, where = _chosen(request, service, place)
    now = timezone.now()
    today = rules.local_day(now)
    free = availability.days_with_slots(
        choice.service,
        where.desks,
        today,
        today + timedelta(days=choice.service.max_advance),
        now=now,
        ignore=choice.ignored(visitor(request)),
        minutes=choice.minutes,
    )
    weeks = _weeks(free)
    start = _start_in(weeks, request.GET.get("from", ""))
    end = start + WEEKS_SHOWN
    context = {
        "service": choice.service,
        "choice": choice,
        "place": where,
        "weeks": weeks[start:end],
        "earlier": weeks[max(start - WEEKS_SHOWN, 0)] if start else None,
        "later": weeks[end] if end < len(weeks) else None,
    }
    return render(request, "appointments/days.html", context)


@login_not_required
@not_too_often
@require_http_methods(["GET", "HEAD", "POST"])
def times(request: HttpRequest, service: str, place: str, day: str) -> HttpResponse:
    """The times of a day; choosing one holds it."""
    choice, where = _chosen(request, service, place)
    on = _date_or_404(day)
    form = _time_form(request, where, on, [])
    if form.is_valid():  # whether it is free, holding it tells
        return _go_on(request, choice, where, form.cleaned_data["start"])
    ignore = choice.ignored(visitor(request))
    slots = choice.slots(where, on, on, now=timezone.now(), ignore=ignore)
    if not slots:
        messages.info(request, f"There are no times left on {weekday(on)}. Choose another day.")
        return redirect(choice.days_url(where.slug))
    context = {
        "form": _time_form(request, where, on, slots),
        "service": choice.service,
        "choice": choice,
        "place": where,
        "day": on,
    }
    return render(request, "appointments/times.html", context)


def _time_form(
    request: HttpRequest, place: Place, on: date, slots: list[availability.Slot]
) -> TimeForm:
    return TimeForm(
        request.POST if request.method == "POST" else None,
        start=request.GET.get("start", ""),
        slots=slots,
        place=place.name,
        question=f"Choose a time on {weekday(on)}",
    )


def _go_on(request: HttpRequest, choice: Choice, place: Place, start: datetime) -> HttpResponse:
    """Have a visitor sign in and come back; check what is to be moved; hold what is new."""
    stamp = start.strftime(STAMP)
    if visitor(request) is None:
        return redirect_to_login(choice.times_url(place.slug, rules.local_day(start), stamp))
    if choice.moving:
        return redirect("appointments:move", choice.moving.uuid, place.slug, stamp)
    return _hold(request, choice, place, start)


def _hold(request: HttpRequest, choice: Choice, place: Place, start: datetime) -> HttpResponse:
    try:
        held = actions.hold(
            resident=resident_of(request),
            service=choice.service,
            place=place,
            starts_at=start,
            needs=choice.needs,
            **choice.size,
        )
    except AlreadyBooked as refusal:
        return already_booked(request, refusal.existing, choice.service)
    except SlotTaken:
        return time_taken(request, choice, place, start)
    return redirect("appointments:step", held.uuid, "needs")


def _chosen(request: HttpRequest, service: str, place: str) -> tuple[Choice, Place]:
    found = get_object_or_404(Service, slug=service, active=True)
    try:
        choice = _choice(request, found)
        return choice, choice.place(place)
    except NoSuchPlace:
        raise Http404("The service is not given there.") from None


def _choice(request: HttpRequest, service: Service) -> Choice:
    """What the address asks for; 404 where it names an appointment that cannot be moved by them."""
    resident = visitor(request)
    if "move" not in request.GET or resident is None:
        return Choice.read(service, request.GET)
    mine = Appointment.objects.for_resident(resident).booked().with_place()
    booked = mine.filter(service=service, uuid=_uuid_or_404(request.GET["move"])).first()
    if booked is None or not booked.can_be_moved(timezone.now()):
        raise Http404("No appointment that can be moved.")
    return Choice.to_move(booked)


def _uuid_or_404(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404("Not the key of an appointment.") from None


def _date_or_404(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404("Not a date.") from None
    if not 2000 <= day.year <= 2200:
        raise Http404("Not a date that appointments are made for.")
    return day


def _start_in(weeks: list[Week], monday: str) -> int:
    """Which of the weeks the address asks for; the first where it asks for none that has times."""
    asked = [number for number, week in enumerate(weeks) if week.monday.isoformat() == monday]
    return asked[0] if asked else 0


def _weeks(free: dict[date, int]) -> list[Week]:
    weeks: dict[date, list[tuple[date, int]]] = {}
    for day, count in sorted(free.items()):
        weeks.setdefault(day - timedelta(days=day.weekday()), []).append((day, count))
    return [Week(monday, days) for monday, days in weeks.items()]
