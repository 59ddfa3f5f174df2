"""A resident on a phone, without scripts, meets what others have reported and follows it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from accounts.models import Resident
from tests.factories.street_reports import AssetFactory, DestinationFactory, ReportFactory
from tests.journeys.audit import resize
from tests.journeys.conftest import PHONE
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")


def seen(visitor: Visitor, name: str) -> None:
    """Audit the page, and keep a picture where one is asked for."""
    visitor.audit()
    if SCREENSHOTS:
        visitor.page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)


def to_the_light(visitor: Visitor, resident: Resident) -> None:
    """Answer the pages up to which light it is."""
    visitor.sign_in(resident)
    visitor.visit("/street-reports/new/")
    for choice in ("Street light", "No", "None of these"):
        visitor.page.get_by_role("radio", name=choice).first.check()
        visitor.press("Continue")
    visitor.page.get_by_role("textbox").first.fill("Ashfield Road")
    visitor.press("Continue")


def follow_it(visitor: Visitor) -> None:
    assert visitor.heading == "This has already been reported"
    seen(visitor, "follow-reported")
    visitor.page.get_by_role("textbox").first.fill("It goes on again at noon.")
    visitor.page.get_by_role("radio", name="Yes").check()
    visitor.press("Continue")
    seen(visitor, "follow-check")
    visitor.page.locator("main form button").click()


def test_duplicate_is_met_and_followed(plain: Visitor, resident: Resident) -> None:
    DestinationFactory()
    report = ReportFactory(asset=AssetFactory(), description="Private words")
    resize(plain.page, PHONE)
    to_the_light(plain, resident)
    plain.page.get_by_role("radio").first.check()
    plain.press("Continue")
    plain.page.get_by_role("radio", name="It is not working").check()
    plain.press("Continue")
    follow_it(plain)
    assert plain.heading == f"Report {report.reference}"
    seen(plain, "follow-report")
    plain.visit("/street-reports/")
    seen(plain, "follow-list")


def test_report_nearby_is_met_and_followed(plain: Visitor, resident: Resident) -> None:
    DestinationFactory()
    AssetFactory()
    report = ReportFactory(latitude=53.401, longitude=-2.16)
    resize(plain.page, PHONE)
    to_the_light(plain, resident)
    plain.page.get_by_role("radio", name="It is not listed").check()
    plain.press("Continue")
    plain.page.get_by_label("Describe where it is").fill("By the bus stop")
    plain.page.get_by_label("Postcode").fill("SK3 8UD")
    plain.press("Continue")
    assert plain.heading == "Is it one of these?"
    seen(plain, "follow-nearby")
    plain.page.get_by_role("radio").first.check()
    plain.press("Continue")
    follow_it(plain)
    assert plain.heading == f"Report {report.reference}"
