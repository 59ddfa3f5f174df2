"""Signing in and out."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Resident
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD

SIGN_IN = reverse("account_login")
SIGN_OUT = reverse("account_logout")
MISMATCH = "Your e-mail address or password is not right. Check both"


def sign_in(portal: Client, email: str, password: str = PASSWORD, query: str = "") -> object:
    return portal.post(SIGN_IN + query, {"login": email, "password": password})


def test_resident_signs_in(portal: PortalClient, verified: Resident) -> None:
    assert sign_in(portal, verified.email)["Location"] == reverse("home:dashboard")
    assert portal.get(reverse("accounts:index")).status_code == 200


def test_case_of_the_address_does_not_matter(portal: PortalClient, verified: Resident) -> None:
    assert sign_in(portal, f" {verified.email.upper()} ").status_code == 302


@pytest.mark.parametrize("password", ["wrong horse battery", "Correct Horse Battery", PASSWORD[:8]])
def test_wrong_password_never_says_which_half_was_wrong(
    portal: PortalClient, verified: Resident, password: str
) -> None:
    page = sign_in(portal, verified.email, password).page
    assert page.errors == [MISMATCH]
    assert page.select("#id_login")[0].get("value") == verified.email
    assert page.select("#id_password")[0].get("value") is None


def test_empty_form_says_what_to_enter(portal: PortalClient) -> None:
    page = portal.post(SIGN_IN, {}).page
    assert page.errors == ["Enter your e-mail address", "Enter your password"]


def test_resident_who_may_not_sign_in_is_told_whom_to_ask(
    portal: PortalClient, verified: Resident
) -> None:
    Resident.objects.filter(pk=verified.pk).update(is_active=False)
    assert sign_in(portal, verified.email)["Location"] == reverse("account_inactive")
    assert portal.get(reverse("account_inactive")).page.h1 == "You cannot sign in"


def test_password_keeps_its_spaces_and_is_not_cut_short(portal: PortalClient) -> None:
    long = " é " + "x" * 80
    resident = Resident.objects.create_user("long@example.org", long + "1")
    resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    assert sign_in(portal, resident.email, long + "2").status_code == 200
    assert sign_in(portal, resident.email, (long + "1").strip()).status_code == 200
    assert sign_in(portal, resident.email, long + "1").status_code == 302


def test_sign_in_leads_to_the_page_that_was_asked_for(
    portal: PortalClient, verified: Resident
) -> None:
    asked = portal.get(reverse("accounts:index"))["Location"]
    assert portal.get(asked).page.select('input[name="next"]')[0].get("value") == "/account/"
    answer = portal.post(asked, {"login": verified.email, "password": PASSWORD})
    assert answer["Location"] == "/account/"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "https://evil.example/",
        "/\t/evil.example",
        "https://testserver@evil.example/",
        "javascript:alert(1)",
        "\x00//evil.example",
    ],
)
def test_sign_in_never_leads_elsewhere(
    portal: PortalClient, verified: Resident, target: str
) -> None:
    data = {"login": verified.email, "password": PASSWORD, "next": target}
    assert portal.post(SIGN_IN, data)["Location"] == reverse("home:dashboard")
    assert portal.post(SIGN_OUT, {"next": target})["Location"] == reverse("home:start")


def test_signing_out_asks_first_and_ends_the_session(
    portal: PortalClient, verified: Resident
) -> None:
    sign_in(portal, verified.email)
    cookie = portal.cookies["sessionid"].value
    assert portal.get(SIGN_OUT).page.h1 == "Sign out"
    assert portal.get(reverse("accounts:index")).status_code == 200
    assert portal.post(SIGN_OUT)["Location"] == reverse("home:start")
    portal.cookies["sessionid"] = cookie
    assert portal.get(reverse("accounts:index")).status_code == 302


def test_every_page_has_a_button_to_sign_out(portal: PortalClient, verified: Resident) -> None:
    portal.sign_in(verified)
    page = portal.get(reverse("accounts:index")).page
    assert page.text("header form button") == "Sign out"
    assert page.select("header form")[0].get("action") == SIGN_OUT


def test_sign_in_needs_a_csrf_token(verified: Resident) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict, verified.email).status_code == 403
    assert strict.post(SIGN_OUT).status_code == 403
