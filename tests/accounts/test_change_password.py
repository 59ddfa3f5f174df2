"""Changing the password, which proves itself with the current one."""

from datetime import datetime, timedelta

import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.adapter import Adapter
from accounts.models import FailedSignIn, Resident
from tests.accounts.mail import last_mail_to
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD

CHANGE, ACCOUNT = reverse("account_change_password"), reverse("accounts:index")
NEW = "purple otter teapot"
WRONG = "Your current password is not right. Enter it again"
TOO_MANY = Adapter.error_messages["too_many_login_attempts"]


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
    assert page.errors == [WRONG]
    verified.refresh_from_db()
    assert verified.check_password(PASSWORD)


def test_current_password_cannot_be_guessed_here(portal: PortalClient, verified: Resident) -> None:
    portal.sign_in(verified)
    data = {"oldpassword": "wrong horse", "password1": NEW}
    answers = [portal.post(CHANGE, data).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def early_in_an_hour() -> datetime:
    """Tries are told by the hour: those of the next 54 minutes are counted in one."""
    return timezone.now().replace(minute=5, second=0)


def guess_slowly(
    portal: PortalClient, start: datetime, times: int, *, seconds: int
) -> list[list[str]]:
    """What each of so many wrong passwords is told, so slowly that no minute has too many."""
    told = []
    for number in range(times):
        with time_machine.travel(start + timedelta(seconds=seconds * number)):
            page = portal.post(CHANGE, {"oldpassword": "wrong horse", "password1": NEW}).page
        told.append(page.errors)
    return told


def test_right_password_is_refused_here_too_after_five_wrong_ones_in_five_minutes(
    portal: PortalClient, verified: Resident
) -> None:
    portal.sign_in(verified)
    start = early_in_an_hour()
    assert guess_slowly(portal, start, 5, seconds=50) == [[WRONG]] * 5
    right = {"oldpassword": PASSWORD, "password1": NEW}
    with time_machine.travel(start + timedelta(seconds=250)):
        assert portal.post(CHANGE, right).page.errors == [TOO_MANY]
        again = portal.post(reverse("account_reauthenticate"), {"password": PASSWORD}).page
        assert again.errors == [TOO_MANY]
    with time_machine.travel(start + timedelta(minutes=10)):
        assert portal.post(CHANGE, right).url == ACCOUNT
    failed = FailedSignIn.objects.get()
    assert (failed.email, failed.kind, failed.tries) == (verified.email, "sign_in_failed", 5)


def test_thirty_guesses_an_hour_are_all_that_are_looked_at(
    portal: PortalClient, verified: Resident
) -> None:
    portal.sign_in(verified)
    assert guess_slowly(portal, early_in_an_hour(), 40, seconds=75)[-1] == [TOO_MANY]
    assert FailedSignIn.objects.get().tries == 30


def test_easy_password_is_refused(portal: PortalClient, verified: Resident) -> None:
    portal.sign_in(verified)
    page = portal.post(CHANGE, {"oldpassword": PASSWORD, "password1": verified.email}).page
    assert page.errors == ["Choose a password without your e-mail address or words like “council”"]


def test_browser_is_told_which_password_is_which(portal: PortalClient, verified: Resident) -> None:
    portal.sign_in(verified)
    page = portal.get(CHANGE).page
    tokens = [field.get("autocomplete") for field in page.select('main input[type="password"]')]
    assert tokens == ["current-password", "new-password"]
