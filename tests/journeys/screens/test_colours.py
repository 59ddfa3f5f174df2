"""Where somebody sets the colours, or wants nothing to move: what is drawn is still told apart."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.shown import GALLERY, Shown, show_map, window

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

# What stands out by its background alone is marked before the colours are forced.
MARK = """() => {
    const apart = "header, footer, dialog, .leaflet-container, .govuk-visually-hidden," +
        " .govuk-notification-banner__content"; // the banner has the edge
    const see = (element, pseudo) => {
        const style = getComputedStyle(element, pseudo);
        const drawn = pseudo ? !["none", "normal"].includes(style.content) : true;
        return drawn && !/, 0\\)$|transparent/.test(style.backgroundColor);
    };
    for (const element of document.body.querySelectorAll("*")) {
        if (!element.checkVisibility() || element.closest(apart)) continue;
        const kinds = [null, "::before", "::after"].filter((kind) => see(element, kind));
        if (kinds.length) element.dataset.stands = kinds.map(String).join();
    }
}"""
DRAWN = """
    const sides = ["Top", "Right", "Bottom", "Left"];
    const drawn = (style) =>
        sides.some((side) => parseFloat(style[`border${side}Width`]) > 0) ||
        (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) ||
        style.forcedColorAdjust === "none";
"""
ON_MAP = ".portal-map__frame, .portal-map__cross, .portal-map__asset, .leaflet-control a"
UNDRAWN = f"""(on) => {{ {DRAWN}
    return [...document.querySelectorAll(on)]
        .filter((element) => !drawn(getComputedStyle(element)))
        .map((element) => element.className);
}}"""
LOST = (
    f"() => {{ {DRAWN}"
    + """
    const found = [];
    for (const element of document.querySelectorAll("[data-stands]")) {
        for (const kind of element.dataset.stands.split(",")) {
            const pseudo = kind === "null" ? null : kind;
            if (!drawn(getComputedStyle(element, pseudo))) {
                found.push(`${element.tagName}.${element.className} ${pseudo ?? ""}`);
            }
        }
    }
    return [...new Set(found)];
}"""
)
MOVING = """() => [...document.querySelectorAll("*")].filter((element) => {
    const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
    const still = /^(0s(, )?)+$/.test(transitionDuration) && animationName === "none";
    return !still || scrollBehavior === "smooth";
}).map((element) => `${element.tagName}.${element.className}`)"""


def lost(page: Page, path: str) -> list[str]:
    """What nobody sees any more once the colours are forced."""
    page.emulate_media(forced_colors="none")
    page.goto(path)
    page.evaluate(MARK)
    page.emulate_media(forced_colors="active")
    return [f"{path}: {what}" for what in page.evaluate(LOST)]


def test_what_stands_out_keeps_an_edge_in_forced_colours(browser: Browser, shown: Shown) -> None:
    with window(browser) as page:
        found = [what for path in shown.pages for what in lost(page, shown.site + path)]
        assert not found, "\n".join(found)
        shown.break_styles(".govuk-tag { border: 0 !important; }")
        assert any("govuk-tag" in what for what in lost(page, shown.site + GALLERY))


def test_chosen_is_told_apart_in_forced_colours(browser: Browser, shown: Shown) -> None:
    with window(browser, forced_colors="active") as page:
        page.goto(shown.site + GALLERY)
        for kind in ("radios", "checkboxes"):
            item = page.locator(f".govuk-{kind}__item:has(input:not(:checked):enabled)").first
            free = item.screenshot()
            item.locator("input").check()
            page.mouse.click(0, 0)  # what is focused looks different in any case
            assert item.screenshot() != free, kind


def test_map_keeps_its_edges_in_forced_colours(browser: Browser, shown: Shown) -> None:
    with window(browser, forced_colors="active") as page:
        show_map(page, shown)
        assert page.evaluate(UNDRAWN, ON_MAP) == []
        light = page.locator(".portal-map__asset:not(.portal-map__asset--done)").first
        free = light.screenshot()
        light.click()
        page.mouse.click(0, 0)  # what is focused looks different in any case
        assert page.locator(".portal-map__asset--chosen").screenshot() != free
        shown.break_styles(".portal-map__asset { border: 0 !important; }")
        show_map(page, shown)
        assert len(page.evaluate(UNDRAWN, ON_MAP)) >= 2, "the negative control"


def test_nothing_moves_for_who_wants_less_motion(browser: Browser, shown: Shown) -> None:
    with window(browser, reduced_motion="reduce") as page:
        found = []
        for path in shown.pages:
            page.goto(shown.site + path)
            found += [f"{path}: {what}" for what in page.evaluate(MOVING)]
        assert not found, "\n".join(found)
        shown.break_styles("h1 { transition: color 1s; }")
        page.goto(shown.site + "/")
        assert page.evaluate(MOVING), "the negative control"
