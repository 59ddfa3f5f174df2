"""The pages for a time that cannot be had: the nearest others, or the appointment in its way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.http import resident_of
from appointments import availability, rules
from appointments.choice import Choice
from appointments.facilities import missing_for
from appointments.forms import STAMP, TimeForm, time_label
from appointments.models import Appointment, Service
from appointments.nearest import Near, nearest
from appointments.places import Place
from stockport.components import Action
from stockport.templatetags.portal import weekday

NEAREST, MOST_PLACES = 8, 4
NEAR, FAR = timedelta(days=2), timedelta(days=14)


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

    Where there are few within days, also the nearest at every other place, or by phone.

    `draft` is given where its time is still kept, but the answers ask for a longer one.
    """
    near = _Alternatives(request, choice, start)
    here, elsewhere = near.at([place])[:NEAREST], list[Near]()
    if len(here) < NEAREST:
        near.within = FAR
        here = near.at([place])[:NEAREST]
        elsewhere = near.one_of_each([each for each in choice.places() if each.slug != place.slug])
    context: dict[str, object] = {
        "service": choice.service,
        "choice": choice,
        "place": place,
        "times_url": choice.times_url(place.slug, rules.local_day(start)),
        "days_url": choice.days_url(place.slug),
        "others": here,
        "elsewhere": [_link(choice, each) for each in elsewhere[:MOST_PLACES]],
        "draft": draft,
    }
    if here:
        gone = "is no longer free" if draft is None else f"is not free for {choice.minutes} minutes"
        context["form"] = _form(sorted(each.slot for each in here), place, start, gone)
    return render(request, "appointments/taken.html", context, status=409)


def place_lacks(request: HttpRequest, draft: Appointment, following: str) -> HttpResponse:
    """409: the building does not have what the resident needs; times near theirs where others do.

    `following` is the page after this one for who stays there all the same.
    """
    choice = Choice.of(draft)
    near = _Alternatives(request, choice, draft.starts_at)
    near.within = FAR
    found = near.one_of_each(choice.places())[:MOST_PLACES]
    context = {
        "draft": draft,
        "lacking": missing_for(draft),
        "choice": choice,
        "elsewhere": [_link(choice, each) for each in found],
        "following": following,
    }
    return render(request, "appointments/place_lacks.html", context, status=409)


class _Alternatives:
    """Times near one that cannot be had; mostly the next few days have enough of them."""

    def __init__(self, request: HttpRequest, choice: Choice, start: datetime) -> None:
        self.choice, self.start, self.within = choice, start, NEAR
        self.ignore = choice.ignored(resident_of(request))

    def at(self, found: Sequence[Place]) -> list[Near]:
        """Those at these places, the nearest first."""
        return nearest(
            self.choice.service,
            found,
            self.start,
            within=self.within,
            now=timezone.now(),
            minutes=self.choice.minutes,
            ignore=self.ignore,
        )

    def one_of_each(self, found: Sequence[Place]) -> list[Near]:
        """The nearest at each of these places, the nearest first."""
        firsts: dict[str, Near] = {}
        for near in self.at(found):
            firsts.setdefault(near.place.slug, near)
        return list(firsts.values())


def _link(choice: Choice, near: Near) -> Action:
    start = near.slot.starts_at
    stamp = f"{start:{STAMP}}"
    address = choice.times_url(near.place.slug, rules.local_day(start), stamp)
    words = f"{weekday(start)} at {time_label(start)}, {near.place.phrase}"
    return Action(words, address)


def _form(others: list[availability.Slot], place: Place, start: datetime, gone: str) -> TimeForm:
    question = "Choose another time"
    form = TimeForm({}, slots=others, place=place.name, question=question, by_date=True)
    # The error of this page is not what was typed, but what happened meanwhile.
    error = f"{time_label(start)} on {weekday(start)} {gone}. Choose another time."
    form.errors["start"] = form.error_class([error])
    return form
