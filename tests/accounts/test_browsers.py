"""An e-mail about a sign-in with a browser that was not used before."""

import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Resident
from tests.accounts.mail import code_sent_to, mails_to
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, ResidentFactory

SIGN_IN, COOKIE = reverse("account_login"), settings.KNOWN_BROWSER_COOKIE_NAME
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
SUBJECT = "Somebody signed in to your account with a new browser"


def sign_in(portal: PortalClient, resident: Resident) -> None:
    portal.cookies.pop("sessionid", None)
    answer = portal.post(SIGN_IN, {"login": resident.email, "password": PASSWORD})
    assert answer.status_code == 302


def told(resident: Resident) -> list[dict[str, str]]:
    return [mail for mail in mails_to(resident.email) if mail["subject"] == SUBJECT]


def confirmed(resident: Resident) -> Resident:
    resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    return resident


def test_resident_is_told_when_with_what_and_what_to_do(verified: Resident) -> None:
    with time_machine.travel("2026-11-28T09:05:00Z"):
        sign_in(PortalClient(headers={"user-agent": AGENT}), verified)
    [mail] = told(verified)
    assert "28 November 2026" in mail["body"] and "9:05am" in mail["body"]
    assert "Firefox on Windows" in mail["body"]
    assert settings.SITE_URL + reverse("account_change_password") in mail["body"]
    assert settings.SITE_URL + reverse("accounts:devices") in mail["body"]
    assert "£" not in mail["body"]


def test_second_sign_in_with_the_same_browser_is_no_news(
    portal: PortalClient, verified: Resident
) -> None:
    for _ in range(2):
        sign_in(portal, verified)
    assert len(told(verified)) == 1
    sign_in(PortalClient(), verified)
    assert len(told(verified)) == 2


def test_wrong_password_is_no_sign_in(portal: PortalClient, verified: Resident) -> None:
    portal.post(SIGN_IN, {"login": verified.email, "password": "wrong horse battery"})
    assert told(verified) == [] and COOKIE not in portal.cookies


def test_household_shares_a_browser(portal: PortalClient, verified: Resident) -> None:
    other = confirmed(ResidentFactory.create())
    for resident in (verified, other, verified, other):
        sign_in(portal, resident)
    assert len(told(verified)) == len(told(other)) == 1


def test_browser_that_very_many_use_stays_small(portal: PortalClient, verified: Resident) -> None:
    everybody = [confirmed(ResidentFactory.create()) for _ in range(10)]
    for resident in (verified, *everybody, verified):
        sign_in(portal, resident)
    assert len(told(verified)) == 2
    assert len(portal.cookies[COOKIE].value) < 500


def test_new_resident_is_not_told_of_their_own_browser(portal: PortalClient) -> None:
    email = "new@example.org"
    portal.post(reverse("account_signup"), {"email": email, "password1": PASSWORD})
    code = {"code": code_sent_to(email)}
    portal.post(reverse("account_email_verification_sent"), code)
    resident = Resident.objects.get(email=email)
    assert told(resident) == []
    sign_in(portal, resident)
    assert told(resident) == []


def test_cookie_that_somebody_made_up_is_believed_by_nobody(
    portal: PortalClient, verified: Resident
) -> None:
    sign_in(portal, verified)
    mark = portal.cookies[COOKIE].value.partition(":")[0]
    assert str(verified.public_id) not in mark and verified.email not in mark
    stranger = PortalClient()
    stranger.cookies[COOKIE] = f"{mark}:{timezone.now():%s}:forged"
    sign_in(stranger, verified)
    assert len(told(verified)) == 2


def test_cookie_is_for_the_portal_alone(portal: PortalClient, verified: Resident) -> None:
    sign_in(portal, verified)
    cookie = portal.cookies[COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert len(cookie.value.partition(":")[0]) == 32
