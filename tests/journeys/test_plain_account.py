"""Council tax and the account itself, for somebody whose browser runs no scripts."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Resident
from council_tax.models import Request
from tests.accounts.totp import code_at
from tests.estate import ASKING
from tests.factories.accounts import PASSWORD
from tests.factories.council_tax import household
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


def answer(visitor: Visitor, typed: Mapping[str, str]) -> None:
    """Fill in the page and continue."""
    for name, words in typed.items():
        field = visitor.page.locator(f"main [name={name}]")
        if field.first.get_attribute("type") == "radio":
            visitor.page.locator(f"main [name={name}][value={words}]").check()
        else:
            field.fill(words)
    visitor.press("Continue")


def sign_in(visitor: Visitor, resident: Resident) -> None:
    """By the form."""
    visitor.visit(reverse("account_login"))
    visitor.fill("E-mail address", resident.email)
    visitor.fill("Password", PASSWORD)
    visitor.press("Sign in")


def test_move_is_told_to_council_tax(plain: Visitor, resident: Resident) -> None:
    account = household(resident)
    plain.sign_in(resident)
    plain.visit(account.get_absolute_url())
    plain.follow("Tell us something, or ask for something")
    plain.press("Continue")
    assert plain.page.locator(".govuk-error-summary").is_visible()
    for typed in ASKING.values():
        answer(plain, typed)
    assert plain.heading == "Check your answers"
    plain.press("Confirm and send")
    assert Request.objects.get().reference in plain.heading


def test_account_is_secured_and_closed(plain: Visitor, resident: Resident) -> None:
    resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    sign_in(plain, resident)
    plain.visit(reverse("mfa_activate_totp"))
    plain.fill("Password", PASSWORD)
    plain.press("Continue")
    secret = plain.page.locator(".portal-key").inner_text()
    plain.page.locator("[name=code]").fill("12")
    plain.press("Continue")
    assert plain.page.locator(".govuk-error-summary").is_visible()
    plain.page.locator("[name=code]").fill(code_at(secret, timezone.now()))
    plain.press("Continue")
    code = plain.page.locator(".portal-codes li").first.inner_text()
    plain.page.context.clear_cookies()
    sign_in(plain, resident)
    assert plain.heading == "Enter a code to sign in"
    plain.page.locator("[name=code]").fill(code)
    plain.press("Continue")
    plain.press("Ask me each time")
    plain.visit(reverse("accounts:close"))
    plain.fill("Password", PASSWORD)
    plain.press("Continue")
    plain.press("Close my account")
    assert "There is a problem" in plain.page.inner_text("main")
    plain.page.locator("[name=sure]").check()
    plain.press("Close my account")
    assert plain.heading == "Your account is closed"
    sign_in(plain, resident)
    assert plain.page.locator(".govuk-error-summary").is_visible()
