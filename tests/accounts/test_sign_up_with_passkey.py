"""Signing up with a passkey and no password, up to what only a browser can do.

The whole story is in tests/journeys/test_passkeys.py.
"""

import pytest
from django.urls import reverse

from accounts.models import Resident
from tests.accounts.mail import code_sent_to, mails_to
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD
from tests.factories.passkeys import make_passkey

ADDRESS = "ada@example.org"
SIGN_UP, MAKE = reverse("account_signup_by_passkey"), reverse("mfa_signup_webauthn")
CODE, SIGN_IN = reverse("account_email_verification_sent"), reverse("account_login")
BY_CODE, ENTER = reverse("account_request_login_code"), reverse("account_confirm_login_code")
DASHBOARD = reverse("home:dashboard")
ODD = ["", "nonsense", "1", "[]", "{}", '{"id": "x"}', '{"id": 1, "rawId": 1, "response": []}']


@pytest.fixture
def confirmed(db: None, portal: PortalClient) -> PortalClient:
    """Somebody whose address is confirmed, before the passkey is made."""
    assert portal.post(SIGN_UP, {"email": ADDRESS}).url == CODE
    assert portal.post(CODE, {"action": "verify", "code": code_sent_to(ADDRESS)}).url == MAKE
    return portal


def test_passkey_is_made_only_after_the_code(db: None, portal: PortalClient) -> None:
    portal.post(SIGN_UP, {"email": ADDRESS})
    assert portal.get(MAKE).status_code == 302
    assert not Resident.objects.get(email=ADDRESS).has_usable_password()


def test_nobody_is_signed_in_before_the_passkey_is_made(confirmed: PortalClient) -> None:
    assert confirmed.get(MAKE).page.h1 == "Make your passkey"
    assert confirmed.get(DASHBOARD).url.startswith(SIGN_IN)


@pytest.mark.parametrize("credential", ODD)
def test_what_is_no_passkey_is_refused_with_words(confirmed: PortalClient, credential: str) -> None:
    page = confirmed.post(MAKE, {"credential": credential, "name": "My phone"}).page
    assert "The passkey was not made. Try again" in page.text("main")
    assert confirmed.get(DASHBOARD).status_code == 302


def test_who_makes_none_gets_in_by_e_mail_and_may_set_a_password(confirmed: PortalClient) -> None:
    to = f"{reverse('account_logout')}?next={BY_CODE}"
    assert f'action="{to}"' in confirmed.get(MAKE).page.html
    assert confirmed.post(to).url == BY_CODE
    assert confirmed.post(BY_CODE, {"email": ADDRESS}).url == ENTER
    answer = confirmed.post(ENTER, {"action": "verify", "code": code_sent_to(ADDRESS)})
    assert answer.url == DASHBOARD
    assert confirmed.get(reverse("account_set_password")).status_code == 200


def test_who_has_an_account_is_told_by_e_mail_alone(
    portal: PortalClient, resident: Resident
) -> None:
    resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    assert portal.post(SIGN_UP, {"email": resident.email}).url == CODE
    assert [mail["subject"] for mail in mails_to(resident.email)] == ["You already have an account"]


def test_who_lost_their_only_passkey_needs_a_recovery_code_too(
    portal: PortalClient, resident: Resident
) -> None:
    """A mailbox alone opens no account that has a second step."""
    resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    make_passkey(resident)
    portal.post(BY_CODE, {"email": resident.email})
    answer = portal.post(ENTER, {"action": "verify", "code": code_sent_to(resident.email)})
    assert answer.url == reverse("mfa_authenticate")


@pytest.mark.parametrize("credential", ODD)
def test_what_is_no_answer_of_a_passkey_signs_nobody_in(
    db: None, portal: PortalClient, credential: str
) -> None:
    portal.post(reverse("passkey_begin"))
    assert portal.post(reverse("mfa_login_webauthn"), {"credential": credential}).url == SIGN_IN
    assert portal.get(DASHBOARD).status_code == 302


@pytest.mark.parametrize("credential", ODD)
def test_what_is_no_passkey_is_refused_before_and_after_signing_in(
    sure: PortalClient, verified: Resident, credential: str
) -> None:
    page = sure.post(reverse("mfa_add_webauthn"), {"credential": credential, "name": "x"}).page
    assert "The passkey was not made. Try again" in page.text("main")
    make_passkey(verified)
    again = sure.post(reverse("mfa_reauthenticate_webauthn"), {"credential": credential})
    assert again.url == SIGN_IN
    other = PortalClient()
    other.post(SIGN_IN, {"login": verified.email, "password": PASSWORD})
    other.post(reverse("mfa_authenticate"), {"credential": credential})
    assert other.get(DASHBOARD).status_code == 302
