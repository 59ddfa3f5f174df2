"""The dashboard: a card from each service and what is next, whatever happens to one of them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import override_settings

from accounts.models import Resident
from stockport.home.dashboard import in_date_order, upcoming
from stockport.services import Card, DatedEntry, Erasure, Service, services
from tests.client import PortalClient

pytestmark = pytest.mark.django_db


class Working(Service):
    slug, title, summary = "council-tax", "Working", "It works."

    def card(self, resident: Resident) -> Card:
        return Card("Working", "/council-tax/", "You owe £12.00.")

    def dates(self, resident: Resident, start: date, end: date) -> list[DatedEntry]:
        return [DatedEntry(start, "Instalment", "/council-tax/", "a")]

    def export(self, resident: Resident) -> list[tuple[str, list[Mapping[str, Any]]]]:
        return []

    def erase(self, resident: Resident) -> Erasure:
        return Erasure()


class Broken(Working):
    def card(self, resident: Resident) -> Card:
        raise RuntimeError("the back office is away")

    def dates(self, resident: Resident, start: date, end: date) -> list[DatedEntry]:
        raise RuntimeError("the back office is away")


working, broken = Working(), Broken()


@pytest.fixture
def one_broken_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """The services are one that works and one that fails."""
    monkeypatch.setattr("stockport.home.dashboard.services", lambda: (broken, working))


def test_visitor_sees_each_service_before_signing_in(portal: PortalClient) -> None:
    text = portal.get("/").page.text("main")
    assert all(service.title in text for service in services())


def test_resident_who_is_signed_in_goes_to_the_dashboard(
    portal: PortalClient, resident: Resident
) -> None:
    portal.sign_in(resident)
    assert portal.get("/").headers["Location"] == "/dashboard/"


def test_resident_sees_a_card_from_each_service(portal: PortalClient, resident: Resident) -> None:
    portal.sign_in(resident)
    page = portal.get("/dashboard/").page
    assert len(page.select(".portal-card")) == len(services())
    assert "Nothing is due in the next 60 days." in page.text("main")


@pytest.mark.usefixtures("one_broken_service")
def test_one_broken_service_does_not_take_the_dashboard_down(
    portal: PortalClient, resident: Resident
) -> None:
    portal.sign_in(resident)
    text = portal.get("/dashboard/").page.text("main")
    assert "temporarily unavailable" in text
    assert "You owe £12.00." in text
    assert "Dates for working are temporarily unavailable." in text


@pytest.mark.usefixtures("one_broken_service")
def test_dates_of_working_services_are_shown_when_another_fails(resident: Resident) -> None:
    found = upcoming(resident, date(2026, 11, 23))
    assert [entry.title for entry in found.entries] == ["Instalment"]
    assert found.failed == [broken]


def test_what_is_next_is_in_date_order_and_all_day_comes_first() -> None:
    day = DatedEntry(date(2026, 11, 24), "day", "", "1")
    hour = DatedEntry(datetime(2026, 11, 24, 9, tzinfo=UTC), "hour", "", "2")
    later = DatedEntry(date(2026, 11, 25), "later", "", "3")
    assert in_date_order([later, hour, day]) == [day, hour, later]


def test_start_page_does_not_change_with_the_council(portal: PortalClient) -> None:
    with override_settings(COUNCIL_NAME="Anytown Council"):
        assert "Anytown Council" in portal.get("/").page.text("main")


@pytest.mark.parametrize("address", ["/accessibility/", "/privacy/", "/cookies/"])
def test_visitor_reads_the_small_print_without_signing_in(
    portal: PortalClient, address: str
) -> None:
    assert portal.get(address).status_code == 200


def test_pages_of_somebody_signed_in_are_never_stored(
    portal: PortalClient, resident: Resident
) -> None:
    portal.sign_in(resident)
    assert portal.get("/dashboard/").headers["Cache-Control"] == "no-store"
