"""A time instead of one whose desk is closed: the nearest, kept until the resident answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice

from appointments import mail
from appointments.actions.finding import set_times, take_at, take_one
from appointments.actions.offering import held_for, is_known
from appointments.errors import SlotTaken
from appointments.models import Appointment, EarlierOffer, Lanes
from appointments.nearest import Near, nearest
from appointments.places import place_slug, same_channel
from appointments.rules import answer_by

# Nobody chose to be asked, so there is a whole day to answer: from 8am to 8pm, nights apart.
MINUTES_TO_ANSWER = 12 * 60
WITHIN, WEEK = timedelta(days=28), timedelta(days=7)
MOST_TRIES = 5


def offer_instead(booked: Appointment, reason: str, *, now: datetime) -> EarlierOffer | None:
    """Keep the nearest time for the resident and write to them; None where there is none.

    Its desk, and every other that could see them, must be locked.
    """
    deadline = answer_by(now, MINUTES_TO_ANSWER)
    for near in islice(_suitable(booked, deadline, now), MOST_TRIES):
        with suppress(SlotTaken):
            held = _keep(booked, near, deadline, now)
            offer = EarlierOffer.objects.create(
                appointment=booked,
                held=held,
                desk=held.desk,
                starts_at=held.starts_at,
                expires_at=deadline,
                instead=True,
            )
            mail.send_offer(offer, reason=reason)
            return offer
    return None


def _suitable(booked: Appointment, deadline: datetime, now: datetime) -> Iterator[Near]:
    """Times within four weeks: of the same week at the same place, then elsewhere, then later."""
    here = place_slug(booked)

    def rank(near: Near) -> tuple[int, bool, timedelta]:
        away = abs(near.slot.starts_at - booked.starts_at)
        return away // WEEK, near.place.slug != here, away

    found = nearest(
        booked.service,
        same_channel(booked),
        booked.starts_at,
        within=WITHIN,
        now=now,
        minutes=booked.minutes,
    )
    for near in sorted(found, key=rank):
        begins = near.slot.starts_at
        if begins > deadline and not is_known(booked, near.place.desks, begins):
            yield near


def _keep(booked: Appointment, near: Near, deadline: datetime, now: datetime) -> Appointment:
    """Hold it at any desk of the place; raises SlotTaken."""
    held = held_for(booked, deadline)
    set_times(held, near.slot.starts_at, booked.minutes)
    return take_one(
        held,
        near.place.desks,
        lambda desk: take_at(held, desk, now=now, lanes=Lanes.ONLINE),
        ignore=[],
        now=now,
    )
