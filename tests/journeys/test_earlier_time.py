"""Needs, places by distance and an earlier time in a real browser: on a phone, without scripts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from accounts.models import Resident
from appointments import actions
from appointments.models import Appointment, EarlierOffer, Postcode, Service
from appointments.places import Place
from tests.appointments.world import in_days, make_place
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import (
    DeskFactory,
    DeskServiceFactory,
    LocationFactory,
    OpeningRuleFactory,
)
from tests.factories.outbox import TextsFactory
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")


def council() -> tuple[Service, Place]:
    """A service for several people at two places, one of them near SK8 1AA."""
    service, place = make_place(max_people=3, minutes_per_person=15, min_notice=1)
    annexe = LocationFactory.create(name="Annexe", latitude="53.395", longitude="-2.22")
    for weekday in range(7):
        OpeningRuleFactory.create(location=annexe, weekday=weekday)
    DeskServiceFactory.create(service=service, desk=DeskFactory.create(location=annexe))
    Postcode.objects.create(code="SK8 1AA", latitude="53.394", longitude="-2.221")
    return service, place


def photograph(visitor: Visitor, name: str) -> None:
    if SCREENSHOTS:
        visitor.page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)


def test_visitor_looks_round_before_signing_in(phone: Visitor) -> None:
    service, _ = council()
    phone.visit("/appointments/")
    phone.follow(service.name)
    phone.choose("2 people (45 minutes)")
    phone.press("Continue")
    phone.fill("Your postcode", "SK99 9ZZ")
    phone.press("Sort by distance")
    assert phone.page.title().startswith("Error: ")
    phone.fill("Your postcode", "sk8 1aa")
    phone.press("Sort by distance")
    photograph(phone, "places-by-distance")
    assert phone.page.locator("main h2 a").first.inner_text() == "Annexe"
    phone.follow("Annexe")
    phone.follow_first("main li a[href*='/book/']")
    phone.page.get_by_role("radio").first.check()
    phone.press("Continue")
    assert phone.heading == "Sign in"


@pytest.mark.parametrize("kind", ["visitor", "plain"])
def test_resident_waits_for_an_earlier_time_and_takes_it(
    kind: str, request: pytest.FixtureRequest, visitor: Visitor, resident: Resident
) -> None:
    there: Visitor = request.getfixturevalue(kind)
    service, place = council()
    early, made = (
        actions.confirm(
            appointment=actions.hold(
                resident=who, service=service, place=place, starts_at=in_days(days)
            )
        )
        for who, days in ((ResidentFactory.create(), 3), (resident, 9))
    )
    TextsFactory()
    there.sign_in(resident)
    there.visit(made.get_absolute_url())
    there.follow("Get a text reminder")
    there.fill("UK mobile number (optional)", "07700 900123")
    there.press("Save")
    assert "07700 900123" in there.page.locator("main").inner_text()
    there.follow("Wait for an earlier time")
    photograph(there, f"wait-{kind}")
    there.press("Wait for an earlier time")
    actions.cancel(appointment=early)
    there.visit(made.get_absolute_url())
    there.follow("Take it or leave it")
    there.press("Continue")
    assert there.page.title().startswith("Error: ")
    photograph(there, f"offer-{kind}")
    there.choose("Yes, change my appointment")
    there.press("Continue")
    assert there.heading.startswith("Appointment changed")
    assert EarlierOffer.objects.get().state == EarlierOffer.State.ACCEPTED
    assert Appointment.objects.get(pk=made.pk).starts_at == in_days(3)
