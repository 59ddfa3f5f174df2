"""What every page gives to everybody, seen in a real browser."""

from __future__ import annotations

import pytest

from accounts.models import Resident
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


def test_first_pages_are_accessible(visitor: Visitor) -> None:
    visitor.visit("/")
    visitor.visit("/no-such-page/")
    assert visitor.heading == "Page not found"
    visitor.follow("Accessibility")


def test_components_are_accessible_in_every_state(visitor: Visitor) -> None:
    visitor.visit("/dev/components/")
    visitor.visit("/dev/components/?errors")
    assert visitor.page.locator(":focus").get_attribute("class") == "govuk-error-summary"


def test_components_are_accessible_on_a_phone(phone: Visitor) -> None:
    phone.visit("/dev/components/?errors")


def test_first_tab_stop_leads_to_the_content(visitor: Visitor) -> None:
    visitor.visit("/")
    visitor.page.keyboard.press("Tab")
    focused = visitor.page.locator(":focus")
    assert focused.inner_text() == "Skip to main content"
    assert focused.is_visible()
    visitor.page.keyboard.press("Enter")
    assert visitor.page.locator(":focus").get_attribute("id") == "main-content"


def test_menu_folds_on_a_phone_and_opens(phone: Visitor, resident: Resident) -> None:
    phone.sign_in(resident)
    phone.visit("/dashboard/")
    link = phone.page.get_by_role("navigation").get_by_role("link", name="Council tax")
    assert not link.is_visible()
    phone.page.get_by_role("button", name="Menu").click()
    assert link.is_visible()


def test_everything_is_there_without_scripts(plain: Visitor) -> None:
    plain.visit("/")
    plain.follow("Accessibility")
    plain.visit("/dev/components/?errors")
    assert plain.page.locator(".govuk-error-summary").is_visible()
    assert plain.page.locator(".govuk-character-count__message").is_visible()


def test_audit_sees_what_it_is_for(visitor: Visitor) -> None:
    """The negative control: an image without words, a page too wide, and a refused script."""
    visitor.visit("/")
    visitor.page.evaluate(
        """() => {
            const main = document.querySelector("main");
            main.append(document.createElement("img"));
            main.style.width = "2000px";
            main.append(Object.assign(document.createElement("script"), {text: "alert(1)"}));
        }"""
    )
    with pytest.raises(AssertionError) as failure:
        visitor.audit()
    for complaint in ("image-alt", "pixels wide", "Content Security Policy"):
        assert complaint in str(failure.value)
