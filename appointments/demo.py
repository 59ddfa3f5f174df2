"""Places, desks, services and bookings for trying the portal. Names and addresses are invented."""

from __future__ import annotations

from datetime import date, time, timedelta

from django.utils import timezone

from accounts.models import Resident
from appointments import actions, availability
from appointments.bank_holidays import import_bank_holidays
from appointments.demo_catalogue import LOCATIONS, SERVICES, DemoLocation
from appointments.models import (
    Appointment,
    Channel,
    Desk,
    DeskService,
    Location,
    OpeningRule,
    Postcode,
    Service,
)
from appointments.places import place_of
from appointments.rules import local_day
from stockport.demo.reference import postcodes

RESIDENT = "reports@example.org"
WEEKDAYS, SATURDAY = range(5), 5
FIRST_DAY = date(2024, 1, 1)
VIDEO = "https://video.example.org/adviser"
MORNING = 3  # the third time of a day


def seed(today: date) -> None:
    """Fill in what is not there yet; the demo resident gets bookings by the real actions."""
    import_bank_holidays()
    desks = {
        (entry.slug, name): _desk(location, name, lanes)
        for entry in LOCATIONS
        for location in [_location(entry)]
        for name, lanes in entry.desks.items()
    }
    for order, entry in enumerate(SERVICES):
        service, _ = Service.objects.update_or_create(
            slug=entry.slug, defaults={**entry.fields, "order": order}
        )
        for place, desk, channel in entry.at:
            DeskService.objects.get_or_create(
                desk=desks[place, desk], service=service, channel=channel
            )
    Desk.objects.filter(offers__channel=Channel.VIDEO, video_url="").update(video_url=VIDEO)
    _postcodes()
    resident = Resident.objects.filter(email=RESIDENT).first()
    if resident and not _upcoming(resident):
        _book(resident, today)


def _postcodes() -> None:
    rows = [Postcode(code=p.code, latitude=p.latitude, longitude=p.longitude) for p in postcodes()]
    Postcode.objects.bulk_create(rows, ignore_conflicts=True)


def _upcoming(resident: Resident) -> bool:
    return Appointment.objects.for_resident(resident).upcoming(timezone.now()).exists()


def _location(entry: DemoLocation) -> Location:
    location, _ = Location.objects.update_or_create(slug=entry.slug, defaults=entry.fields)
    hours = [(weekday, time(9), time(17)) for weekday in WEEKDAYS]
    if entry.saturdays:
        hours.append((SATURDAY, time(9, 30), time(12, 30)))
    for weekday, opens, closes in hours:
        OpeningRule.objects.get_or_create(
            location=location,
            weekday=weekday,
            opens=opens,
            closes=closes,
            defaults={"valid_from": FIRST_DAY},
        )
    return location


def _desk(location: Location, name: str, lanes: int) -> Desk:
    return Desk.objects.get_or_create(location=location, name=name, defaults={"lanes": lanes})[0]


def _book(resident: Resident, today: date) -> None:
    """Two that lie ahead, one of them by phone, and one that was cancelled."""
    _book_one(resident, "benefits-adviser", "cedar-house", today + timedelta(days=3))
    _book_one(resident, "council-tax-adviser", Channel.PHONE, today + timedelta(days=8))
    dropped = _book_one(resident, "blue-badge", "millgate-centre", today + timedelta(days=12))
    if dropped:
        actions.cancel(appointment=dropped)


def _book_one(resident: Resident, slug: str, place_slug: str, first: date) -> Appointment | None:
    """A time in the morning of a day of their own from `first` on; None where none can be booked.

    Where the demo is asked for a day before the clock's, all three would otherwise have the same.
    """
    service = Service.objects.get(slug=slug)
    place = place_of(service, place_slug)
    last = first + timedelta(days=14)
    now = timezone.now()
    mine = Appointment.objects.for_resident(resident).upcoming(now)
    taken = {local_day(one.starts_at) for one in mine}
    slots = availability.slots(service, place.desks, first, last, now=now)
    free = [slot for slot in slots if slot.day not in taken]
    if len(free) < MORNING:  # the demo was asked for another day than the clock's
        return None
    start = free[MORNING - 1].starts_at
    held = actions.hold(resident=resident, service=service, place=place, starts_at=start)
    answers: dict[str, bool | str] = {
        "needs_step_free": True,
        "notes": "I will bring my latest letter.",
    }
    if place.channel == Channel.PHONE:
        # Ofcom keeps 01632 960000 to 960999 for drama: nobody has this number.
        answers["phone"] = "01632 960 001"
    return actions.confirm(appointment=actions.save_details(appointment=held, answers=answers))
