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


def test_report_is_merged_and_its_page_leads_to_the_one_that_stays(
    visitor: Visitor, phone: Visitor, resident: Resident
) -> None:
    stays = ReportFactory.create(description="The whole corner is dark.")
    other = ReportFactory.create(resident=resident, description="By our gate.")
    visitor.sign_in(ResidentFactory.create(staff=True))
    go(visitor, f"/admin/street_reports/report/{other.pk}/change/")
    follow(visitor, "Merge into another report")
    visitor.page.get_by_label("Reference of the report that stays:").fill(stays.reference)
    press(visitor, "Look it up")
    keep_picture(visitor, "merge")
    press(visitor, f"Merge into {stays.reference}")
    keep_picture(visitor, "merged")
    follow(visitor, "Take the merging back")
    keep_picture(visitor, "take-back")
    visitor.faults.clear()  # the admin has no icon
    phone.sign_in(resident)
    phone.visit(other.get_absolute_url())
    keep_picture(phone, "merged")
    phone.follow(f"See report {stays.reference}")
    keep_picture(phone, "survivor")
    text = phone.page.locator("main").inner_text()
    assert other.reference in text
    assert "The whole corner" not in text


def test_staff_choose_which_of_several_reports_stays(visitor: Visitor) -> None:
    reports = ReportFactory.create_batch(3)
    visitor.sign_in(ResidentFactory.create(staff=True))
    go(visitor, "/admin/street_reports/report/")
    visitor.page.locator("#action-toggle").check()
    visitor.page.get_by_label("Action:").select_option("Merge into one of them")
    press(visitor, "Go")
    keep_picture(visitor, "merge-chosen")
    visitor.page.locator(f"input[value='{reports[1].pk}'][name=survivor]").check()
    press(visitor, "Merge")
    keep_picture(visitor, "merged-list")
    assert reports[1].merged.count() == 2
    visitor.faults.clear()


def test_staff_write_from_a_template_and_see_it_before_it_is_sent(
    visitor: Visitor, phone: Visitor, resident: Resident
) -> None:
    report = ReportFactory.create(resident=resident, wants_updates=True)
    visitor.sign_in(ResidentFactory.create(staff=True))
    go(visitor, f"/admin/street_reports/report/{report.pk}/change/")
    follow(visitor, "Write to residents")
    visitor.page.get_by_label("Template:").select_option("We are looking into it")
    press(visitor, "Use the template")
    keep_picture(visitor, "template")
    press(visitor, "See it as residents will")
    keep_picture(visitor, "preview")
    press(visitor, "Send")
    keep_picture(visitor, "sent")
    go(visitor, "/admin/street_reports/replytemplate/1/change/")
    keep_picture(visitor, "edit-template")
    visitor.faults.clear()  # the admin has no icon
    phone.sign_in(resident)
    phone.visit(report.get_absolute_url())
    keep_picture(phone, "reply")
    assert "We have passed report" in phone.page.locator(".portal-timeline").inner_text()
