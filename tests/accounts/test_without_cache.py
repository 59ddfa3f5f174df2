"""The cache is away: nobody signs in without a limit, and what needs no limit works on."""

from pathlib import Path

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import Resident
from stockport.settings import backends
from tests.accounts.hashing import CountingHasher
from tests.client import PortalClient
from tests.estate import Estate
from tests.factories.accounts import PASSWORD

SIGN_IN, DASHBOARD = reverse("account_login"), reverse("home:dashboard")
FAULT = "There is a problem with this service"
# Calendar programs are counted as they read; what they were given before stays.
COUNTED = {"home:feed", "appointments:desk"}
LIMITED = {
    "account_login": {"login": "ada@example.org", "password": PASSWORD},
    "account_reset_password": {"email": "ada@example.org"},
    "account_request_login_code": {"email": "ada@example.org"},
    "account_signup": {"email": "new@example.org", "password1": "purple otter teapot"},
    "account_signup_by_passkey": {"email": "new@example.org"},
}


@pytest.fixture
def without_cache(settings: Settings) -> None:
    """Nobody answers where the cache should be."""
    away = backends.cache("redis://127.0.0.1:1/0")
    settings.CACHES = {**settings.CACHES, "default": away}


@pytest.fixture
def portal(db: None) -> PortalClient:
    return PortalClient(raise_request_exception=False)


@pytest.mark.usefixtures("without_cache")
@pytest.mark.parametrize("name", LIMITED)
def test_what_is_limited_is_refused_before_a_password_is_looked_at(
    portal: PortalClient, verified: Resident, settings: Settings, name: str
) -> None:
    settings.PASSWORD_HASHERS = ["tests.accounts.hashing.CountingHasher"]
    before = CountingHasher.hashes
    answer = portal.post(reverse(name), LIMITED[name] | {"login": verified.email})
    assert (answer.status_code, answer.page.h1) == (500, FAULT)
    assert "redis" not in answer.page.html.lower()
    assert CountingHasher.hashes == before
    assert portal.get(DASHBOARD).url.startswith(SIGN_IN)


def test_negative_control_with_the_cache_the_same_password_signs_in(
    portal: PortalClient, verified: Resident
) -> None:
    typed = {"login": verified.email, "password": PASSWORD}
    assert portal.post(SIGN_IN, typed).url == DASHBOARD


def faults(portal: PortalClient, estate: Estate) -> set[str]:
    """Which pages answer that something failed; each is read to its end."""
    found = set()
    for page in estate.pages:
        answer = portal.get(str(page))
        b"".join(answer)
        found |= {page.name} if answer.status_code >= 500 else set()
    return found


def test_who_is_signed_in_reads_every_page_but_those_that_are_counted(
    portal: PortalClient,
    resident: Resident,
    settings: Settings,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    """Also those that say whether the council's system of figures is away; and reports a fault."""
    settings.CIVICA_URL, settings.MEDIA_ROOT = "http://127.0.0.1:1/", tmp_path
    estate = Estate(resident)
    estate.visit(portal)
    estate.sign_in(portal)
    request.getfixturevalue("without_cache")
    assert faults(portal, estate) == COUNTED
    assert portal.post(str(estate.in_session[0])).url.endswith("/received/")
