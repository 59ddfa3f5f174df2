"""Nothing moves while a page loads, however late its scripts come."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.shown import GALLERY, Shown, window

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PAINTED = """new Promise((seen) => {
    new PerformanceObserver(seen).observe({ type: "paint", buffered: true });
})"""
MOVES = """
window.moved = [];
new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries()) {
        const what = sources.map(({ node }) => node?.className ?? node?.nodeName);
        window.moved.push(`${value.toFixed(4)} ${what.join(", ")}`);
    }
}).observe({ type: "layout-shift", buffered: true });
"""
SETTLED = "new Promise((seen) => requestAnimationFrame(() => setTimeout(seen, 50)))"


def moves(shown: Shown, page: Page, path: str) -> list[str]:
    """What moved when modules came after the first drawing, and how far (Layout Shift)."""
    shown.modules.clear()
    page.goto(shown.site + path, wait_until="commit")
    page.evaluate(PAINTED)
    shown.modules.set()
    page.wait_for_load_state()
    page.evaluate(SETTLED)
    return [f"{path}: {move}" for move in page.evaluate("window.moved")]


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_moves_while_a_page_loads(
    browser: Browser, shown: Shown, screen: dict[str, int]
) -> None:
    with window(browser, viewport=screen) as page:
        page.add_init_script(MOVES)
        first = [path for path in shown.pages if path.count("/") <= 2 or path.endswith("/map/")]
        found = [move for path in (*first, GALLERY) for move in moves(shown, page, path)]
        assert not found, "\n".join(found)
        shown.added["portal.js"] = "document.querySelector('h1').before('moved');"
        assert moves(shown, page, "/"), "the negative control moves, and nobody sees it"


def test_menu_opens_by_itself_where_the_script_does_not_come(
    browser: Browser, shown: Shown
) -> None:
    with window(browser, viewport=PHONE) as page:
        page.route("**/govuk-frontend.min.js", lambda route: route.abort())
        page.goto(shown.site + reverse("home:dashboard"))
        menu = page.get_by_role("navigation", name="Menu")
        expect(menu.get_by_role("link", name="Council tax")).to_be_visible()
        expect(menu.get_by_role("button", name="Menu")).not_to_be_visible()
