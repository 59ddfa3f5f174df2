"""Every page of signing up, signing in and the account answers and keeps the page rules."""

import pytest
from django.urls import reverse

from tests.client import PortalClient

PUBLIC = {
    "account_signup": "Create an account",
    "account_signup_by_passkey": "Create an account with a passkey",
    "account_login": "Sign in",
    "account_reset_password": "Reset your password",
    "account_reset_password_done": "Check your e-mail",
    "account_inactive": "You cannot sign in",
}


@pytest.mark.parametrize(("name", "heading"), PUBLIC.items())
def test_anybody_can_read_page(portal: PortalClient, name: str, heading: str) -> None:
    answer = portal.get(reverse(name))
    assert answer.status_code == 200
    assert answer.page.h1 == heading
