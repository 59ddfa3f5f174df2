"""What several stories do alike."""

from __future__ import annotations

import re

from tests.journeys.stories.site import wait_for
from tests.journeys.visitor import Visitor

PASSWORD = "stockport-demo"


def sign_in(visitor: Visitor, email: str, password: str = PASSWORD) -> None:
    """Sign in through the form."""
    visitor.visit("/account/sign-in/")
    visitor.fill("E-mail address", email)
    visitor.fill("Password", password)
    visitor.press("Sign in")
    assert visitor.heading == "Your services"


def code_sent_to(visitor: Visitor, email: str) -> str:
    """The code in the newest e-mail to this address, once the worker has sent it."""

    def arrived() -> bool:
        visitor.visit("/dev/mail")
        return email in visitor.page.inner_text("main")

    wait_for(arrived, "the e-mail with the code", lambda: visitor.page.inner_text("main"))
    visitor.page.get_by_role("row").filter(has_text=email).first.get_by_role("link").click()
    found = re.search(r"Your code is (\d+)", visitor.page.inner_text("main"))
    assert found, visitor.page.inner_text("main")
    return found[1]


def report_a_light(visitor: Visitor, street: str) -> str:
    """Report the first free light of a street as not working; gives our reference."""
    visitor.visit("/street-reports/")
    visitor.start("Report a light or a grid")
    answer(visitor, "Street light")
    answer(visitor, "No")
    answer(visitor, "None of these")
    visitor.page.get_by_label("Where is the street light?").fill(street)
    visitor.press("Continue")
    visitor.page.get_by_role("radio").first.check()
    visitor.press("Continue")
    answer(visitor, "It is not working")
    visitor.press("Continue")
    visitor.press("Continue")
    answer(visitor, "Yes")
    assert visitor.heading == "Check your answers"
    visitor.press("Confirm and send")
    assert visitor.heading == "Report received"
    return visitor.page.locator(".govuk-panel strong").inner_text()


def answer(visitor: Visitor, label: str) -> None:
    """Choose one and continue."""
    visitor.page.get_by_role("radio", name=label).first.check()
    visitor.press("Continue")
