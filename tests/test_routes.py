"""Which pages anybody may see: these, and every other page sends a visitor to sign in."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.routes import PRIVATE, ROUTES, Route

PUBLIC = {
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "account_signup_by_passkey",
    "accounts:closed",
    "accounts:done",
    "accounts:keep_second_step",
    "admin:login",
    "appointments:days",
    "appointments:index",
    "appointments:places",
    "appointments:services",
    "appointments:times",
    "council_tax:estimate",
    "home:accessibility",
    "home:cookies",
    "home:privacy",
    "home:start",
    # A report without an account: how it begins, its pages, and what the links in e-mails lead to.
    "street_reports:again",
    "street_reports:asked",
    "street_reports:assets",
    "street_reports:by_link",
    "street_reports:confirm",
    "street_reports:index",
    "street_reports:stop",
    "street_reports:without_account",
    "street_reports:without_account_check",
    "street_reports:without_account_step",
    # Between the password, or the address to send a code to, and being signed in.
    "account_confirm_login_code",
    "account_request_login_code",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_signup_webauthn",
    "mfa_trust",
    "passkey_begin",
}
# They have no session: whoever calls signs what they say (tests/outbox/test_webhook.py), or has a
# key of their own and otherwise reads what is public (tests/street_reports/open311), or is a
# browser that says what it refused to run (tests/stockport/test_policy_reports.py).
MACHINES = {"policy_report", "webhooks:webhook"} | {
    f"open311:{name}"
    for name in (
        *("discovery", "services", "service", "requests", "request", "token", "updates"),
        *("photo", "nowhere"),
    )
}
# What calendar programs read: the address itself is the secret (tests/stockport/test_calendar.py).
CALENDARS = {"appointments:desk", "home:feed"}
DEVELOPMENT = {"dev-components", "dev-mail", "dev-mail-message", "dev-question"} | {
    "dev-post",
    "dev-post-letter",
}


def test_pages_that_anybody_may_see_are_these_and_no_others() -> None:
    public = {route.name for route in ROUTES.values() if route.is_public}
    assert public == PUBLIC | MACHINES | CALENDARS | DEVELOPMENT


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("route", PRIVATE, ids=lambda route: route.name)
def test_visitor_is_sent_to_sign_in(route: Route, method: str) -> None:
    answer = getattr(Client(), method)(route.url())
    assert answer.status_code == 302
    # Some pages of the admin go by its own address, which leads to the same page.
    sign_in = answer["Location"].replace(reverse("admin:login"), reverse(settings.LOGIN_URL))
    assert sign_in.startswith(f"{reverse(settings.LOGIN_URL)}?next=")


def test_admin_has_no_sign_in_of_its_own() -> None:
    answer = Client().get(f"{reverse('admin:login')}?next=/admin/")
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse(settings.LOGIN_URL)}?next=%2Fadmin%2F"


def test_every_address_has_a_name() -> None:
    """A page without one would escape the tests above; the admin's own redirects may."""
    ours, nameless = [get_resolver()], []
    while ours:
        for entry in ours.pop().url_patterns:
            if isinstance(entry, URLPattern):
                nameless += [] if entry.name else [str(entry.pattern)]
            elif entry.namespace != "admin":
                ours.append(entry)
    assert nameless == []
