"""The questions about a fault in a real browser: on a phone, and with the keyboard, no scripts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.test import override_settings

from accounts.models import Resident
from street_reports.models import Report, Storm
from tests.factories.street_reports import AssetFactory, DestinationFactory
from tests.journeys.audit import resize
from tests.journeys.conftest import PHONE
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")


def seen(visitor: Visitor, name: str) -> None:
    """Keep a picture of the page where one is asked for."""
    if SCREENSHOTS:
        size = visitor.page.viewport_size or {}
        path = Path(SCREENSHOTS) / f"questions-{size.get('width')}-{name}.png"
        visitor.page.screenshot(path=path, full_page=True)


def answer(visitor: Visitor, label: str) -> None:
    visitor.page.get_by_role("radio", name=label).first.check()
    visitor.press("Continue")


def to_questions(visitor: Visitor, resident: Resident) -> None:
    """Answer the pages up to the questions about a blocked grid."""
    DestinationFactory(slug="highways-drainage", name="drainage team")
    AssetFactory(grid=True)
    visitor.sign_in(resident)
    visitor.visit("/street-reports/new/")
    for label in ("Grid", "No", "None of these"):
        answer(visitor, label)
    visitor.page.get_by_role("textbox").first.fill("Ashfield Road")
    visitor.press("Continue")
    visitor.page.get_by_role("radio").first.check()
    visitor.press("Continue")
    answer(visitor, "It is blocked")
    assert visitor.heading == "A few more questions"


def choose_with_keys(visitor: Visitor, question: str, label: str) -> None:
    """Choose with the arrow keys what the Tab key leads to."""
    group = visitor.page.get_by_role("group", name=question)
    group.get_by_role("radio").first.focus()
    visitor.page.keyboard.press("Space")
    while not group.get_by_role("radio", name=label).first.is_checked():
        visitor.page.keyboard.press("ArrowDown")


def go_through(visitor: Visitor, resident: Resident) -> None:
    to_questions(visitor, resident)
    seen(visitor, "page")
    choose_with_keys(visitor, "Is the road or the pavement blocked?", "In part")
    choose_with_keys(visitor, "Has it rained heavily", "No")
    where = visitor.page.get_by_role("textbox", name="Which side of the road")
    where.fill("Outside number 68")
    where.press("Enter")
    assert visitor.heading == "Add photos (optional)"
    visitor.press("Continue")
    answer(visitor, "Yes")
    summary = visitor.page.locator(".govuk-summary-list").inner_text()
    assert "Outside number 68" in summary
    seen(visitor, "check")
    visitor.press("Confirm and send")
    visitor.follow("Follow your report")
    assert "Outside number 68" in visitor.page.locator(".govuk-summary-list").inner_text()
    seen(visitor, "report")
    assert len(Report.objects.get().answers) == 3


def test_grid_is_reported_with_its_questions_on_a_phone(phone: Visitor, resident: Resident) -> None:
    go_through(phone, resident)


def test_grid_is_reported_with_its_questions_without_scripts(
    plain: Visitor, resident: Resident
) -> None:
    go_through(plain, resident)


def test_dangerous_answer_stops_the_form_on_a_phone(plain: Visitor, resident: Resident) -> None:
    resize(plain.page, PHONE)
    to_questions(plain, resident)
    plain.page.get_by_role("radio", name="Yes: people or traffic cannot get past").check()
    with override_settings(EMERGENCY_PHONE="0161 000 0000"):
        plain.press("Continue")
    assert plain.heading == "Contact us now, do not report this online"
    assert "0161 000 0000" in plain.page.locator("main").inner_text()
    assert plain.page.locator("main form").count() == 0
    seen(plain, "danger")
    plain.follow("Back")
    assert plain.page.get_by_role("radio", name="Yes: people or traffic").is_checked()
    assert not Report.objects.exists()


def in_a_storm(visitor: Visitor, resident: Resident) -> None:
    """Storm mode is switched on while somebody reads the check page; they finish all the same."""
    to_questions(visitor, resident)
    choose_with_keys(visitor, "Has it rained heavily", "Yes")
    visitor.page.get_by_label("Is there anything else").fill("By the gate.")
    visitor.press("Continue")
    visitor.press("Continue")
    answer(visitor, "Yes")
    Storm.objects.update(is_on=True, message="Ashfield Road is closed.")
    visitor.press("Confirm and send")
    assert visitor.heading == "A few more questions"
    assert "Has the rain stopped?" in visitor.page.locator(".govuk-error-summary").inner_text()
    assert visitor.page.get_by_label("Is there anything else").input_value() == "By the gate."
    seen(visitor, "storm-error")
    choose_with_keys(visitor, "Has the rain stopped?", "Yes, less than 2 hours ago")
    choose_with_keys(visitor, "Is the water rising", "No")
    visitor.press("Continue")
    assert visitor.heading == "Check your answers"
    visitor.press("Confirm and send")
    assert visitor.heading == "Report received"
    assert len(Report.objects.get().answers) == 3
    visitor.visit("/street-reports/")
    banner = visitor.page.get_by_role("region", name="Heavy rain")
    assert "Ashfield Road is closed." in banner.inner_text()
    seen(visitor, "storm-start")


def test_storm_in_the_middle_of_a_form_loses_nothing_on_a_phone(
    phone: Visitor, resident: Resident
) -> None:
    in_a_storm(phone, resident)


def test_storm_in_the_middle_of_a_form_loses_nothing_without_scripts(
    plain: Visitor, resident: Resident
) -> None:
    in_a_storm(plain, resident)
