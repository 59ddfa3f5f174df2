"""Changing the password, which proves itself with the current one."""

from django.urls import reverse

from accounts.models import Resident
from tests.accounts.mail import last_mail_to
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD

CHANGE, ACCOUNT = reverse("account_change_password"), reverse("accounts:index")
NEW = "purple otter teapot"


def test_resident_changes_the_password(portal: PortalClient, verified: Resident) -> None:
    portal.sign_in(verified)
    answer = portal.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW}, follow=True)
    assert answer.page.h1 == "Your account"
    assert "Your password has been changed." in answer.page.html
    verified.refresh_from_db()
    assert verified.check_password(NEW)
    assert last_mail_to(verified.email)["subject"] == "Your password has been changed"


def test_other_devices_are_signed_out(portal: PortalClient, verified: Resident) -> None:
    elsewhere = PortalClient()
    elsewhere.sign_in(verified)
    portal.sign_in(verified)
    portal.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW})
    assert portal.get(ACCOUNT).status_code == 200
    assert elsewhere.get(ACCOUNT).status_code == 302


def test_current_password_must_be_right(portal: PortalClient, verified: Resident) -> None:
    portal.sign_in(verified)
    page = portal.post(CHANGE, {"oldpassword": "wrong horse", "password1": NEW}).page
    assert page.errors == ["Your current password is not right. Enter it again"]
    verified.refresh_from_db()
    assert verified.check_password(PASSWORD)


def test_current_password_cannot_be_guessed_here(portal: PortalClient, verified: Resident) -> None:
    portal.sign_in(verified)
    data = {"oldpassword": "wrong horse", "password1": NEW}
    answers = [portal.post(CHANGE, data).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_easy_password_is_refused(portal: PortalClient, verified: Resident) -> None:
    portal.sign_in(verified)
    page = portal.post(CHANGE, {"oldpassword": PASSWORD, "password1": verified.email}).page
    assert page.errors == ["Choose a password without your e-mail address or words like “council”"]


def test_browser_is_told_which_password_is_which(portal: PortalClient, verified: Resident) -> None:
    portal.sign_in(verified)
    page = portal.get(CHANGE).page
    tokens = [field.get("autocomplete") for field in page.select('main input[type="password"]')]
    assert tokens == ["current-password", "new-password"]
