"""A council with many desks and many appointments, written straight into the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from appointments.models import (
    Appointment,
    Channel,
    Desk,
    DeskService,
    Location,
    OccupiedCell,
    OpeningRule,
    Service,
)

DESKS_AT_A_PLACE = 8
CHANNELS = (Channel.IN_PERSON, Channel.PHONE)
# Minutes, minutes to write up after it, and minutes between starts.
SERVICES = [(30, 0, 30), (45, 15, 15), (60, 0, 30), (20, 0, 20), (30, 10, 10), (15, 0, 5)]


def open_services(farthest: int) -> list[Service]:
    """The services, each bookable that many days ahead."""
    made = [
        Service(
            slug=f"service-{n}",
            name=f"Service {n}",
            summary="For anybody.",
            duration=minutes,
            buffer_after=after,
            step=step,
            max_advance=farthest,
            max_active=1000,
        )
        for n, (minutes, after, step) in enumerate(SERVICES)
    ]
    return Service.objects.bulk_create(made)


def open_desks(count: int, services: list[Service], *, prefix: str) -> list[Desk]:
    """So many desks that each give these services, at places open every day from 9am to 5pm."""
    here = [_open_place(f"{prefix}-{n}") for n in range(count // DESKS_AT_A_PLACE)]
    rows = [
        Desk(location=place, name=f"Desk {n}") for place in here for n in range(DESKS_AT_A_PLACE)
    ]
    desks = Desk.objects.bulk_create(rows)
    DeskService.objects.bulk_create(
        DeskService(desk=desk, service=service, channel=channel)
        for desk in desks
        for service in services
        for channel in CHANNELS
    )
    return desks


def _open_place(slug: str) -> Location:
    place = Location.objects.create(
        slug=slug,
        name=slug.title(),
        address="1 Demo Street, Stockport",
        postcode="SK1 1AL",
        latitude="53.41",
        longitude="-2.16",
    )
    OpeningRule.objects.bulk_create(
        OpeningRule(
            location=place,
            weekday=weekday,
            opens=time(9),
            closes=time(17),
            valid_from=date(2020, 1, 1),
        )
        for weekday in range(7)
    )
    return place


# Half-hour numbers of a desk's day, shuffled by desk and day, of which the first ones are taken.
BOOK = """
INSERT INTO appointments_appointment ({columns})
SELECT {values}
FROM (
    SELECT d.id AS desk_id, day, half,
           ROW_NUMBER() OVER (ORDER BY MD5(d.id || '/' || day || '/' || half)) AS number
    FROM UNNEST(%(desks)s::bigint[]) AS d(id), GENERATE_SERIES(1, %(days)s) AS day,
         GENERATE_SERIES(0, 15) AS half
) AS slot
JOIN appointments_appointment a ON a.id = %(pattern)s
CROSS JOIN LATERAL (
    SELECT (CURRENT_DATE + slot.day + TIME '09:00' + slot.half * INTERVAL '30 minutes')
        AT TIME ZONE 'Europe/London' AS start
) AS at
WHERE number <= %(count)s
"""
CHANGED = {
    "uuid": "GEN_RANDOM_UUID()",
    "reference": "'B-' || slot.desk_id || '-' || slot.day || '-' || slot.half",
    "desk_id": "slot.desk_id",
    "starts_at": "at.start",
    "busy_from": "at.start",
    "ends_at": "at.start + INTERVAL '30 minutes'",
    "busy_to": "at.start + INTERVAL '30 minutes'",
}
TAKE = """
INSERT INTO appointments_occupiedcell (desk_id, lane, cell, appointment_id)
SELECT desk_id, lane, cell, id
FROM appointments_appointment,
     GENERATE_SERIES(EXTRACT(EPOCH FROM busy_from)::bigint / 300,
                     EXTRACT(EPOCH FROM busy_to)::bigint / 300 - 1) AS cell
WHERE desk_id = ANY(%(desks)s::bigint[]) AND id <> %(pattern)s
"""


def book(desks: list[Desk], service: Service, *, days: int, count: int) -> None:
    """So many half hours at these desks, on the days from tomorrow on, booked by nobody."""
    pattern = _pattern(desks[0], service)
    fields = [field for field in Appointment._meta.local_fields if not field.primary_key]
    columns = [str(field.column) for field in fields]
    values: dict[str, Any] = {
        "desks": [desk.pk for desk in desks],
        "days": days,
        "count": count,
        "pattern": pattern.pk,
    }
    with connection.cursor() as cursor:
        chosen = ", ".join(CHANGED.get(column, f"a.{column}") for column in columns)
        cursor.execute(BOOK.format(columns=", ".join(columns), values=chosen), values)
        cursor.execute(TAKE, values)
    pattern.delete()
    with connection.cursor() as cursor:
        for model in (Appointment, OccupiedCell, Desk, DeskService):
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")


def _pattern(desk: Desk, service: Service) -> Appointment:
    """What all of them have in common."""
    long_ago = timezone.now().replace(year=2020, month=1, day=1, minute=0, second=0, microsecond=0)
    return Appointment.objects.create(
        service=service,
        desk=desk,
        channel=Channel.IN_PERSON,
        starts_at=long_ago,
        busy_from=long_ago,
        ends_at=long_ago.replace(minute=30),
        busy_to=long_ago.replace(minute=30),
        status=Appointment.Status.BOOKED,
        booked_at=long_ago,
        caller_name="Somebody",
        phone="0161 496 0000",
    )


def deadlocks() -> int:
    """How many this database has had to end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = CURRENT_DATABASE()")
        return int(cursor.fetchone()[0])


def rows_read(act: Callable[[], object]) -> int:
    """How many rows of all tables the database reads for it, whether it needs them or not."""
    with transaction.atomic():
        before = _rows_read()
        act()
        return _rows_read() - before


def _rows_read() -> int:
    """By this transaction, so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"
        )
        return int(cursor.fetchone()[0])
