"""How long somebody stays signed in, and what ends it."""

import json
from datetime import datetime, timedelta

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Person, Resident
from accounts.tasks import clear_sessions
from stockport.sealing import unseal
from tests.accounts.linking import answer_all
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


class AsStored:
    """Django's own packing undone, and nothing more: what a backup of the database shows."""

    def loads(self, data: bytes) -> bytes:
        return data


def test_session_shows_whoever_has_the_database_nothing_of_what_was_typed(
    signed_in: PortalClient, person: Person
) -> None:
    answer_all(signed_in)
    typed = str(dict(signed_in.session))
    stored = signing.loads(
        Session.objects.get().session_data, salt=SessionStore().key_salt, serializer=AsStored
    )
    assert "7K4P2WQX" in typed and "Shaw" in typed
    assert unseal(stored.decode()) == json.dumps(dict(signed_in.session), separators=(",", ":"))


def test_key_of_sessions_is_changed_and_nobody_is_signed_out(
    signed_in: PortalClient, settings: Settings
) -> None:
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, old]
    assert signed_in.get(ACCOUNT).status_code == 200
    settings.FIELD_KEYS = [new]
    assert signed_in.get(ACCOUNT).url.startswith(SIGN_IN), "with the old key gone: sign in again"


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
