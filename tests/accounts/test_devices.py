"""Where somebody is signed in, and signing out everywhere else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.urls import reverse
from django.utils import timezone

from accounts.devices import device_name
from accounts.models import Resident
from accounts.tasks import clear_sessions
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, ResidentFactory

DEVICES, ACCOUNT, SIGN_IN = (
    reverse("accounts:devices"),
    reverse("accounts:index"),
    reverse("account_login"),
)
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


def signed_in(resident: Resident, agent: str) -> PortalClient:
    client = PortalClient(headers={"user-agent": agent})
    client.post(SIGN_IN, {"login": resident.email, "password": PASSWORD})
    return client


@pytest.fixture
def desk(verified: Resident) -> PortalClient:
    return signed_in(verified, WINDOWS)


@pytest.fixture
def phone(verified: Resident) -> PortalClient:
    return signed_in(verified, IPHONE)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (WINDOWS, "Firefox on Windows"),
        (IPHONE, "Mobile Safari on iOS"),
        ("", "A browser"),
        ("<script>alert(1)</script>", "A browser"),
    ],
)
def test_device_has_the_name_that_people_know(agent, name):
    assert device_name(agent) == name


def test_resident_sees_each_device_and_which_one_this_is(desk, phone):
    text = phone.get(DEVICES).page.text("main")
    assert "Firefox on Windows" in text
    assert "Mobile Safari on iOS, this one" in text


def test_nobody_sees_the_devices_of_somebody_else(desk, portal):
    portal.sign_in(ResidentFactory())
    assert "Firefox" not in portal.get(DEVICES).page.text("main")


def test_resident_signs_out_everywhere_else(desk, phone):
    page = phone.post(DEVICES, follow=True).page
    assert "You are signed out everywhere else." in page.html
    assert "Firefox" not in page.text("main")
    assert desk.get(ACCOUNT).status_code == 302
    assert phone.get(ACCOUNT).status_code == 200


def test_signing_out_elsewhere_signs_nobody_else_out(desk, portal):
    portal.sign_in(ResidentFactory())
    portal.post(DEVICES)
    assert desk.get(ACCOUNT).status_code == 200


def test_device_that_signed_out_is_shown_no_more(desk, phone):
    desk.post(reverse("account_logout"))
    assert "Firefox" not in phone.get(DEVICES).page.text("main")


def test_device_whose_session_a_new_password_ended_is_shown_no_more(desk, phone, verified):
    new = "another horse battery"
    phone.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new})
    text = phone.get(DEVICES).page.text("main")
    assert "Firefox" not in text
    assert "this one" in text


def test_what_is_known_of_sessions_goes_with_them(desk, phone):
    desk.post(reverse("account_logout"))
    clear_sessions()
    assert UserSession.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        clear_sessions()
    assert not UserSession.objects.exists()
