"""Being signed out after a while: announced on every page, put off, or asked for at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Resident
from tests.accounts.mail import mails_to
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, ResidentFactory

ACCOUNT, SIGN_IN = reverse("accounts:index"), reverse("account_login")
STAY, DONE = reverse("accounts:stay"), reverse("accounts:done")
MORNING = timezone.now().replace(
    year=2026, month=11, day=30, hour=9, minute=0, second=0, microsecond=0
)


@pytest.fixture
def signed_in(portal: PortalClient, verified: Resident) -> PortalClient:
    with time_machine.travel(MORNING, tick=False):
        portal.post(SIGN_IN, {"login": verified.email, "password": PASSWORD})
    return portal


def notice(portal: PortalClient, minutes: float) -> str:
    """When the page says that somebody is signed out, so many minutes after 9am."""
    with time_machine.travel(MORNING + timedelta(minutes=minutes), tick=False):
        return " ".join(each.text or "" for each in portal.get(ACCOUNT).page.select(CLOCK))


CLOCK = "p.govuk-body-s > [data-session-clock]"


def test_page_says_when_its_reader_is_signed_out(signed_in: PortalClient) -> None:
    assert notice(signed_in, 0) == "9:30am"
    # A page within a minute of another is not written down, and so does not count.
    assert notice(signed_in, 0.5) == "9:30am"
    assert notice(signed_in, 10) == "9:40am"
    with time_machine.travel(MORNING + timedelta(minutes=39, seconds=59)):
        assert signed_in.get(ACCOUNT).status_code == 200


def test_nobody_is_promised_more_than_twelve_hours(signed_in: PortalClient) -> None:
    for minutes in range(0, 700, 25):
        notice(signed_in, minutes)
    assert notice(signed_in, 700) == "9pm"


def test_staff_are_told_of_their_shorter_time(portal: PortalClient) -> None:
    with time_machine.travel(MORNING, tick=False):
        portal.sign_in(ResidentFactory.create(staff=True))
        assert f'data-session="{15 * 60}"' in portal.get(ACCOUNT).page.html
        assert 'data-session="900"' in portal.get(reverse("admin:index")).content.decode()


def test_visitor_is_told_nothing(portal: PortalClient) -> None:
    assert "data-session" not in portal.get(reverse("home:start")).page.html


def test_asking_for_more_time_gives_half_an_hour(signed_in: PortalClient) -> None:
    with time_machine.travel(MORNING + timedelta(minutes=29), tick=False):
        assert signed_in.post(STAY).json() == {"seconds": 30 * 60}
    assert notice(signed_in, 58) == "10:28am"


def test_too_late_to_ask_leads_to_sign_in(signed_in: PortalClient) -> None:
    with time_machine.travel(MORNING + timedelta(minutes=31)):
        assert signed_in.post(STAY).url.startswith(SIGN_IN)
        page = signed_in.get(ACCOUNT, follow=True).page
    assert "We signed you out to keep your account safe." in page.html


def test_who_is_done_leaves_nothing_in_the_browser(
    signed_in: PortalClient, verified: Resident
) -> None:
    key = signed_in.session.session_key
    answer = signed_in.post(DONE)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    for name in (settings.SESSION_COOKIE_NAME, settings.KNOWN_BROWSER_COOKIE_NAME, "trusted"):
        assert answer.cookies[name]["max-age"] == 0
    assert signed_in.get(answer.url).page.h1 == "You are signed out"
    signed_in.cookies[settings.SESSION_COOKIE_NAME] = key
    assert signed_in.get(ACCOUNT).url.startswith(SIGN_IN)
    signed_in.post(SIGN_IN, {"login": verified.email, "password": PASSWORD})
    assert len(mails_to(verified.email)) == 2


def test_who_reads_the_last_page_stays_signed_in(signed_in: PortalClient) -> None:
    with time_machine.travel(MORNING):
        signed_in.get(DONE)
        assert signed_in.get(ACCOUNT).status_code == 200
