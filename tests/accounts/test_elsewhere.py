"""Signing in with a provider of OpenID Connect, and all that such a provider may get wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import jwt
import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings as ours
from django.db import connection, transaction
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from pytest_django import Settings

from accounts import elsewhere, privacy
from accounts.models import Resident
from tests.accounts.mail import mails_to
from tests.accounts.provider import CLIENT, KEY, SECRET, Provider, serving, signed
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, ResidentFactory
from tests.factories.passkeys import make_passkey
from tests.waiting import eventually, somebody_waits_for_a_lock

pytestmark = pytest.mark.urls("tests.accounts.elsewhere_urls")
SIGN_IN, ACCOUNT = reverse("account_login"), reverse("accounts:index")
BEGIN, BACK = "/account/sign-in/elsewhere/", "/account/sign-in/back/here/"
SET, AGAIN, LOOKED = map(reverse, ("account_set_password", "accounts:again", "accounts:looked"))
DISCONNECT = f"{ACCOUNT}elsewhere/"
NAME = ours.OIDC_NAME
ONE_EACH = "accounts_one_account_elsewhere"


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
    page = sure.get(ACCOUNT).page
    assert f"You can now sign in with {NAME} too." in page.html
    assert f"Connect {NAME}" not in page.html
    assert f"was connected to {NAME}" in sure.get(LOOKED).page.text("main")
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


def test_two_tabs_that_connect_two_accounts_connect_the_first(
    sure: PortalClient, provider: Provider, verified: Resident
) -> None:
    first, second = [begin(sure, provider, "?process=connect") for _ in range(2)]
    sure.get(BACK, first)
    provider.claims |= {"sub": "urn:fdc:5678", "email": "other@example.org"}
    assert sure.get(BACK, second).url == ACCOUNT
    assert f"{NAME} is connected already." in sure.get(ACCOUNT).page.text("main")
    assert SocialAccount.objects.get().uid == "urn:fdc:1234"


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "guard off"])
@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_come_back_at_once_connect_one(
    guarded: bool, sure: PortalClient, provider: Provider, verified: Resident
) -> None:
    """The account of one tab is not there while the other looks, and is there once it connects."""
    asked = begin(sure, provider, "?process=connect")
    with index(ONE_EACH, kept=guarded), ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            SocialAccount.objects.create(user=verified, provider="here", uid="urn:fdc:5678")
            answer = pool.submit(closing, partial(sure.get, BACK, asked))
            eventually(lambda: answer.done() or somebody_waits_for_a_lock())
        assert answer.result().url == ACCOUNT
        assert SocialAccount.objects.count() == (1 if guarded else 2)
        said = sure.get(ACCOUNT).page.text("main")
        assert (f"{NAME} is connected already." in said) is guarded


@contextmanager
def index(name: str, *, kept: bool) -> Iterator[None]:
    """Inside, the index is left out where it is not kept."""
    if kept:
        yield
        return
    [definition] = rows("SELECT pg_get_indexdef(%s::regclass)", name)
    rows(f"DROP INDEX {name}")
    try:
        yield
    finally:
        SocialAccount.objects.all().delete()
        rows(definition)


def rows(statement: str, *values: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [value for (value,) in cursor.fetchall()] if cursor.description else []


def closing(task: Callable[[], Any]) -> Any:
    """What it gives, from a connection of its own."""
    try:
        return task()
    finally:
        connection.close()


@pytest.mark.parametrize(
    "token",
    [
        {"aud": "somebody-else"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"exp": None},
        {"nonce": "of-another-browser"},
        {"nonce": None},
        {"sub": "urn:fdc:5678"},
    ],
    ids=str,
)
def test_token_for_another_or_by_another_or_too_old_lets_nobody_in(
    db: None, portal: PortalClient, provider: Provider, token: dict[str, Any]
) -> None:
    provider.token = token
    assert f"We could not sign you in with {NAME}." in told(portal, arrive(portal, provider))
    assert not Resident.objects.exists()


ANOTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
BADLY: dict[str, Callable[[dict[str, Any]], str]] = {
    "by another key": lambda claims: signed(claims, ANOTHER),
    "by nobody": lambda claims: signed(claims, "", "none"),
    "with the public key as a password": lambda claims: signed(claims, PUBLIC, "HS256"),
    "by a key that is not published": lambda claims: signed(claims, ANOTHER, kid="2"),
    "without saying by which key": lambda claims: jwt.encode(claims, KEY, "RS256"),
    "then changed": lambda claims: signed(claims)[:-8] + "AAAAAAAA",
    "no token at all": lambda claims: "",
    "no token but words": lambda claims: "nonsense",
}


@pytest.mark.parametrize("how", BADLY)
def test_token_that_the_provider_did_not_sign_lets_nobody_in(
    db: None, portal: PortalClient, provider: Provider, how: str
) -> None:
    provider.sign = BADLY[how]
    assert f"We could not sign you in with {NAME}." in told(portal, arrive(portal, provider))
    assert not Resident.objects.exists()


def test_address_of_another_provider_is_no_page(portal: PortalClient, provider: Provider) -> None:
    assert portal.get("/account/sign-in/back/nowhere/").status_code == 404


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


CALLED = ("/.well-known/openid-configuration", "/token", "/jwks", "/userinfo")


@pytest.mark.parametrize("path", CALLED)
@pytest.mark.parametrize("fault", ["padded", "moved"])
def test_answer_that_is_huge_or_elsewhere_lets_nobody_in(
    db: None, portal: PortalClient, provider: Provider, path: str, fault: str
) -> None:
    """A megabyte of spaces after what would be right; or a redirect, which is not followed."""
    coming = begin(portal, provider)
    setattr(provider, fault, path)
    words = told(portal, portal.get(BACK, coming))
    assert f"We could not sign you in with {NAME}." in words
    assert path in provider.asked and f"/elsewhere{path}" not in provider.asked
    assert not Resident.objects.exists()


def test_link_does_not_begin_it(portal: PortalClient, provider: Provider) -> None:
    assert portal.get(BEGIN).url == SIGN_IN
    assert provider.asked == []


@pytest.fixture
def only_there(db: None, portal: PortalClient, provider: Provider) -> Resident:
    """Somebody who has just signed up with the provider, and has no password here."""
    arrive(portal, provider)
    return Resident.objects.get(email="ada@example.org")


def in_six_minutes() -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(minutes=6))


def test_who_has_no_password_is_told_so_and_sets_one(
    only_there: Resident, portal: PortalClient
) -> None:
    text = portal.get(ACCOUNT).page.text("main")
    assert "Not set" in text and "Set, and never shown" not in text
    assert portal.get(reverse("account_change_password")).url == SET
    short = portal.post(SET, {"password1": "short"}).page
    assert "12 characters" in short.text("main")
    assert portal.post(SET, {"password1": PASSWORD}).url == ACCOUNT
    text = portal.get(ACCOUNT).page.text("main")
    assert "Your password has been set." in text and "Set, and never shown" in text
    assert mails_to(only_there.email)[-1]["subject"] == "Your account has a password now"
    assert "A password was set for your account." in portal.get(LOOKED).page.text("main")
    again = PortalClient()
    signed_in = again.post(SIGN_IN, {"login": only_there.email, "password": PASSWORD})
    assert signed_in.url == reverse("home:dashboard")


@pytest.mark.parametrize(
    "name", ["account_set_password", "disconnect", "account_email", "mfa_add_webauthn"]
)
def test_who_has_no_password_signs_in_there_again_before_what_is_important(
    only_there: Resident, portal: PortalClient, provider: Provider, name: str
) -> None:
    url = f"{ACCOUNT}elsewhere/" if name == "disconnect" else reverse(name)
    assert portal.get(url).status_code == 200
    with in_six_minutes():
        asked = portal.get(url)
        assert asked.url.startswith(AGAIN)
        page = portal.get(asked.url).page
        assert page.h1 == "Sign in again"
        assert page.select(f'input[name=next][value="{url}"]')
        to = parse_qs(urlsplit(portal.post(BEGIN, {"next": url}).url).query)
        assert (to["prompt"], to["max_age"]) == (["login"], ["0"])
        back = portal.get(BACK, {"code": provider.code_for(to), "state": to["state"][0]})
        assert back.url == url
        assert portal.get(url).status_code == 200


@pytest.mark.parametrize("minutes", [0, 6])
def test_who_signs_in_there_connects_no_other_account_there(
    only_there: Resident, portal: PortalClient, provider: Provider, minutes: int
) -> None:
    """Whoever finds the page open would come back with an account of their own."""
    provider.claims |= {"sub": "urn:fdc:5678", "email": "other@example.org"}
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        for data in ({}, {"process": "connect", "next": "https://evil.example/"}):
            assert portal.post(f"{BEGIN}?process=connect", data).url == ACCOUNT
        assert portal.post(BEGIN, {"process": "connect"}).url == ACCOUNT
        text = portal.get(ACCOUNT).page.text("main")
    assert f"{NAME} is connected already. Disconnect it before" in text
    assert SocialAccount.objects.get().uid == "urn:fdc:1234"


def test_who_has_no_password_signs_in_again_before_connecting(
    only_there: Resident, portal: PortalClient, provider: Provider
) -> None:
    """As who signs in by codes from e-mails, since the council has taken another provider."""
    SocialAccount.objects.all().delete()
    coming, to_again = begin(portal, provider, "?process=connect"), f"{AGAIN}?next={ACCOUNT}"
    with in_six_minutes():
        for answer in (portal.post(f"{BEGIN}?process=connect"), portal.get(BACK, coming)):
            assert unquote(answer.url) == to_again
        assert not SocialAccount.objects.exists()
    coming = begin(portal, provider, "?process=connect")
    assert portal.get(BACK, coming).url == ACCOUNT
    assert SocialAccount.objects.get().user == only_there


@pytest.mark.parametrize("auth_time", [None, 0, "now", -60], ids=str)
def test_who_did_not_sign_in_there_again_is_not_believed(
    only_there: Resident, portal: PortalClient, provider: Provider, auth_time: Any
) -> None:
    """A provider that ignores what it was asked says when somebody signed in, or nothing."""
    with in_six_minutes():
        to = parse_qs(urlsplit(portal.post(BEGIN, {"next": SET}).url).query)
        said = int(time.time()) + auth_time if auth_time == -60 else auth_time
        provider.token = {"auth_time": said}
        back = portal.get(BACK, {"code": provider.code_for(to), "state": to["state"][0]})
        assert back.url == SIGN_IN
        assert portal.get(SET).url.startswith(AGAIN)


def test_provider_that_is_the_only_way_in_stays(only_there: Resident, portal: PortalClient) -> None:
    for answer in (portal.get(DISCONNECT), portal.post(DISCONNECT)):
        text = answer.page.text("main")
        assert "You cannot disconnect it yet. You have no other way to sign in." in text
    assert SocialAccount.objects.filter(user=only_there).exists()


@pytest.mark.parametrize("way", ["password", "passkey"])
def test_resident_with_another_way_in_disconnects_it(
    only_there: Resident, portal: PortalClient, provider: Provider, way: str
) -> None:
    if way == "passkey":
        make_passkey(only_there)
        record = {"method": "mfa", "at": time.time(), "reauthenticated": True}
        session = portal.session
        session["account_authentication_methods"] = [record]
        session.save()
    else:
        portal.post(SET, {"password1": PASSWORD})
        portal.give_password()
    assert DISCONNECT in portal.get(ACCOUNT).page.html
    assert portal.get(DISCONNECT).status_code == 200
    assert SocialAccount.objects.exists()
    assert portal.post(DISCONNECT).url == ACCOUNT
    assert not SocialAccount.objects.exists()
    page = portal.get(ACCOUNT).page
    assert f"You can no longer sign in with {NAME}." in page.text("main")
    assert f"Connect {NAME}" in page.html
    assert f"was disconnected from {NAME}." in portal.get(LOOKED).page.text("main")
    subject = f"You can no longer sign in with {NAME}"
    assert mails_to(only_there.email)[-1]["subject"] == subject
    other = PortalClient()
    assert arrive(other, provider).url == SIGN_IN
    assert other.get(ACCOUNT).status_code == 302
    assert portal.get(DISCONNECT).url == ACCOUNT


def test_resident_with_a_password_gives_it_before_disconnecting(
    portal: PortalClient, provider: Provider, verified: Resident
) -> None:
    SocialAccount.objects.create(user=verified, provider="here", uid="urn:fdc:1234")
    portal.sign_in(verified)
    for answer in (portal.get(DISCONNECT), portal.post(DISCONNECT)):
        assert answer.url.startswith(reverse("account_reauthenticate"))
    assert SocialAccount.objects.exists()


def test_connection_of_another_resident_is_not_touched(
    sure: PortalClient, provider: Provider, verified: Resident
) -> None:
    SocialAccount.objects.create(user=ResidentFactory(), provider="here", uid="urn:fdc:1234")
    assert sure.post(DISCONNECT).url == ACCOUNT
    assert SocialAccount.objects.exists()


@pytest.mark.urls("stockport.urls")
def test_without_a_provider_there_is_neither_button_nor_address(portal: PortalClient) -> None:
    assert NAME not in portal.get(SIGN_IN).page.html
    assert elsewhere.routes() == []
    with pytest.raises(NoReverseMatch):
        reverse("sign_in_elsewhere")
