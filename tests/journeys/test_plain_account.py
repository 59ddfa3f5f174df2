"""Council tax and the account itself, for somebody whose browser runs no scripts."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Resident
from council_tax.models import Request
from tests.accounts.mail import code_sent_to, link_sent_to
from tests.accounts.totp import code_at
from tests.estate import ASKING
from tests.factories.accounts import PASSWORD
from tests.factories.council_tax import household
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
NEW_PASSWORD, NEW_EMAIL = "purple otter teapot", "new@example.org"


def answer(visitor: Visitor, typed: Mapping[str, str]) -> None:
    """Fill in the page and continue."""
    for name, words in typed.items():
        field = visitor.page.locator(f"main [name={name}]")
        if field.first.get_attribute("type") == "radio":
            visitor.page.locator(f"main [name={name}][value={words}]").check()
        else:
            field.fill(words)
    visitor.press("Continue")


def sign_in(visitor: Visitor, resident: Resident, password: str = PASSWORD) -> None:
    """By the form."""
    visitor.visit(reverse("account_login"))
    visitor.fill("E-mail address", resident.email)
    visitor.fill("Password", password)
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


def test_forgotten_password_is_reset_by_the_link_in_an_e_mail(
    plain: Visitor, verified: Resident
) -> None:
    plain.visit(reverse("account_login"))
    plain.follow("I have forgotten my password")
    plain.fill("E-mail address", verified.email)
    plain.press("Send the link")
    plain.visit(link_sent_to(verified.email))
    assert plain.heading == "Choose a new password"
    plain.fill("New password", "Sunshine12345")
    plain.press("Change password")
    assert "harder to guess" in plain.page.inner_text(".govuk-error-summary")
    plain.fill("New password", NEW_PASSWORD)
    plain.press("Change password")
    assert "Your password has been changed." in plain.page.inner_text("main")
    sign_in(plain, verified)
    assert plain.page.locator(".govuk-error-summary").is_visible()
    sign_in(plain, verified, NEW_PASSWORD)
    plain.visit(reverse("accounts:index"))
    assert plain.heading == "Your account"


def test_code_from_an_e_mail_signs_in(plain: Visitor, verified: Resident) -> None:
    plain.visit(reverse("account_login"))
    plain.follow("E-mail me a code instead of a password")
    plain.fill("E-mail address", verified.email)
    plain.press("Send me a code")
    assert plain.heading == "Check your e-mail"
    code = code_sent_to(verified.email)
    plain.fill("Code", "000000" if code != "000000" else "000001")
    plain.press("Sign in")
    assert "The code is not right" in plain.page.inner_text(".govuk-error-summary")
    plain.fill("Code", code)
    plain.press("Sign in")
    plain.visit(reverse("accounts:index"))
    assert plain.heading == "Your account"


def test_e_mail_address_is_changed_by_a_code_sent_to_the_new_one(
    plain: Visitor, verified: Resident
) -> None:
    plain.sign_in(verified)
    plain.visit(reverse("accounts:index"))
    plain.follow("Change e-mail address")
    assert plain.heading == "Enter your password again"
    plain.fill("Password", PASSWORD)
    plain.press("Continue")
    assert plain.heading == "Change your e-mail address"
    plain.fill("New e-mail address", verified.email)
    plain.press("Continue")
    assert "You already use this" in plain.page.inner_text(".govuk-error-summary")
    plain.fill("New e-mail address", NEW_EMAIL)
    plain.press("Continue")
    plain.fill("Code", code_sent_to(NEW_EMAIL))
    plain.press("Continue")
    assert plain.heading == "Your account"
    assert NEW_EMAIL in plain.page.inner_text("main")
    verified.refresh_from_db()
    assert verified.email == NEW_EMAIL


def test_account_is_secured_and_closed(plain: Visitor, verified: Resident) -> None:
    sign_in(plain, verified)
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
    sign_in(plain, verified)
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
    sign_in(plain, verified)
    assert plain.page.locator(".govuk-error-summary").is_visible()
