"""Newer figures for residents who have just signed in, where a council's system is connected."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models import F
from django.utils import timezone

from accounts.models import Person
from stockport.feeds.civica.client import Away
from stockport.feeds.civica.reading import WrongAnswer
from stockport.feeds.civica.refresh import is_away, refresh
from stockport.feeds.extract import ExtractRefused
from stockport.feeds.models import loaded_up_to

# How long somebody whose figures could not be had is left alone.
TRY_AGAIN_SECONDS = 900


def refresh_visitors() -> int:
    """Ask for everybody whose figures are older than CIVICA_REFRESH_HOURS; how many were asked for.

    Ends with the first sign that the system is away. No resident waits for it.
    """
    if not settings.CIVICA_URL:
        return 0
    since = timezone.now() - timedelta(hours=settings.CIVICA_REFRESH_HOURS)
    night = loaded_up_to(settings.CIVICA_SOURCE)
    if night and night >= since:
        return 0
    people = Person.objects.filter(source=settings.CIVICA_SOURCE).of_recent_visitors(since)
    asked = 0
    for person in people.order_by(F("refreshed_at").asc(nulls_first=True), "pk"):
        if is_away():
            break
        if cache.add(f"civica-asked-{person.pk}", True, TRY_AGAIN_SECONDS):
            asked += 1
            _refresh(person)
    return asked


def _refresh(person: Person) -> None:
    """Ask for this person; where that fails, staff see why in the admin."""
    with suppress(Away, WrongAnswer, ExtractRefused):
        run = refresh(person.reference)
        Person.objects.filter(pk=person.pk).update(refreshed_at=run.extracted_at)
