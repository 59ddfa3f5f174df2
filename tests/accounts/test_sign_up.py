"""Creating an account: an e-mail address, a password, and the code that proves the address."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from accounts.models import Resident
from tests.accounts.mail import code_sent_to, mails_to
from tests.client import PortalClient

NEW = {"email": "Ada@Example.org", "password1": "purple otter teapot"}
ADDRESS = "ada@example.org"
SIGN_UP = reverse("account_signup")
CODE = reverse("account_email_verification_sent")


@pytest.fixture
def waiting(portal: PortalClient) -> PortalClient:
    """Somebody who has signed up and has not entered the code yet."""
    answer = portal.post(SIGN_UP, NEW)
    assert (answer.status_code, answer["Location"]) == (302, CODE)
    return portal


def test_newcomer_signs_up_with_the_code_from_the_e_mail(waiting: PortalClient) -> None:
    answer = waiting.post(CODE, {"action": "verify", "code": code_sent_to(ADDRESS)})
    assert (answer.status_code, answer["Location"]) == (302, reverse("home:dashboard"))
    assert EmailAddress.objects.get(email=ADDRESS).verified
    assert waiting.get(reverse("accounts:index")).status_code == 200


def test_newcomer_is_not_signed_in_before_the_code(waiting: PortalClient) -> None:
    answer = waiting.get(reverse("home:dashboard"))
    assert answer["Location"].startswith(reverse("account_login"))


def test_newcomer_who_signs_in_without_the_code_is_sent_a_new_one(waiting: PortalClient) -> None:
    elsewhere = PortalClient()
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        answer = elsewhere.post(
            reverse("account_login"), {"login": ADDRESS, "password": NEW["password1"]}
        )
        assert answer["Location"] == CODE
        assert len(mails_to(ADDRESS)) == 2
        elsewhere.post(CODE, {"action": "verify", "code": code_sent_to(ADDRESS)})
        assert elsewhere.get(reverse("accounts:index")).status_code == 200


def test_code_page_says_where_the_code_went(waiting: PortalClient) -> None:
    page = waiting.get(CODE).page
    assert page.h1 == "Check your e-mail"
    assert page.text("main strong") == ADDRESS
    assert page.select("#id_code")[0].get("autocomplete") == "one-time-code"


def test_spaces_in_the_code_do_not_matter(waiting: PortalClient) -> None:
    code = code_sent_to(ADDRESS)
    answer = waiting.post(CODE, {"action": "verify", "code": f" {code[:3]} {code[3:]} "})
    assert answer.status_code == 302


def test_wrong_code_says_what_to_do(waiting: PortalClient) -> None:
    page = waiting.post(CODE, {"action": "verify", "code": "000000"}).page
    assert page.errors == ["The code is not right. Check the e-mail and enter it again"]


def test_third_wrong_code_ends_the_tries(waiting: PortalClient) -> None:
    for _ in range(3):
        answer = waiting.post(CODE, {"action": "verify", "code": "x"})
    assert answer["Location"] == reverse("account_login")
    answer = waiting.post(CODE, {"action": "verify", "code": code_sent_to(ADDRESS)})
    assert not EmailAddress.objects.get(email=ADDRESS).verified


def test_code_stops_working_after_a_quarter_of_an_hour(waiting: PortalClient) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        waiting.post(CODE, {"action": "verify", "code": code_sent_to(ADDRESS)})
    assert not EmailAddress.objects.get(email=ADDRESS).verified


def test_new_code_replaces_the_old_one(waiting: PortalClient) -> None:
    old = code_sent_to(ADDRESS)
    with time_machine.travel(timezone.now() + timedelta(seconds=11)):
        assert waiting.post(CODE, {"action": "resend"})["Location"] == CODE
        assert len(mails_to(ADDRESS)) == 2
        assert waiting.post(CODE, {"action": "verify", "code": old}).status_code == 200
        new = code_sent_to(ADDRESS)
        assert waiting.post(CODE, {"action": "verify", "code": new}).status_code == 302


def test_newcomer_can_start_again_with_another_address(waiting: PortalClient) -> None:
    answer = waiting.post(f"{reverse('account_logout')}?next={SIGN_UP}")
    assert answer["Location"] == SIGN_UP
    assert waiting.get(SIGN_UP).page.h1 == "Create an account"


def test_address_is_kept_when_the_password_is_refused(portal: PortalClient) -> None:
    page = portal.post(SIGN_UP, NEW | {"password1": "short"}).page
    assert page.errors == ["Your password must be 12 characters or more"]
    assert page.select("#id_email")[0].get("value") == NEW["email"]
    assert page.select("#id_password1")[0].get("value") is None
    assert not Resident.objects.exists()


def test_empty_form_says_what_to_enter(portal: PortalClient) -> None:
    page = portal.post(SIGN_UP, {}).page
    assert page.errors == ["Enter your e-mail address", "Enter a password"]


@pytest.mark.parametrize("email", ["ada", "ada@", "@example.org", "a" * 250 + "@example.org"])
def test_address_that_cannot_be_one_is_refused(portal: PortalClient, email: str) -> None:
    page = portal.post(SIGN_UP, NEW | {"email": email}).page
    assert page.errors == ["Enter an e-mail address like name@example.org"]


def test_fields_tell_the_browser_what_to_fill_in(portal: PortalClient) -> None:
    page = portal.get(SIGN_UP).page
    assert page.select("#id_email")[0].get("autocomplete") == "username"
    assert page.select("#id_password1")[0].get("autocomplete") == "new-password"


def test_nobody_signs_up_as_staff(portal: PortalClient) -> None:
    portal.post(SIGN_UP, NEW | {"is_staff": "on", "is_superuser": "on", "is_active": "on"})
    resident = Resident.objects.get(email=ADDRESS)
    assert not (resident.is_staff or resident.is_superuser)
