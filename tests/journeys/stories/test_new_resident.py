"""Somebody new creates an account, reads the e-mail, and looks round."""

from __future__ import annotations

import uuid

import pytest

from tests.journeys.stories.site import Site
from tests.journeys.stories.steps import code_sent_to
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
PASSWORD = "purple kettle orchard"
TABLET = 641  # pixels; narrower, GOV.UK Frontend has a menu


@pytest.mark.parametrize("kind", ["visitor", "phone", "plain"])
def test_new_resident_signs_up_and_sees_every_service(
    kind: str, site: Site, request: pytest.FixtureRequest
) -> None:
    visitor: Visitor = request.getfixturevalue(kind)
    email = f"{uuid.uuid4().hex}@example.org"
    create_account(visitor, email)
    visitor.fill("Code", code_sent_to_back(visitor, email))
    visitor.press("Continue")
    assert visitor.heading == "Your services"
    for path in ("/council-tax/", "/benefits/", "/appointments/", "/street-reports/", "/account/"):
        visitor.visit(path)
    sign_out(visitor)
    assert email not in site.printed()
    assert "POST account/sign-up/" in site.printed()


def create_account(visitor: Visitor, email: str) -> None:
    """Sign up, with a mistake on the way."""
    visitor.visit("/")
    visitor.follow("create an account")
    visitor.fill("E-mail address", email)
    visitor.fill("Password", "short")
    visitor.press("Create an account")
    assert visitor.page.title().startswith("Error: ")
    assert visitor.page.get_by_label("E-mail address", exact=True).input_value() == email
    visitor.fill("Password", PASSWORD)
    visitor.press("Create an account")
    assert visitor.heading == "Check your e-mail"


def code_sent_to_back(visitor: Visitor, email: str) -> str:
    """The code; the visitor is back on the page that asks for it."""
    asking = visitor.page.url
    code = code_sent_to(visitor, email)
    visitor.page.goto(asking)
    return code


def sign_out(visitor: Visitor) -> None:
    """The button is behind the menu on a phone."""
    size = visitor.page.viewport_size
    if size and size["width"] < TABLET:
        visitor.page.get_by_role("button", name="Menu").click()
    visitor.press("Sign out")
    visitor.visit("/dashboard/")
    assert visitor.heading == "Sign in"
