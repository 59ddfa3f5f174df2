"""Changing the e-mail address: the new one counts once it is confirmed, the old one is told."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Resident
from tests.accounts.mail import code_sent_to, last_mail_to, mails_to
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, ResidentFactory

CHANGE, CODE = reverse("account_email"), reverse("account_email_verification_sent")
NEW = "new@example.org"


def ask_for(client: PortalClient, email: str) -> None:
    assert client.post(CHANGE, {"email": email, "action_add": "yes"})["Location"] == CODE


def test_password_is_asked_for_first(portal: PortalClient, verified: Resident) -> None:
    portal.sign_in(verified)
    asked = portal.get(CHANGE)["Location"]
    assert asked == f"{reverse('account_reauthenticate')}?next=%2Faccount%2Femail%2F"
    assert portal.get(asked).page.h1 == "Enter your password again"
    assert portal.post(asked, {"password": PASSWORD})["Location"] == CHANGE
    assert portal.get(CHANGE).page.h1 == "Change your e-mail address"


def test_password_is_asked_for_again_after_five_minutes(sure: PortalClient) -> None:
    assert sure.get(CHANGE).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        assert sure.get(CHANGE)["Location"].startswith(reverse("account_reauthenticate"))


def test_address_typed_before_the_password_was_asked_again_is_not_lost(
    sure: PortalClient,
) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        asked = sure.post(CHANGE, {"email": NEW, "action_add": "yes"})["Location"]
        assert sure.post(asked, {"password": PASSWORD})["Location"] == CODE
        assert sure.get(CODE).page.text("main strong") == NEW


def test_wrong_password_leads_nowhere(portal: PortalClient, verified: Resident) -> None:
    portal.sign_in(verified)
    asked = portal.get(CHANGE)["Location"]
    page = portal.post(asked, {"password": "wrong horse battery"}).page
    assert page.errors == ["Your password is not right. Enter it again"]
    assert portal.get(CHANGE).status_code == 302


def test_old_address_counts_until_the_new_one_is_confirmed(
    sure: PortalClient, verified: Resident
) -> None:
    ask_for(sure, NEW)
    verified.refresh_from_db()
    assert verified.email != NEW
    assert sure.get(CODE).page.text("main strong") == NEW


def test_confirmed_address_replaces_the_old_one(sure: PortalClient, verified: Resident) -> None:
    old = verified.email
    ask_for(sure, NEW)
    answer = sure.post(CODE, {"action": "verify", "code": code_sent_to(NEW)})
    assert answer["Location"] == reverse("accounts:index")
    verified.refresh_from_db()
    assert verified.email == NEW
    assert [a.email for a in verified.emailaddress_set.all()] == [NEW]
    mail = last_mail_to(old)
    assert mail["subject"] == "Your e-mail address has been changed"
    assert NEW in mail["body"]


def test_account_page_says_that_the_address_is_confirmed(sure: PortalClient) -> None:
    ask_for(sure, NEW)
    page = sure.post(CODE, {"action": "verify", "code": code_sent_to(NEW)}, follow=True).page
    assert "Your e-mail address has been confirmed." in page.html
    assert NEW in page.text(".govuk-summary-list__row:first-child dd.govuk-summary-list__value")


def test_address_of_somebody_else_cannot_be_taken(sure: PortalClient, verified: Resident) -> None:
    other = ResidentFactory()
    other.emailaddress_set.create(email=other.email, verified=True, primary=True)
    ask_for(sure, other.email)
    page = sure.post(CODE, {"action": "verify", "code": code_sent_to(other.email)}).page
    assert page.errors == ["You cannot use this e-mail address. Enter a different one"]
    verified.refresh_from_db()
    assert verified.email != other.email


def test_own_address_is_refused(sure: PortalClient, verified: Resident) -> None:
    page = sure.post(CHANGE, {"email": verified.email.upper(), "action_add": "yes"}).page
    assert page.errors == ["You already use this e-mail address. Enter a different one"]


@pytest.mark.parametrize("action", ["action_remove", "action_primary", "action_send"])
def test_nobody_removes_the_only_address(
    sure: PortalClient, verified: Resident, action: str
) -> None:
    sure.post(CHANGE, {"email": verified.email, action: "yes"})
    address = verified.emailaddress_set.get()
    assert (address.verified, address.primary) == (True, True)


@pytest.mark.parametrize("action", ["action_remove", "action_primary", "action_send"])
def test_nobody_touches_the_address_of_somebody_else(sure: PortalClient, action: str) -> None:
    other = ResidentFactory()
    other.emailaddress_set.create(email=other.email, verified=False, primary=False)
    sure.post(CHANGE, {"email": other.email, action: "yes"})
    assert other.emailaddress_set.filter(verified=False, primary=False).count() == 1
    assert mails_to(other.email) == []
