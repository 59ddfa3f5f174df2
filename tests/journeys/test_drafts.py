"""A report is begun, kept while its resident is signed out, continued and sent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from accounts.models import Resident
from street_reports.models import Report
from tests.client import PortalClient
from tests.estate import verified_sign_in
from tests.factories.accounts import PASSWORD
from tests.factories.street_reports import AssetFactory, DestinationFactory
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")


def seen(visitor: Visitor, name: str) -> None:
    """Audit the page, and keep a picture where one is asked for."""
    visitor.audit()
    if SCREENSHOTS:
        width = (visitor.page.viewport_size or {}).get("width")
        visitor.page.screenshot(
            path=Path(SCREENSHOTS) / f"drafts-{width}-{name}.png", full_page=True
        )


def choose(visitor: Visitor, label: str) -> None:
    visitor.page.get_by_role("radio", name=label).first.check()
    visitor.press("Continue")


def sign_in(visitor: Visitor, resident: Resident) -> None:
    """Through the form, as on another device."""
    verified_sign_in(PortalClient(), resident)
    visitor.visit("/account/sign-in/")
    visitor.fill("E-mail address", resident.email)
    visitor.fill("Password", PASSWORD)
    visitor.press("Sign in")


def sign_out(visitor: Visitor) -> None:
    visitor.visit("/account/sign-out/")
    with visitor.page.expect_navigation():
        visitor.page.locator("main").get_by_role("button", name="Sign out").click()


def begin(visitor: Visitor, search: str) -> None:
    visitor.visit("/street-reports/new/")
    for label in ("Street light", "No", "None of these"):
        choose(visitor, label)
    visitor.page.get_by_role("textbox").first.fill(search)
    visitor.press("Continue")


def story(visitor: Visitor, resident: Resident) -> None:
    DestinationFactory()
    AssetFactory(feature_id="014", location_description="Outside number 68")
    sign_in(visitor, resident)
    begin(visitor, "Ashfield Road")
    begin(visitor, "14 Ashfield Road")
    visitor.page.get_by_role("radio").first.check()
    visitor.press("Continue")
    assert visitor.heading == "What is wrong?"
    sign_out(visitor)
    sign_in(visitor, resident)
    visitor.visit("/street-reports/")
    seen(visitor, "list")
    visitor.follow(
        "Continue with Street light, Street light 014, outside number 68, Ashfield Road, SK3 8UD"
    )
    assert visitor.heading == "What is wrong?"
    choose(visitor, "It is not working")
    visitor.press("Continue")
    visitor.press("Continue")
    choose(visitor, "Yes")
    visitor.press("Confirm and send")
    assert visitor.heading == "Report received"
    assert Report.objects.get().asset
    visitor.visit("/street-reports/")
    visitor.follow("Delete Street light, Ashfield Road")
    seen(visitor, "delete")
    visitor.press("Delete")
    seen(visitor, "deleted")
    assert "Reports that you began" not in visitor.page.locator("main").inner_text()


def test_report_is_continued_on_a_phone(phone: Visitor, resident: Resident) -> None:
    story(phone, resident)


def test_report_is_continued_without_scripts(plain: Visitor, resident: Resident) -> None:
    story(plain, resident)
