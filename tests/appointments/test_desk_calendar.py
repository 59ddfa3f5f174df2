"""A desk's calendar, which staff make, replace and switch off in the admin."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments.desk_calendar import ADDRESSES
from appointments.models import Desk
from tests.appointments.world import in_days
from tests.calendars import read
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import AppointmentFactory, DeskFactory

pytestmark = pytest.mark.django_db
DESKS = "/admin/appointments/desk/"


@pytest.fixture
def staff(portal: PortalClient) -> PortalClient:
    portal.sign_in(ResidentFactory.create(staff=True))
    return portal


def act(client: PortalClient, action: str, *desks: Desk) -> Any:
    data = {"action": action, "_selected_action": [desk.pk for desk in desks]}
    return client.post(DESKS, data, follow=True)


def path_of(desk: Desk) -> str:
    desk.refresh_from_db()
    assert desk.calendar_key
    return f"/appointments/desks/{ADDRESSES.secret(desk.calendar_key)}.ics"


def with_address(client: PortalClient) -> Desk:
    desk = DeskFactory.create()
    act(client, "make_address", desk)
    return desk


def fetch(path: str, **headers: str) -> Any:
    """What a calendar program is answered: it has no session."""
    return Client().get(path, headers=headers)


def test_staff_make_replace_and_switch_off_the_address(staff: PortalClient) -> None:
    desk = with_address(staff)
    first = path_of(desk)
    assert first in staff.get(f"{DESKS}{desk.pk}/change/").content.decode()

    act(staff, "make_address", desk)
    second = path_of(desk)
    assert [fetch(path).status_code for path in (first, second)] == [404, 200]

    act(staff, "switch_address_off", desk)
    assert fetch(second).status_code == 404
    assert "None: choose" in staff.get(f"{DESKS}{desk.pk}/change/").content.decode()
    noted = LogEntry.objects.order_by("pk").values_list("change_message", flat=True)
    assert list(noted) == [
        "Made a new calendar address.",
        "Made a new calendar address.",
        "Switched the calendar address off.",
    ]


def test_staff_who_may_only_look_neither_see_nor_make_an_address(staff: PortalClient) -> None:
    desk = with_address(staff)
    before = path_of(desk)
    viewer = ResidentFactory.create(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_desk"))
    looking = PortalClient()
    looking.sign_in(viewer)

    page = looking.get(f"{DESKS}{desk.pk}/change/")
    assert page.status_code == 200 and before not in page.content.decode()
    act(looking, "make_address", desk)
    assert path_of(desk) == before


def test_calendar_says_which_service_is_when_and_never_for_whom(staff: PortalClient) -> None:
    desk = with_address(staff)
    made = AppointmentFactory.create(
        desk=desk,
        starts_at=in_days(3),
        service__name="Register a death",
        service__neutral_title=True,
        channel="home",
        address="9 Secret Street",
        phone="0161 496 0000",
        notes="My mother.",
        needs_interpreter=True,
        language="Urdu",
        needs_bsl=True,
    )

    answer = fetch(path_of(desk))

    calendar = read(answer.content.decode())
    assert calendar["X-WR-CALNAME"] == str(desk)
    assert calendar.event["SUMMARY"] == f"Register a death, {made.reference}"
    assert calendar.moment(calendar.event, "DTSTART") == made.starts_at
    assert calendar.moment(calendar.event, "DTEND") == made.ends_at
    assert calendar.event["URL"].endswith(f"/admin/appointments/appointment/{made.pk}/change/")
    text = "\n".join(calendar.source)
    for private in (made.email, "Secret Street", "0161", "mother", "Urdu", "Sign", "ATTENDEE"):
        assert private not in text


def test_calendar_has_what_stands_at_this_desk_and_near_today(staff: PortalClient) -> None:
    desk = with_address(staff)
    for days in (-6, 1, 89):
        AppointmentFactory.create(desk=desk, starts_at=in_days(days))
    for days in (-8, 91):
        AppointmentFactory.create(desk=desk, starts_at=in_days(days))
    AppointmentFactory.create(desk=desk, held=True, starts_at=in_days(2))
    AppointmentFactory.create(starts_at=in_days(2))

    assert len(read(fetch(path_of(desk)).content.decode()).named("VEVENT")) == 3


def test_address_of_a_desk_is_none_of_a_resident(staff: PortalClient) -> None:
    path = path_of(with_address(staff))
    assert fetch(path.replace("/appointments/desks/", "/calendar/")).status_code == 404


def test_program_that_has_it_already_is_told_so(staff: PortalClient) -> None:
    path = path_of(with_address(staff))
    assert fetch(path, if_none_match=fetch(path)["ETag"]).status_code == 304


def test_secret_is_in_no_log(staff: PortalClient, caplog: pytest.LogCaptureFixture) -> None:
    path = path_of(with_address(staff))
    with caplog.at_level(logging.INFO):
        fetch(path)
    assert "GET appointments/desks/<str:secret>.ics" in caplog.text
    assert path.rpartition("/")[2] not in caplog.text


@pytest.mark.parametrize("rows", [1, 20])
def test_calendar_takes_two_queries_however_much_there_is(staff: PortalClient, rows: int) -> None:
    """The desk with its place, and its appointments."""
    desk = with_address(staff)
    for number in range(rows):
        AppointmentFactory.create(desk=desk, starts_at=in_days(number + 1))
    path = path_of(desk)
    with CaptureQueriesContext(connection) as captured:
        assert fetch(path).status_code == 200
    asked = [query["sql"] for query in captured.captured_queries]
    # Counting how often asks nothing of the database on Redis.
    asked = [sql for sql in asked if '"cache"' not in sql and "SAVEPOINT" not in sql]
    assert len(asked) == 2
