"""A change of the second step signs the resident out everywhere else, and says so."""

import json
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse
from django.utils import timezone

from accounts.models import Resident
from accounts.second_step.removing import remove_second_step
from stockport.outbox.models import Delivery
from tests.accounts.totp import code_at
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, ResidentFactory
from tests.factories.passkeys import Device, make_passkey

ACCOUNT = reverse("accounts:index")
ENDED = "You are signed out everywhere else."


def set_up_app(portal: PortalClient) -> None:
    secret = portal.get(reverse("mfa_activate_totp")).page.select(".portal-key")[0].text
    code = code_at(secret, timezone.now())
    assert portal.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302


def turn_off_app(portal: PortalClient) -> None:
    assert portal.post(reverse("mfa_deactivate_totp")).status_code == 302


def get_new_codes(portal: PortalClient) -> None:
    assert portal.post(reverse("mfa_generate_recovery_codes")).status_code == 302


def add_passkey(portal: PortalClient) -> None:
    add = reverse("mfa_add_webauthn")
    [form] = portal.get(add).page.select("form[data-passkey=create]")
    made = json.dumps(Device().make(json.loads(form.get("data-options") or "")))
    answer = portal.post(add, {"credential": made, "name": "My phone", "passwordless": "on"})
    assert answer.status_code == 302


def remove_passkey(portal: PortalClient) -> None:
    passkey = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    assert portal.post(reverse("mfa_remove_webauthn", args=[passkey.pk])).status_code == 302


def signed_in(resident: Resident) -> PortalClient:
    """Somebody's other browser, signed in by the form before there is a second step."""
    resident.emailaddress_set.get_or_create(email=resident.email, verified=True, primary=True)
    portal = PortalClient()
    portal.post(reverse("account_login"), {"login": resident.email, "password": PASSWORD})
    assert portal.get(ACCOUNT).status_code == 200
    return portal


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("before", "change"),
    [
        (None, set_up_app),
        ("app", turn_off_app),
        ("app", get_new_codes),
        (None, add_passkey),
        ("passkey", remove_passkey),
    ],
)
def test_change_ends_the_other_sessions_of_this_resident_alone(
    sure: PortalClient,
    verified: Resident,
    before: str | None,
    change: Callable[[PortalClient], None],
) -> None:
    elsewhere, other = signed_in(verified), signed_in(ResidentFactory())
    if before == "app":
        TOTP.activate(verified, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    if before == "passkey":
        make_passkey(verified)
    change(sure)
    page = sure.get(ACCOUNT).page
    assert ENDED in page.html
    assert elsewhere.get(ACCOUNT).status_code == 302
    assert other.get(ACCOUNT).status_code == 200
    mail = Delivery.objects.filter(kind="email").latest("created_at")
    assert "signed out wherever else" in mail.payload["body"]


def test_who_is_signed_in_nowhere_else_is_told_of_no_ending(
    sure: PortalClient, verified: Resident
) -> None:
    make_passkey(verified)
    remove_passkey(sure)
    assert ENDED not in sure.get(ACCOUNT).page.html


def test_renaming_a_passkey_ends_nothing(sure: PortalClient, verified: Resident) -> None:
    elsewhere, passkey = signed_in(verified), make_passkey(verified)
    sure.post(reverse("mfa_edit_webauthn", args=[passkey.pk]), {"name": "My laptop"})
    assert elsewhere.get(ACCOUNT).status_code == 200


def test_removal_by_staff_ends_every_session(verified: Resident) -> None:
    elsewhere = signed_in(verified)
    make_passkey(verified)
    assert remove_second_step(resident=verified)
    assert elsewhere.get(ACCOUNT).status_code == 302
