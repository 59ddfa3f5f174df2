"""Guessing is slowed down: by account, and by the address that guesses."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.adapter import Adapter
from accounts.models import Resident
from tests.client import PortalClient
from tests.factories.accounts import PASSWORD, ResidentFactory

SIGN_IN = reverse("account_login")
WRONG = "wrong horse battery"
MISMATCH = "Your e-mail address or password is not right. Check both"
TOO_MANY = Adapter.error_messages["too_many_login_attempts"]


at_once = pytest.mark.usefixtures("still_clock")


def guess(email: str, password: str = WRONG, **extra: str) -> HttpResponse:
    return Client().post(SIGN_IN, {"login": email, "password": password}, **extra)


def is_refused(answer: HttpResponse) -> bool:
    """Whether the answer says that there were too many tries."""
    return TOO_MANY in answer.content.decode()


@at_once
def test_right_password_is_refused_after_five_wrong_ones(verified: Resident) -> None:
    for _ in range(5):
        guess(verified.email)
    assert is_refused(guess(verified.email, PASSWORD))


def test_lock_lasts_minutes_and_not_longer(verified: Resident) -> None:
    for _ in range(6):
        guess(verified.email)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert guess(verified.email, PASSWORD).status_code == 302


def stranger_guesses(email: str, minutes: int) -> None:
    """A wrong password a minute, from one browser; the clock stays at the last."""
    start, stranger = timezone.now(), Client()
    for minute in range(minutes):
        with time_machine.travel(start + timedelta(minutes=minute)):
            stranger.post(SIGN_IN, {"login": email, "password": WRONG})


def test_stranger_who_goes_on_guessing_locks_nobody_out_of_their_own_browser(
    portal: PortalClient, verified: Resident
) -> None:
    typed = {"login": verified.email, "password": PASSWORD}
    assert portal.post(SIGN_IN, typed).status_code == 302
    portal.cookies.pop("sessionid")
    stranger_guesses(verified.email, 40)
    with time_machine.travel(timezone.now() + timedelta(minutes=40)):
        assert is_refused(guess(verified.email, PASSWORD))
        assert portal.post(SIGN_IN, typed).status_code == 302


def test_guesses_from_a_browser_of_the_resident_s_own_are_limited_too(
    portal: PortalClient, verified: Resident
) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        portal.post(SIGN_IN, {"login": verified.email, "password": PASSWORD})
        portal.cookies.pop("sessionid")
        typed = [{"login": verified.email, "password": p} for p in [*[WRONG] * 5, PASSWORD]]
        refused = [is_refused(portal.post(SIGN_IN, each)) for each in typed]
    assert refused == [False] * 5 + [True]


@at_once
def test_browser_that_somebody_else_has_used_gives_a_stranger_no_tries_more(
    verified: Resident,
) -> None:
    own = ResidentFactory.create()
    own.emailaddress_set.create(email=own.email, verified=True, primary=True)
    stranger = Client()
    assert stranger.post(SIGN_IN, {"login": own.email, "password": PASSWORD}).status_code == 302
    stranger.cookies.pop("sessionid")
    for _ in range(5):
        stranger.post(SIGN_IN, {"login": verified.email, "password": WRONG})
    assert is_refused(guess(verified.email, PASSWORD))


@at_once
def test_lock_does_not_hold_anybody_else_up(verified: Resident) -> None:
    for _ in range(6):
        guess("other@example.org")
    assert guess(verified.email, PASSWORD).status_code == 302


@at_once
def test_one_password_tried_on_many_accounts_is_limited(db: None) -> None:
    refused = [is_refused(guess(f"resident{n}@example.org")) for n in range(21)]
    assert refused == [False] * 20 + [True]


def spray(addresses: list[str], header: str = "REMOTE_ADDR") -> list[bool]:
    """Whether each of these addresses, guessing at an account of its own, is refused."""
    guesses = [guess(f"r{n}@example.org", **{header: a}) for n, a in enumerate(addresses)]
    return [is_refused(answer) for answer in guesses]


@at_once
def test_addresses_of_one_ipv6_network_count_as_one(db: None) -> None:
    assert spray([f"2001:db8:0:1::{n:x}" for n in range(1, 22)])[-1]


@at_once
def test_addresses_of_two_networks_count_apart(db: None) -> None:
    assert not any(spray([f"2001:db8:0:{n:x}::1" for n in range(1, 22)]))


@at_once
def test_forged_forwarded_address_does_not_evade_the_limit(db: None) -> None:
    assert spray([f"203.0.113.{n}" for n in range(21)], "HTTP_X_FORWARDED_FOR")[-1]


@at_once
def test_behind_one_proxy_its_word_counts_and_no_other(db: None, settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    apart = [f"198.51.100.{n}" for n in range(21)]
    assert not any(spray(apart, "HTTP_X_FORWARDED_FOR"))
    forged = [f"198.51.100.{n}, 203.0.113.7" for n in range(21)]
    assert spray(forged, "HTTP_X_FORWARDED_FOR")[-1]


@at_once
def test_forty_residents_sign_in_from_one_place_within_a_minute(db: None) -> None:
    for _ in range(40):
        resident = ResidentFactory()
        resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
        assert guess(resident.email, PASSWORD).status_code == 302


@at_once
@pytest.mark.parametrize(
    ("name", "data", "allowed"),
    [
        ("account_signup_by_passkey", {"email": "n{}@example.org"}, 30),
        ("account_signup", {"email": "n{}@example.org", "password1": "purple otter teapot"}, 30),
        ("account_reset_password", {"email": "n{}@example.org"}, 20),
        ("account_reset_password", {"email": "one@example.org"}, 5),
    ],
)
def test_too_many_requests_get_a_page_that_says_so(
    db: None, name: str, data: dict[str, str], allowed: int
) -> None:
    for number in range(allowed):
        filled = {field: value.format(number) for field, value in data.items()}
        assert Client().post(reverse(name), filled).status_code == 302
    answer = PortalClient().post(
        reverse(name), {field: value.format("x") for field, value in data.items()}
    )
    assert answer.status_code == 429
    assert answer.page.h1 == "You have tried too many times"


def test_new_codes_for_one_address_are_limited_by_the_hour(verified: Resident) -> None:
    verified.emailaddress_set.update(verified=False)
    start = timezone.now()
    for number in range(7):
        with time_machine.travel(start + timedelta(minutes=number)):
            answer = guess(verified.email, PASSWORD)
    assert is_refused(answer)


def looked_at_once(email: str, times: int) -> int:
    """How many of so many wrong guesses, all made at the same time, had their password checked."""
    start = Barrier(times)

    def one(_: int) -> bool:
        start.wait()
        try:
            return MISMATCH in guess(email).content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return sum(pool.map(one, range(times)))


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_time_are_limited_too() -> None:
    assert 1 <= looked_at_once("ada@example.org", 12) <= 5


@pytest.mark.django_db(transaction=True)
def test_negative_control_without_limits_every_guess_is_looked_at(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    assert looked_at_once("ada@example.org", 12) == 12


@pytest.mark.django_db
def test_tries_are_remembered_however_many_have_tried() -> None:
    cache.set_many({f"somebody-{number}": number for number in range(350)})
    assert cache.get("somebody-0") == 0
