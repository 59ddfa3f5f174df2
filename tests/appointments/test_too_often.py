"""A program that reads every page of times is held up, and an ordinary resident never is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Resident
from stockport.settings import base
from tests.appointments.world import in_days, make_place
from tests.client import PortalClient

pytestmark = pytest.mark.django_db
MOST = 8


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """However slow the machine is, all happens within a minute."""
    with time_machine.travel(timezone.now().replace(second=0), tick=False) as stands:
        yield stands


@pytest.fixture
def pages(settings: Settings) -> str:
    """A page of a service that is not there, of which few are shown."""
    settings.APPOINTMENT_PAGES_A_MINUTE = MOST
    return "/appointments/book/none/"


def test_nobody_who_reads_is_held_up() -> None:
    assert base.APPOINTMENT_PAGES_A_MINUTE >= 4 * 60


def look(browser: PortalClient, page: str, times: int, **extra: str) -> int:
    """The status of the last of so many looks."""
    return [browser.get(page, **extra).status_code for _ in range(times)][-1]


def test_after_very_many_pages_in_a_minute_a_plain_page_says_to_wait(
    portal: PortalClient, pages: str, clock: time_machine.Coordinates
) -> None:
    assert look(portal, pages, MOST) == 404

    answer = portal.get(pages)

    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert answer.page.h1 == "Wait a minute, then try again"
    assert look(portal, f"{pages}phone/", 1) == look(portal, f"{pages}phone/2027-01-13/", 1) == 429
    clock.shift(timedelta(minutes=1))
    assert look(portal, pages, 1) == 404


def test_others_are_not_held_up(
    portal: PortalClient, resident: Resident, pages: str, clock: time_machine.Coordinates
) -> None:
    look(portal, pages, MOST + 1)

    assert look(portal, pages, 1, REMOTE_ADDR="192.0.2.7") == 404
    portal.sign_in(resident)
    assert look(portal, pages, 1) == 404


def test_addresses_of_one_household_count_as_one(
    portal: PortalClient, pages: str, clock: time_machine.Coordinates
) -> None:
    for n in range(MOST):
        portal.get(pages, REMOTE_ADDR=f"2001:db8::{n:x}")

    assert look(portal, pages, 1, REMOTE_ADDR="2001:db8::ffff") == 429
    assert look(portal, pages, 1, REMOTE_ADDR="2001:db8:0:1::1") == 404


def test_pages_of_what_is_booked_are_never_held_up(
    portal: PortalClient, resident: Resident, pages: str, clock: time_machine.Coordinates
) -> None:
    portal.sign_in(resident)
    look(portal, pages, MOST + 1)

    assert portal.get("/appointments/").status_code == 200


def test_counting_asks_no_database(
    portal: PortalClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    service, _ = make_place()
    page = f"/appointments/book/{service.slug}/town-hall/{in_days(3).date()}/"
    portal.get(page)

    with django_assert_num_queries(7):
        assert portal.get(page).status_code == 200
