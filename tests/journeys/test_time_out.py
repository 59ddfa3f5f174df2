"""Being warned before being signed out, in a real browser."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from accounts.models import Resident
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


def test_resident_is_warned_stays_and_in_the_end_is_led_to_sign_in(
    visitor: Visitor, resident: Resident, settings: Settings
) -> None:
    visitor.page.clock.install()
    visitor.sign_in(resident)
    visitor.visit("/account/")
    warning = visitor.page.get_by_role("dialog", name="You will be signed out soon")
    assert not warning.is_visible()
    visitor.page.clock.fast_forward("28:01")
    warning.wait_for()
    assert visitor.page.locator(":focus").inner_text() == "Stay signed in"
    visitor.audit()
    with visitor.page.expect_response("**/account/stay/") as answered:
        visitor.page.keyboard.press("Escape")
    assert answered.value.status == 200
    warning.wait_for(state="hidden")
    visitor.page.clock.fast_forward("28:01")
    warning.wait_for()
    # By the browser's clock the time is over; by the server's it is once it is this short.
    settings.SESSION_IDLE_SECONDS = -1
    with visitor.page.expect_navigation():
        visitor.page.clock.fast_forward("02:05")
    assert visitor.heading == "Sign in"
    assert "We signed you out to keep your account safe." in visitor.page.content()
    assert visitor.page.url.endswith("/account/sign-in/?next=/account/")


def test_notice_and_its_button_are_there_without_scripts(
    plain: Visitor, resident: Resident
) -> None:
    plain.sign_in(resident)
    plain.visit("/account/")
    assert "we sign you out at" in plain.page.content()
    assert not plain.page.get_by_text("Stay signed in").is_visible()
    plain.press("I’m done: sign out and clear this browser")
    assert plain.heading == "You are signed out"
    plain.visit("/account/")
    assert plain.heading == "Sign in"
