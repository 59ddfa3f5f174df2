"""Passkeys in a real browser, with an authenticator that the browser itself plays."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Resident
from tests.accounts.mail import code_sent_to
from tests.factories.accounts import PASSWORD, ResidentFactory
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
DEVICE: dict[str, Any] = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def resident(db: None) -> Resident:
    made = ResidentFactory.create()
    made.emailaddress_set.create(email=made.email, verified=True, primary=True)
    return made


@pytest.fixture
def somebody(visitor: Visitor, settings: Settings) -> Visitor:
    """At a device that makes passkeys. Browsers want a name for that, not a number."""
    visitor.site = f"http://localhost:{urlsplit(visitor.site).port}"
    settings.SITE_URL = visitor.site
    settings.ALLOWED_HOSTS = ["localhost"]
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return visitor


def press(visitor: Visitor, text: str) -> None:
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name=text, exact=True).click()
    visitor.audit()


def sign_in(visitor: Visitor, resident: Resident) -> None:
    visitor.visit(reverse("account_login"))
    visitor.page.get_by_label("E-mail address").fill(resident.email)
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(visitor, "Sign in")


def confirm(visitor: Visitor) -> None:
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(visitor, "Continue")


def add_passkey(visitor: Visitor) -> None:
    visitor.visit(reverse("mfa_add_webauthn"))
    confirm(visitor)
    visitor.page.get_by_label("Name").fill("My phone")
    press(visitor, "Add the passkey")


def test_resident_adds_a_passkey_and_signs_in_with_it_alone(
    somebody: Visitor, resident: Resident
) -> None:
    sign_in(somebody, resident)
    add_passkey(somebody)
    assert somebody.page.get_by_role("heading", name="Your recovery codes").count()
    somebody.visit(reverse("mfa_list_webauthn"))
    assert "My phone" in somebody.page.inner_text("main")

    press(somebody, "Sign out")
    somebody.visit(reverse("account_login"))
    press(somebody, "Sign in with a passkey")
    assert somebody.page.get_by_role("heading", name="Your services").count()

    somebody.visit(reverse("mfa_list_webauthn"))
    somebody.follow("Remove My phone")
    confirm(somebody)
    press(somebody, "Remove it")
    assert not Authenticator.objects.filter(user=resident).exists()


def enter_code(visitor: Visitor, email: str, button: str) -> None:
    visitor.page.get_by_label("Code").fill(code_sent_to(email))
    press(visitor, button)


def test_resident_signs_up_with_a_passkey_and_gets_in_after_losing_it(somebody: Visitor) -> None:
    email = "new@example.org"
    somebody.visit(reverse("account_signup"))
    somebody.follow("Use a passkey instead of a password")
    somebody.page.get_by_label("E-mail address").fill(email)
    press(somebody, "Continue")
    enter_code(somebody, email, "Continue")
    press(somebody, "Make the passkey")
    assert somebody.page.get_by_role("heading", name="Your recovery codes").count()
    code = somebody.page.locator(".portal-codes li").first.inner_text()
    press(somebody, "I have kept them")
    assert "Not set" in somebody.page.inner_text("main")

    press(somebody, "Sign out")
    somebody.visit(reverse("account_login"))
    press(somebody, "Sign in with a passkey")
    assert somebody.page.get_by_role("heading", name="Your services").count()

    press(somebody, "Sign out")
    somebody.visit(reverse("account_login"))
    somebody.follow("E-mail me a code instead of a password")
    somebody.page.get_by_label("E-mail address").fill(email)
    press(somebody, "Send me a code")
    enter_code(somebody, email, "Sign in")
    somebody.page.get_by_label("Code").fill(code)
    press(somebody, "Continue")
    press(somebody, "Ask me each time")
    assert somebody.page.get_by_role("heading", name="Your services").count()


def test_without_scripts_the_page_says_to_use_a_password(plain: Visitor) -> None:
    plain.visit(reverse("account_signup"))
    assert not plain.page.get_by_role("link", name="Use a passkey").count()
    plain.visit(reverse("account_signup_by_passkey"))
    assert "Your browser cannot make passkeys here." in plain.page.inner_text("main")
    assert not plain.page.get_by_label("E-mail address").is_visible()
    plain.follow("Create an account with a password")
    assert plain.page.get_by_label("Password", exact=True).is_visible()


def test_staff_with_a_passkey_open_the_admin_without_a_code(somebody: Visitor) -> None:
    staff = ResidentFactory.create(staff=True)
    staff.emailaddress_set.create(email=staff.email, verified=True, primary=True)
    sign_in(somebody, staff)
    add_passkey(somebody)
    press(somebody, "Sign out")
    somebody.visit(reverse("account_login"))
    press(somebody, "Sign in with a passkey")
    somebody.page.goto(somebody.site + reverse("admin:index"))
    assert "Records" in somebody.page.inner_text("h1")


def test_password_and_a_passkey_as_second_step_sign_in(
    somebody: Visitor, resident: Resident
) -> None:
    sign_in(somebody, resident)
    add_passkey(somebody)
    press(somebody, "Sign out")
    sign_in(somebody, resident)
    assert somebody.page.get_by_role("heading", name="Enter a code to sign in").count()
    press(somebody, "Use a passkey instead")
    press(somebody, "Ask me each time")
    assert somebody.page.get_by_role("heading", name="Your services").count()
