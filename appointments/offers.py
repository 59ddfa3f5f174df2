"""The places that a resident chooses between, the best one first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from appointments import availability, rules
from appointments.choice import Choice
from appointments.models import Postcode
from appointments.places import Place


@dataclass(frozen=True)
class Offer:
    """A place, the first time that can be booked there, and how far it is in miles."""

    place: Place
    first: datetime | None
    miles: float | None = None


def offers(
    choice: Choice, *, now: datetime, ignore: Sequence[int] = (), near: Postcode | None = None
) -> list[Offer]:
    """Every place, the soonest first, or the nearest first where `near` is given.

    A place that has no times comes last. Where nobody travels, distance does not count: such a
    place comes after those that do.
    """
    found = choice.places()
    firsts = availability.first_available(
        choice.service,
        [place.desks for place in found],
        now=now,
        ignore=ignore,
        minutes=choice.minutes,
    )
    made = [
        Offer(place, first, _miles(place, near)) for place, first in zip(found, firsts, strict=True)
    ]
    return sorted(made, key=lambda offer: _rank(offer, now))


def _rank(offer: Offer, now: datetime) -> tuple[bool, bool, float, datetime, str]:
    far = offer.miles is None
    return offer.first is None, far, offer.miles or 0, offer.first or now, offer.place.name


def _miles(place: Place, near: Postcode | None) -> float | None:
    there = place.location
    if near is None or there is None:
        return None
    return rules.miles(
        (float(near.latitude), float(near.longitude)),
        (float(there.latitude), float(there.longitude)),
    )
