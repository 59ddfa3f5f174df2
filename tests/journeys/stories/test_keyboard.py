"""Somebody with a keyboard alone signs in and reports a light; they always see where they are."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator

from tests.journeys.stories.site import Site
from tests.journeys.stories.steps import PASSWORD
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

FAR = 80  # stops that no page has
# Focus is drawn (WCAG 2.4.7), and nothing lies over it (2.4.11). A radio is drawn by its label.
UNSEEN = """() => {
    const focused = document.activeElement;
    const choice = focused.matches("[type=radio], [type=checkbox]");
    const shown = choice ? focused.nextElementSibling : focused;
    const { left, top, width, height } = shown.getClientRects()[0];
    const seen = [0.05, 0.5, 0.95].some((part) => {
        const there = document.elementFromPoint(left + width * part, top + height * part);
        return there && (shown.contains(there) || focused.contains(there));
    });
    const drawn = [getComputedStyle(focused), getComputedStyle(shown, "::before")].some(
        ({ outlineStyle, outlineWidth, boxShadow }) =>
            boxShadow !== "none" || (outlineStyle !== "none" && parseFloat(outlineWidth) > 0),
    );
    const name = `${focused.tagName}.${focused.className}`;
    if (!drawn) return `nothing shows that it is focused: ${name}`;
    return seen ? "" : `covered: ${name}`;
}"""
STUCK = "main :is(a, button) { outline: none !important; box-shadow: none !important; }"


class Keyboard:
    """Tab, Enter, Space, the arrows and letters."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page
        self.keys = visitor.page.keyboard

    def go_to(self, target: Locator) -> None:
        """Press Tab until it is focused; every stop on the way can be seen."""
        for _ in range(FAR):
            self.keys.press("Tab")
            if self.page.evaluate("document.activeElement !== document.body"):
                unseen = self.page.evaluate(UNSEEN)
                assert not unseen, f"{self.page.url}: {unseen}"
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{self.page.url}: the keyboard does not come to {target}")

    def write(self, label: str, words: str) -> None:
        """In the box with this label."""
        self.go_to(self.page.get_by_label(label, exact=True))
        self.keys.type(words)

    def press(self, words: str, role: str = "button") -> None:
        """Come to the button and press Enter, which leads to the next page."""
        self.go_to(self.page.get_by_role(role, name=words, exact=True).first)
        with self.page.expect_navigation():
            self.keys.press("Enter")

    def choose(self, label: str) -> None:
        """Come to the radios, choose with Space and the arrows, and go on."""
        radios = self.page.get_by_role("radio")
        wanted = self.page.get_by_role("radio", name=label).first
        self.go_to(radios.first)
        self.keys.press("Space")
        for _ in range(radios.count()):
            if wanted.is_checked():
                break
            self.keys.press("ArrowDown")
        assert wanted.is_checked(), label
        self.press("Continue")


def test_light_is_reported_with_the_keyboard_alone(visitor: Visitor, site: Site) -> None:
    keyboard = Keyboard(visitor)
    visitor.page.goto(f"{site.url}/account/sign-in/")
    keyboard.write("E-mail address", "single@example.org")
    keyboard.write("Password", PASSWORD)
    keyboard.press("Sign in")
    keyboard.press("Street reports", "link")
    keyboard.press("Report a light or a grid")
    for label in ("Street light", "No", "None of these"):
        keyboard.choose(label)
    keyboard.write("Where is the street light?", "SK4")
    keyboard.press("Continue")
    keyboard.choose("It is not listed")
    keyboard.write("Describe where it is", "By the bus stop")
    keyboard.press("Continue")
    keyboard.choose("It is not working")
    keyboard.press("Continue")
    keyboard.press("Continue")
    keyboard.choose("Yes")
    assert visitor.heading == "Check your answers"
    keyboard.press("Confirm and send")
    assert visitor.heading == "Report received"
    keyboard.go_to(visitor.page.get_by_role("link", name="Skip to main content"))  # no trap


def test_negative_control_focus_that_is_not_drawn_is_missed(visitor: Visitor, site: Site) -> None:
    keyboard = Keyboard(visitor)
    visitor.page.goto(f"{site.url}/account/sign-in/")
    visitor.page.evaluate(
        """(rule) => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(rule);
            document.adoptedStyleSheets = [sheet];
        }""",
        STUCK,
    )
    with pytest.raises(AssertionError, match="nothing shows that it is focused"):
        keyboard.press("Sign in")
