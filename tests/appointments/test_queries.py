"""How many queries each page takes: the same for 1 row and for 20."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Resident
from appointments import actions
from tests.appointments.world import in_days, make_place
from tests.client import PortalClient
from tests.factories.appointments import (
    AppointmentFactory,
    DeskFactory,
    DeskServiceFactory,
    OpeningRuleFactory,
    ServiceFactory,
)

pytestmark = pytest.mark.django_db
SESSION_AND_RESIDENT = 2


@pytest.mark.parametrize("rows", [1, 20])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("", 4),
        ("book/", 1),
        ("book/{service}/", 8),
        ("book/{service}/town-hall/", 8),
        ("book/{service}/town-hall/{day}/", 8),
        ("{booked}/", 4),
        ("{booked}/earlier/", 3),
        ("{booked}/booked/", 2),
        ("{booked}/cancel/", 1),
        ("{booked}/move/town-hall/{stamp}/", 2),
        ("book/{service}/?move={booked}", 8),
        ("book/{service}/town-hall/{day}/?move={booked}", 8),
        ("{booked}/calendar.ics", 1),
        ("held/{held}/needs/", 1),
        ("held/{held}/check/", 1),
    ],
)
def test_page_takes_the_same_few_queries_however_much_there_is(
    portal: PortalClient,
    resident: Resident,
    django_assert_num_queries: DjangoAssertNumQueries,
    rows: int,
    path: str,
    queries: int,
) -> None:
    service, place = make_place(desks=rows)
    start = in_days(3)
    held = actions.hold(resident=resident, service=service, place=place, starts_at=start)
    for number in range(rows):
        booked = AppointmentFactory.create(
            resident=resident, starts_at=in_days(20 + number), service=service
        )
        AppointmentFactory.create(resident=resident, starts_at=in_days(-3 - number))
        AppointmentFactory.create(desk=held.desk, starts_at=start + timedelta(hours=1 + number))
        ServiceFactory.create()
        other = DeskServiceFactory.create(service=service, desk=DeskFactory.create())
        OpeningRuleFactory.create(location=other.desk.location, weekday=number % 7)
    portal.sign_in(resident)
    path = path.format(
        stamp=f"{start:%Y%m%dT%H%MZ}",
        service=service.slug,
        day=start.date().isoformat(),
        booked=booked.uuid,
        held=held.uuid,
    )

    with django_assert_num_queries(SESSION_AND_RESIDENT + queries):
        assert portal.get(f"/appointments/{path}").status_code == 200
