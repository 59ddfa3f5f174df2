"""What residents print: what the page says, and nothing that can only be clicked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.shown import Shown, window

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

CLICKED = (
    "nav, button, .govuk-button, .govuk-back-link, .govuk-skip-link, footer, dialog,"
    " .govuk-summary-list__actions a"
)
FAULTS = """(clicked) => {
    const found = [];
    for (const element of document.querySelectorAll(clicked)) {
        if (element.checkVisibility()) found.push(`only to be clicked: ${element.className}`);
    }
    for (const link of document.querySelectorAll("main a")) {
        const address = getComputedStyle(link, "::after").content;
        if (link.matches("[href^=http]") === (address === "none")) {
            found.push(`${link.getAttribute("href")} is followed by ${address}`);
        }
    }
    for (const row of document.querySelectorAll("tr, .govuk-summary-list__row, .govuk-panel")) {
        if (getComputedStyle(row).breakInside !== "avoid") found.push("a row can be torn in two");
    }
    const dark = document.querySelector("h1").getBoundingClientRect();
    if (!dark.height) found.push("no heading");
    return found;
}"""
A4 = {"width": 794, "height": 1123}


def faults(page: Page) -> list[str]:
    """What does not belong on paper."""
    return list(page.evaluate(FAULTS, CLICKED))


def test_what_residents_print_has_no_menus_and_no_buttons(browser: Browser, shown: Shown) -> None:
    with window(browser, viewport=A4) as page:
        for path in shown.pages:
            page.emulate_media(media="print")
            page.goto(shown.site + path)
            assert not faults(page), path
        page.emulate_media(media="screen")
        assert any("only to be clicked" in fault for fault in faults(page)), "the negative control"
