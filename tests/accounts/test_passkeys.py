"""Signing in with a passkey, which a device in memory holds.

In a real browser: tests/journeys/test_passkeys.py.
"""

import json

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Resident
from tests.accounts.mail import code_sent_to
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD
from tests.factories.passkeys import Device, make_passkey

SIGN_IN, BY_PASSKEY = reverse("account_login"), reverse("mfa_login_webauthn")
SIGN_UP, MAKE = reverse("account_signup_by_passkey"), reverse("mfa_signup_webauthn")
CODE, CODES = reverse("account_email_verification_sent"), reverse("mfa_view_recovery_codes")
DASHBOARD, ACCOUNT = reverse("home:dashboard"), reverse("accounts:index")
WANTED = reverse("benefits:index")
ADDRESS = "new@example.org"


@pytest.fixture
def device(verified: Resident) -> Device:
    """The resident's."""
    made = Device()
    make_passkey(verified, device=made)
    return made


def use(portal: PortalClient, device: Device, resident: Resident, **data: str) -> HttpResponse:
    options = portal.post(reverse("passkey_begin")).json()
    answer = json.dumps(device.use(options, resident))
    return portal.post(BY_PASSKEY, {"credential": answer, **data})


def test_passkey_signs_in(portal: PortalClient, verified: Resident, device: Device) -> None:
    assert use(portal, device, verified).url == DASHBOARD
    assert portal.get(DASHBOARD).status_code == 200


def test_passkey_of_another_device_does_not(
    portal: PortalClient, verified: Resident, device: Device
) -> None:
    assert use(portal, Device(), verified).url == SIGN_IN
    assert portal.get(DASHBOARD).status_code == 302


@pytest.mark.usefixtures("still_clock")
def test_passkey_signs_in_while_the_password_is_locked(
    portal: PortalClient, verified: Resident, device: Device
) -> None:
    """Who guesses at a password locks nobody out who has a passkey."""
    for password in (*["wrong horse battery"] * 30, PASSWORD):
        page = portal.post(SIGN_IN, {"login": verified.email, "password": password}).page
    assert "There have been too many tries" in page.text("main")
    assert use(portal, device, verified).url == DASHBOARD


def test_who_was_going_somewhere_gets_there(
    portal: PortalClient, verified: Resident, device: Device
) -> None:
    form = portal.get(f"{SIGN_IN}?next={WANTED}").page.select("form[data-begin] input[name=next]")
    assert [field.get("value") for field in form] == [WANTED]
    assert use(portal, device, verified, next=WANTED).url == WANTED


def sign_up(portal: PortalClient, query: str) -> str:
    """Where the button on the page with the recovery codes leads."""
    portal.post(f"{SIGN_UP}{query}", {"email": ADDRESS})
    portal.post(CODE, {"action": "verify", "code": code_sent_to(ADDRESS)})
    [form] = portal.get(MAKE).page.select("form[data-passkey=create]")
    credential = json.dumps(Device().make(json.loads(form.get("data-options") or "")))
    answer = portal.post(MAKE, {"credential": credential, "name": "My phone"})
    assert answer.url.startswith(CODES)
    [button] = portal.get(answer.url).page.select("main a.govuk-button")
    return button.get("href") or ""


@pytest.mark.parametrize(
    ("query", "leads_to"),
    [
        (f"?next={WANTED}", WANTED),
        ("", ACCOUNT),
        ("?next=https://elsewhere.example/", ACCOUNT),
    ],
)
def test_who_signs_up_with_a_passkey_reads_the_codes_and_goes_on(
    db: None, portal: PortalClient, query: str, leads_to: str
) -> None:
    assert sign_up(portal, query) == leads_to


def test_page_with_the_codes_leads_to_no_other_website(portal: PortalClient, db: None) -> None:
    sign_up(portal, "")
    page = portal.get(f"{CODES}?next=https://elsewhere.example/").page
    assert "elsewhere.example" not in page.html
