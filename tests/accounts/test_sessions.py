"""How long somebody stays signed in, and what ends it."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from accounts.models import Resident
from accounts.tasks import clear_sessions
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD

ACCOUNT, SIGN_IN = reverse("accounts:index"), reverse("account_login")


@pytest.fixture
def signed_in(portal: PortalClient, verified: Resident) -> PortalClient:
    portal.post(SIGN_IN, {"login": verified.email, "password": PASSWORD})
    return portal


def is_signed_in(client: PortalClient, at: datetime) -> bool:
    with time_machine.travel(at):
        return bool(client.get(ACCOUNT).status_code == 200)


def test_idle_resident_is_signed_out_after_half_an_hour(signed_in: PortalClient) -> None:
    assert is_signed_in(signed_in, timezone.now() + timedelta(minutes=29))
    assert not is_signed_in(signed_in, timezone.now() + timedelta(minutes=61))


def test_signed_out_resident_is_told_why(signed_in: PortalClient) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        page = signed_in.get(ACCOUNT, follow=True).page
    assert page.h1 == "Sign in"
    assert "We signed you out to keep your account safe." in page.html


def test_busy_resident_is_signed_out_after_twelve_hours(signed_in: PortalClient) -> None:
    start = timezone.now()
    for minutes in range(0, 12 * 60, 20):
        assert is_signed_in(signed_in, start + timedelta(minutes=minutes))
    assert not is_signed_in(signed_in, start + timedelta(hours=12, minutes=1))


def test_reading_pages_seldom_writes_the_session(signed_in: PortalClient) -> None:
    before = Session.objects.get().session_data
    signed_in.get(ACCOUNT)
    assert Session.objects.get().session_data == before
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        signed_in.get(ACCOUNT)
    assert Session.objects.get().session_data != before


def test_report_of_the_browser_keeps_nobody_signed_in(signed_in: PortalClient) -> None:
    start, before = timezone.now(), Session.objects.get().session_data
    with time_machine.travel(start + timedelta(minutes=20)):
        report = b'{"csp-report": {}}'
        sent = signed_in.post(
            reverse("policy_report"), report, content_type="application/csp-report"
        )
    assert sent.status_code == 204
    assert Session.objects.get().session_data == before
    assert not is_signed_in(signed_in, start + timedelta(minutes=32))


def test_session_gets_a_new_key_at_sign_in(portal: PortalClient, verified: Resident) -> None:
    session = portal.session
    session["planted"] = True
    session.save()
    portal.post(SIGN_IN, {"login": verified.email, "password": PASSWORD})
    assert portal.cookies["sessionid"].value != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_session_ends_with_the_browser(signed_in: PortalClient) -> None:
    assert signed_in.cookies["sessionid"]["max-age"] == ""


def test_stopped_resident_is_signed_out_at_once(
    signed_in: PortalClient, verified: Resident
) -> None:
    Resident.objects.filter(pk=verified.pk).update(is_active=False)
    assert not is_signed_in(signed_in, timezone.now())


def test_visitor_gets_no_session(portal: PortalClient) -> None:
    portal.get(reverse("home:start"))
    assert "sessionid" not in portal.cookies


def test_sessions_that_are_over_are_deleted(signed_in: PortalClient) -> None:
    clear_sessions()
    assert Session.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(hours=13)):
        clear_sessions()
    assert not Session.objects.exists()
