"""An appointment is booked, changed and cancelled, with and without scripts, and on a phone."""

from __future__ import annotations

import pytest

from tests.journeys.stories.steps import PASSWORD, sign_in
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", ["visitor", "phone", "plain"])
def test_resident_books_changes_and_cancels(kind: str, request: pytest.FixtureRequest) -> None:
    visitor: Visitor = request.getfixturevalue(kind)
    sign_in(visitor, "missed@example.org")
    hold_a_time(visitor)
    answer_questions(visitor)
    visitor.press("Book this appointment")
    assert visitor.heading == "Appointment booked"
    reference = visitor.page.locator(".govuk-panel strong").inner_text()
    booked_once_whatever_is_pressed(visitor, reference)
    change(visitor, reference)
    cancel(visitor)
    subscribe(visitor)


def hold_a_time(visitor: Visitor) -> None:
    """From the list of services to a time that is kept."""
    visitor.visit("/appointments/")
    visitor.start("Book an appointment")
    visitor.follow_first("main a[href*='/book/']")
    visitor.follow_first("main h2 a")
    visitor.follow_first("main li a[href*='/book/']")
    visitor.press("Continue")
    assert visitor.page.title().startswith("Error: ")
    visitor.page.get_by_role("radio").first.check()
    visitor.press("Continue")


def answer_questions(visitor: Visitor) -> None:
    """One question a page, until there is something to check."""
    while visitor.heading != "Check and book your appointment":
        phone = visitor.page.locator("input[type=tel]")
        if phone.count():
            phone.fill("0161 496 0000")
        visitor.press("Continue")


def booked_once_whatever_is_pressed(visitor: Visitor, reference: str) -> None:
    """Back and again gives the same booking."""
    visitor.page.go_back()
    again = visitor.page.get_by_role("button", name="Book this appointment")
    if again.count():
        visitor.press("Book this appointment")
    visitor.visit("/appointments/")
    assert visitor.page.get_by_role("link", name="See, change or cancel").count() == 1
    visitor.follow_first("main a[href^='/appointments/']:has-text('See, change or cancel')")
    assert reference in visitor.page.locator("main").inner_text()


def change(visitor: Visitor, reference: str) -> None:
    """To another day of the first place, with the same reference."""
    visitor.start("Change the time or place")
    visitor.follow_first("main h2 a")
    visitor.follow_first("main li a[href*='/book/']")
    visitor.page.get_by_role("radio").last.check()
    visitor.press("Continue")
    assert visitor.heading == "Check and change your appointment"
    visitor.press("Change the appointment")
    assert visitor.heading == "Appointment changed"
    assert reference in visitor.page.locator("main").inner_text()
    visitor.follow("See, change or cancel your appointment")


def cancel(visitor: Visitor) -> None:
    """Cancel what is on the page."""
    visitor.start("Cancel this appointment")
    assert visitor.heading == "Are you sure you want to cancel?"
    visitor.press("Cancel the appointment")
    visitor.visit("/appointments/")
    assert "Cancelled by you" in visitor.page.locator("main").inner_text()


def subscribe(visitor: Visitor) -> None:
    """Give the password, make an address for the calendar, read it, and switch it off."""
    visitor.follow("See your appointments in the calendar on your phone or computer")
    visitor.fill("Password", PASSWORD)
    visitor.press("Continue")
    visitor.press("Make an address")
    address = visitor.page.get_by_label("Address of your calendar").input_value()
    assert visitor.page.request.get(address).text().startswith("BEGIN:VCALENDAR")
    visitor.press("Switch the address off")
    assert visitor.page.get_by_label("Address of your calendar").count() == 0
