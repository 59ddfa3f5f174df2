"""What staff do about a report, in a real browser, and what its reporter sees on a phone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from accounts.models import Resident
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import ReportFactory
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")


def keep_picture(visitor: Visitor, name: str) -> None:
    if SCREENSHOTS:
        size = visitor.page.viewport_size or {}
        picture_name = f"staff-acts-{size.get('width')}-{name}.png"
        visitor.page.screenshot(path=Path(SCREENSHOTS) / picture_name, full_page=True)


def go(staff: Visitor, path: str) -> None:
    """Open a page of the admin, which is Django's own and is not audited here."""
    staff.page.goto(staff.site + path)


def press(staff: Visitor, text: str) -> None:
    with staff.page.expect_navigation():
        staff.page.get_by_role("button", name=text, exact=True).click()


def follow(staff: Visitor, text: str) -> None:
    with staff.page.expect_navigation():
        staff.page.get_by_role("link", name=text, exact=True).click()


def test_report_is_closed_and_its_reporter_reads_why_and_whose_it_is(
    visitor: Visitor, phone: Visitor, resident: Resident
) -> None:
    report = ReportFactory.create(resident=resident)
    visitor.sign_in(ResidentFactory.create(staff=True))
    go(visitor, f"/admin/street_reports/report/{report.pk}/change/")
    keep_picture(visitor, "report")
    follow(visitor, "Close it, or correct why it ended")
    keep_picture(visitor, "close")
    visitor.page.get_by_label("Not the council’s: Somebody else looks after it").check()
    press(visitor, "Close the report")
    keep_picture(visitor, "close-refused")
    visitor.page.get_by_label("Whose it is:").select_option("National Highways")
    visitor.page.get_by_label("In your words:").fill("The light stands on the slip road.")
    press(visitor, "Close the report")
    keep_picture(visitor, "closed")
    visitor.faults.clear()  # the admin has no icon
    phone.sign_in(resident)
    phone.visit(report.get_absolute_url())
    keep_picture(phone, "closed")
    assert "It belongs to National Highways." in phone.page.locator("main").inner_text()
