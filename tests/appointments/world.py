"""A council with opening hours, for the tests of booking."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from appointments import rules
from appointments.models import Desk, Service
from appointments.places import Place, places
from tests.factories.appointments import (
    DeskFactory,
    DeskServiceFactory,
    LocationFactory,
    OpeningRuleFactory,
    ServiceFactory,
)


def make_place(*, desks: int = 1, lanes: int = 1, **service: object) -> tuple[Service, Place]:
    """A service at a place that is open every day from 9am to 5pm."""
    location = LocationFactory.create(slug="town-hall", name="Town Hall")
    made = ServiceFactory.create(**service)
    for weekday in range(7):
        OpeningRuleFactory.create(location=location, weekday=weekday)
    for _ in range(desks):
        DeskServiceFactory.create(
            service=made, desk=DeskFactory.create(location=location, lanes=lanes)
        )
    return made, places(made)[0]


def also_at(desk: Desk, **service: object) -> tuple[Service, Place]:
    """Another service at the same desk."""
    made = ServiceFactory.create(**service)
    DeskServiceFactory.create(service=made, desk=desk)
    return made, places(made)[0]


def in_days(days: int, hour: int = 10, minute: int = 0) -> datetime:
    """This time on the clock in London, some days from today."""
    day: date = rules.local_day(timezone.now()) + timedelta(days=days)
    return rules.instant(day, time(hour, minute))
