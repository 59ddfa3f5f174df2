"""A resident's calendar: what is due or happens in any service, at a secret address."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse

from stockport import calendars, icalendar
from stockport.home.dashboard import gathered
from stockport.services import DatedEntry

if TYPE_CHECKING:
    from accounts.models import Resident

ADDRESSES = calendars.Addresses("home:feed")
BEHIND, AHEAD = timedelta(days=30), timedelta(days=366)


class Unavailable(Exception):
    """A service could not say its dates: a calendar without them would take them away."""


def switch_on(resident: Resident) -> None:
    """Give the calendar an address; one that it had stops working."""
    resident.calendar_key = uuid.uuid4()
    resident.save(update_fields=["calendar_key"])


def switch_off(resident: Resident) -> None:
    """Have no address for it."""
    resident.calendar_key = None
    resident.save(update_fields=["calendar_key"])


def whose(key: uuid.UUID) -> Resident | None:
    """The resident whose calendar has this key at present."""
    return get_user_model().objects.filter(calendar_key=key, is_active=True).first()


def events(resident: Resident, today: date) -> list[icalendar.Event]:
    """From 30 days ago to a year ahead, of every service; raises Unavailable."""
    found = gathered(resident, today - BEHIND, today + AHEAD)
    if found.failed:
        raise Unavailable
    return [_event(entry) for entry in found.entries]


def _event(entry: DatedEntry) -> icalendar.Event:
    """It names no reference and no amount: calendars are kept and shared elsewhere."""
    host = urlsplit(settings.SITE_URL).hostname
    return icalendar.Event(
        uid=f"{uuid.uuid5(uuid.NAMESPACE_URL, entry.uid)}@{host}",
        starts=entry.when,
        ends=entry.ends,
        summary=entry.shared_title,
        location=entry.place,
        url=settings.SITE_URL + reverse("home:dashboard"),
    )
