"""Every kind of answer carries the headers that protect it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.client import PortalClient
from tests.estate import Estate, verified_sign_in
from tests.factories.accounts import ResidentFactory

pytestmark = pytest.mark.urls("tests.stockport.faulty_urls")

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Other sites may show what the lists of Open311 say, and no other answer of ours.
TO_OTHER_SITES = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
KINDS = {
    "page": ("/cookies/", 200),
    "redirect": ("/dashboard/", 302),
    "not found": ("/no-such-page/", 404),
    "not readable": ("/garbled/", 400),
    "forbidden": ("/forbidden/", 403),
    "too many": ("/too-many/", 429),
    "fault of ours": ("/broken/", 500),
    "static file": ("/static/build/portal.css", 200),
    "static file that is not there": ("/static/none.css", 404),
    "admin": ("/admin/", 302),
    "answer to an app": ("/open311/v2/services.xml", 200),
    "error told to an app": ("/open311/v2/none.html", 404),
    "photo that an app asks for": (f"/open311/v2/photos/{UUID(int=7)}.jpg", 404),
}
# Their addresses are secrets, which calendar programs ask for without signing in.
FEEDS = ("home:feed", "appointments:desk")


def assert_protected(answer: Any) -> None:
    """It has every header, and a policy unless it is a static file."""
    asked, method = answer.request["PATH_INFO"], answer.request["REQUEST_METHOD"]
    for_others = asked.startswith("/open311/v2/") and method == "GET"
    expected = EVERYWHERE | (TO_OTHER_SITES if for_others else {})
    assert {name: answer.headers.get(name) for name in expected} == expected
    if asked.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
        return
    assert for_others or "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    if "sandbox" not in policy:  # a photo runs nothing that could be reported
        assert "report-uri /policy-report/" in policy and "report-to policy" in policy
    assert answer.headers["Reporting-Endpoints"] == 'policy="/policy-report/"'
    assert "unsafe" not in policy and "*" not in policy and "data:" not in policy


@pytest.fixture
def careless(db: None, settings: Settings) -> Client:
    """A client that is shown the page where a view fails, and static files as they are."""
    settings.STATIC_ROOT = settings.BASE_DIR / "static"
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("kind", KINDS)
def test_answer_to_a_visitor_is_protected(careless: Client, kind: str) -> None:
    path, status = KINDS[kind]
    answer = careless.get(path)
    b"".join(answer)
    assert answer.status_code == status
    assert_protected(answer)


def test_answer_without_a_token_is_protected(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"))
    assert answer.status_code == 403
    assert_protected(answer)


@pytest.mark.parametrize("method", ["post", "put", "options"])
def test_what_apps_send_is_answered_to_no_page_of_another_site(db: None, method: str) -> None:
    """Nor may a page ask whether it may send headers of its own: a simple GET needs no asking."""
    answer = getattr(Client(enforce_csrf_checks=True), method)("/open311/v2/requests.json")
    assert answer.status_code == (403 if method == "post" else 405)
    assert_protected(answer)


def test_answer_to_another_host_name_is_protected(db: None, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["my.stockport.gov.uk"]
    answer = Client().get("/cookies/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert b"evil.example" not in answer.content
    assert_protected(answer)


def test_every_page_of_a_resident_is_protected_and_never_stored(
    estate: Estate, portal: PortalClient
) -> None:
    """Calendar programs ask whether theirs has changed, so it may be kept, by nobody else."""
    estate.sign_in(portal)
    kept = {}
    for address in estate.pages:
        answer = portal.get(str(address))
        b"".join(answer)
        assert answer.status_code == 200 or address not in estate.owned, address
        assert_protected(answer)
        if "no-store" not in answer.headers["Cache-Control"]:
            kept[address.name] = answer.headers["Cache-Control"]
    assert kept == dict.fromkeys(FEEDS, "private, no-cache")
    assert SESSION_KEY in portal.session  # no page of the list signed the resident out


@pytest.mark.parametrize("name", FEEDS)
def test_feed_for_calendar_programs_is_read_without_signing_in(
    estate: Estate, portal: PortalClient, name: str
) -> None:
    [feed] = [address for address in estate.shared if address.name == name]
    answer = portal.get(str(feed))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert_protected(answer)


def test_page_of_the_admin_is_protected(portal: PortalClient) -> None:
    verified_sign_in(portal, ResidentFactory.create(staff=True))
    answer = portal.get("/admin/")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert_protected(answer)
