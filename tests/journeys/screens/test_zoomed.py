"""Zoomed to 400%, and with text set wider: nothing is cut off, nothing stands in the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.shown import Shown, show_map, window

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

ZOOMED = {"width": 320, "height": 256}  # 1280 by 1024 at 400% (WCAG 1.4.10)
LEAST = 24  # pixels of what is pressed (WCAG 2.5.8)
# WCAG 1.4.12, in a sheet that the policy lets pass.
WIDER = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
        * { line-height: 1.5 !important; letter-spacing: 0.12em !important;
            word-spacing: 0.16em !important; }
        p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
}"""
FAULTS = """() => {
    const found = [];
    const apart = ".govuk-visually-hidden, .govuk-skip-link, .portal-records thead," +
        " .portal-map__frame, dialog"; // out of sight on purpose, or scrolled by itself
    const name = (element) => `${element.tagName}.${element.className}`;
    if (document.documentElement.scrollWidth > innerWidth) found.push("scrolls sideways");
    for (const element of document.body.querySelectorAll("*")) {
        if (!element.checkVisibility() || element.closest(apart)) continue;
        const { position, overflowX, overflowY } = getComputedStyle(element);
        const { left, right } = element.getBoundingClientRect();
        const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
        if (["fixed", "sticky"].includes(position)) found.push(`in the way: ${name(element)}`);
        if (left < -1 || right > innerWidth + 1) found.push(`beyond the edge: ${name(element)}`);
        const typed = element.matches("input, textarea"); // scrolls while it is written in
        const clips = /hidden|clip/.test(overflowX + overflowY) && !typed;
        if (clips && (scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1)) {
            found.push(`cut off: ${name(element)}`);
        }
    }
    return found;
}"""
# What a page may not do, and what this test says of it then.
BROKEN = {
    "main { min-width: 500px; }": "scrolls sideways",
    "h1 { height: 20px; overflow: hidden; }": "cut off",
    "header { position: sticky; top: 0; }": "in the way",
}
# Large enough for a line as it comes, and too small for one with wider text.
TIGHT = """main .govuk-heading-xl {
    overflow: hidden; height: 10px; font-size: 8px; line-height: 1.25;
}"""
TARGETS = ".leaflet-control a, .portal-map__asset, .portal-map button"


def faults(page: Page, path: str) -> list[str]:
    """What is wrong with a page as it stands, and with wider text."""
    found = [f"{path}: {fault}" for fault in page.evaluate(FAULTS)]
    page.evaluate(WIDER)
    return found + [f"{path}, wider text: {fault}" for fault in page.evaluate(FAULTS)]


def test_everything_can_be_read_zoomed_in_and_with_wider_text(
    browser: Browser, shown: Shown
) -> None:
    with window(browser, viewport=ZOOMED) as page:
        found = []
        for path in shown.pages:
            page.goto(shown.site + path)
            found += faults(page, path)
        assert not found, "\n".join(found)


@pytest.mark.parametrize("rule", BROKEN)
def test_negative_control_what_cannot_be_read_is_seen(
    browser: Browser, shown: Shown, rule: str
) -> None:
    shown.break_styles(rule)
    with window(browser, viewport=ZOOMED) as page:
        page.goto(shown.site + "/")
        assert any(BROKEN[rule] in fault for fault in faults(page, "/"))


def test_negative_control_what_wider_text_cuts_off_is_seen(browser: Browser, shown: Shown) -> None:
    shown.break_styles(TIGHT)
    with window(browser, viewport=ZOOMED) as page:
        page.goto(shown.site + "/")
        found = faults(page, "/")
        assert found
        assert all(fault.startswith("/, wider text: cut off: H1") for fault in found), found


def too_small(page: Page, shown: Shown) -> list[str]:
    """What is pressed on the map and is smaller than a finger needs it; there are six at least."""
    show_map(page, shown)
    boxes = [(each.inner_text(), each.bounding_box()) for each in page.locator(TARGETS).all()]
    assert len(boxes) >= 6
    return [name for name, box in boxes if not box or min(box["width"], box["height"]) < LEAST]


def test_what_is_pressed_on_the_map_is_large_enough(browser: Browser, shown: Shown) -> None:
    """axe looks at all other targets, wherever a page is audited."""
    with window(browser, viewport=ZOOMED) as page:
        assert too_small(page, shown) == []
        shown.break_styles(".portal-map__asset { width: 20px !important; }")
        assert len(too_small(page, shown)) >= 2, "the negative control"
