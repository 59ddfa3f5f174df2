"""Signing in with a provider of OpenID Connect, and all that such a provider may get wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.conf import settings as ours
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from accounts import elsewhere, privacy
from accounts.models import Resident
from tests.accounts.mail import mails_to
from tests.accounts.provider import CLIENT, SECRET, Provider, serving
from tests.client import PortalClient

pytestmark = pytest.mark.urls("tests.accounts.elsewhere_urls")
SIGN_IN, ACCOUNT = reverse("account_login"), reverse("accounts:index")
BEGIN, BACK = "/account/sign-in/elsewhere/", "/account/sign-in/back/here/"
NAME = ours.OIDC_NAME


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    """One that the portal is set up to believe."""
    provider = Provider()
    with serving(provider):
        app = {"provider_id": "here", "name": NAME, "client_id": CLIENT, "secret": SECRET}
        app["settings"] = {"server_url": provider.issuer, "token_auth_method": "client_secret_post"}
        one = {**ours.SOCIALACCOUNT_PROVIDERS["openid_connect"], "APPS": [app]}
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": one}
        settings.OIDC_ISSUER, settings.OIDC_PROVIDER_ID = provider.issuer, "here"
        yield provider


def begin(portal: PortalClient, provider: Provider, process: str = "") -> dict[str, str]:
    """Press the button, and sign in there: what the browser brings back."""
    to = urlsplit(portal.post(BEGIN + process).url)
    query = parse_qs(to.query)
    assert f"{to.scheme}://{to.netloc}{to.path}" == f"{provider.issuer}/authorize"
    assert sorted(query["scope"][0].split()) == ["email", "openid"]
    assert query["redirect_uri"] == [f"http://testserver{BACK}"]
    return {"code": provider.code_for(query), "state": query["state"][0]}


def arrive(portal: PortalClient, provider: Provider) -> Any:
    return portal.get(BACK, begin(portal, provider))


def told(portal: PortalClient, answer: Any) -> str:
    """What the page to sign in says after it went wrong."""
    assert answer.url == SIGN_IN
    assert not Resident.objects.filter(email="ada@example.org", last_login__isnull=False).exists()
    return str(portal.get(SIGN_IN).page.text("main"))


def test_somebody_new_gets_an_account_and_gets_in_again(
    db: None, portal: PortalClient, provider: Provider
) -> None:
    assert f"Sign in with {NAME}" in portal.get(SIGN_IN).page.html
    assert arrive(portal, provider).url == reverse("home:dashboard")
    resident = Resident.objects.get(email="ada@example.org")
    assert not resident.has_usable_password() and not resident.is_staff
    assert portal.get(ACCOUNT).status_code == 200
    provider.claims["email"] = "other@example.org"
    again = PortalClient()
    assert arrive(again, provider).url == reverse("home:dashboard")
    assert Resident.objects.get() == resident
    assert not SocialToken.objects.exists()
    assert "/token" in provider.asked


def test_address_of_an_account_does_not_open_it(
    portal: PortalClient, provider: Provider, verified: Resident
) -> None:
    provider.claims["email"] = verified.email.upper()
    words = told(portal, arrive(portal, provider))
    assert "You have an account here with this e-mail address." in words
    assert portal.get(ACCOUNT).status_code == 302
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email": ""}])
def test_address_that_the_provider_has_not_checked_makes_no_account(
    db: None, portal: PortalClient, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims |= claims
    assert "an e-mail address that it has checked" in told(portal, arrive(portal, provider))
    assert not Resident.objects.exists()


def test_resident_connects_it_after_their_password_and_signs_in_with_it(
    portal: PortalClient, sure: PortalClient, provider: Provider, verified: Resident
) -> None:
    assert f"Connect {NAME}" in sure.get(ACCOUNT).page.html
    answer = sure.get(BACK, begin(sure, provider, "?process=connect"))
    assert answer.url == ACCOUNT
    assert f"You can now sign in with {NAME} too." in sure.get(ACCOUNT).page.html
    assert [mail["subject"] for mail in mails_to(verified.email)] == [
        f"You can now sign in with {NAME}"
    ]
    other = PortalClient()
    arrive(other, provider)
    assert verified.email in other.get(ACCOUNT).page.html
    [row] = dict(privacy.own_data(verified))["accounts_elsewhere"]
    assert (row["provider"], row["uid"]) == ("here", "urn:fdc:1234")
    privacy.close_account(resident=verified)
    assert not SocialAccount.objects.exists()


def test_connecting_asks_for_the_password(
    portal: PortalClient, provider: Provider, verified: Resident
) -> None:
    portal.sign_in(verified)
    answer = portal.get(BACK, begin(portal, provider, "?process=connect"))
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "token", [{"aud": "somebody-else"}, {"iss": "https://evil.example"}, {"exp": 1}]
)
def test_token_for_another_or_by_another_or_too_old_lets_nobody_in(
    db: None, portal: PortalClient, provider: Provider, token: dict[str, Any]
) -> None:
    provider.token = token
    assert f"We could not sign you in with {NAME}." in told(portal, arrive(portal, provider))


def test_answer_that_this_browser_did_not_ask_for_lets_nobody_in(
    db: None, portal: PortalClient, provider: Provider
) -> None:
    theirs = begin(PortalClient(), provider)
    told(portal, portal.get(BACK, theirs))
    mine = begin(portal, provider)
    told(portal, portal.get(BACK, mine | {"code": "guessed"}))
    told(portal, portal.get(BACK, {"error": "access_denied", "state": mine["state"]}))
    assert not Resident.objects.exists()


def test_provider_that_is_down_is_no_fault_of_the_page(
    db: None, portal: PortalClient, provider: Provider
) -> None:
    coming = begin(portal, provider)
    provider.is_down = True
    words = told(portal, portal.get(BACK, coming))
    assert f"We could not sign you in with {NAME}." in words
    assert f"We could not sign you in with {NAME}." in told(portal, portal.post(BEGIN))


def test_link_does_not_begin_it(portal: PortalClient, provider: Provider) -> None:
    assert portal.get(BEGIN).url == SIGN_IN
    assert provider.asked == []


@pytest.mark.urls("stockport.urls")
def test_without_a_provider_there_is_neither_button_nor_address(portal: PortalClient) -> None:
    assert NAME not in portal.get(SIGN_IN).page.html
    assert elsewhere.routes() == []
    with pytest.raises(NoReverseMatch):
        reverse("sign_in_elsewhere")
