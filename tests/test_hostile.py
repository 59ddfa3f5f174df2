"""Addresses that nobody links to: every one gets a page of ours, and never a fault."""

from __future__ import annotations

import re
from itertools import product
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Resident
from tests.cache import forget
from tests.client import PortalClient
from tests.estate import Address, Estate
from tests.factories.accounts import PASSWORD
from tests.snapshot import nothing_changes

ODD_ARGUMENTS: dict[str, str | bytes] = {
    "nothing that exists": "5999999999",
    "negative": "-1",
    "zero": "0",
    "year 0": "0000-01-01",
    "year 9999": "9999-12-31",
    "no such day": "2026-02-30",
    "long": "9" * 400,
    "very long": "a" * 5000,
    "NUL": "\0",
    "NUL inside": "50000\x0000001",
    "emoji": "\N{PILE OF POO}",
    "digits of another script": "٢٢٢٢-٢٢-٢٢",
    "not UTF-8": b"\xff\xfe",
    "parent folder": "../",
    "parent folders": "../../../etc/passwd",
    "line break": "a\r\nSet-Cookie: a=b",
    "SQL": "' OR 1=1 --",
    "markup": "<script>alert(1)</script>",
    "template": "{{ settings.SECRET_KEY }}",
    "percent": "%s%n%2500",
    "space": " ",
}
ODD_QUERIES = {
    "zero": "page=0&from=0000-00&change=0",
    "negative": "page=-1&from=-1&change=-1",
    "words": "page=abc&from=abc&change=abc",
    "empty": "page=&from=&change=&next=&q=",
    "large": f"page={'9' * 400}&from=9999-12",
    "no such month": "page=1e9&from=2026-13",
    "other digits": "page=٢&from=٢٢٢٢-٢٢",
    "NUL": "page=%00&from=%00&change=%00&next=%00&%00=%00",
    "not UTF-8": "page=%FF&from=%FE&%FF%FE=%FF",
    "repeated": "page=1&page=2&from=a&from=b&page[]=1",
    "no names": "=&&==&",
    "long": "q=" + "a" * 20_000,
    "many": "&".join(f"a{number}=b" for number in range(900)),
}
METHODS = ("head", "options", "put", "patch", "delete", "trace")
# So many tests share the addresses of a rule: to make one of everything takes longer than to ask.
SHARES = 4
in_shares = pytest.mark.parametrize(
    "share", [slice(first, None, SHARES) for first in range(SHARES)], ids=range(SHARES)
)
NO_SUCH_YEAR = ("abc", "1999%2F00", "2026", "%00", "9" * 400)
ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example",
    "http:///evil.example",
    "/\t/evil.example",
    "https://testserver@evil.example",
    "javascript:alert(1)",
    "\0//evil.example",
)

RESET = "account_reset_password_from_key"
LINKS = {
    RESET,
    "accounts:keep_second_step",
    *(f"street_reports:{page}" for page in ("by_link", "confirm", "stop")),
}
# For a script, so no page: without a good question it says 400.
DATA = "street_reports:assets"


@pytest.fixture
def owner(estate: Estate, portal: PortalClient) -> PortalClient:
    """A resident who has one of everything, signed in."""
    estate.sign_in(portal)
    return portal


def with_argument(address: Address, value: object, instead: str | bytes) -> str:
    """The address with one of its parts replaced."""
    part = rf"(?<=[/-]){re.escape(str(value))}(?=[/-]|\.ics$)"
    changed, count = re.subn(part, quote(instead, safe=""), str(address), count=1)
    assert count == 1
    return changed


@in_shares
def test_address_that_leads_nowhere_is_not_found(
    estate: Estate, owner: PortalClient, share: slice
) -> None:
    # A link of an e-mail that does not work is a page that says what to do.
    expected = {404: ">Page not found</h1>", 200: ">This link no longer works</h1>"}
    with nothing_changes():
        for address, odd in product(estate.routes[share], ODD_ARGUMENTS.values()):
            for value in address.values.values():
                url = with_argument(address, value, odd)
                answer = owner.get(url)
                assert expected[answer.status_code] in answer.page.html, url[:200]
                assert answer.status_code == 404 or address.name in LINKS


@pytest.mark.slow
@in_shares
def test_odd_question_is_answered_with_a_page(
    estate: Estate, owner: PortalClient, share: slice
) -> None:
    with nothing_changes():
        for address, (odd, query) in product(estate.routes[share], ODD_QUERIES.items()):
            answer = owner.get(f"{address}?{query}")
            expected = (400,) if address.name == DATA else (200, 302)
            assert answer.status_code in expected, (address, odd)
            b"".join(answer)


@in_shares
def test_method_that_no_link_or_form_uses_does_nothing(
    estate: Estate, owner: PortalClient, share: slice
) -> None:
    with nothing_changes():
        for address, method in product(estate.routes[share], METHODS):
            forget()  # who asked too often
            answer = getattr(owner, method)(str(address))
            assert answer.status_code in (200, 302, 400, 404, 405), (address, method)
            b"".join(answer)


@pytest.mark.parametrize("year", NO_SUCH_YEAR)
def test_year_that_an_account_does_not_have_is_not_found(
    estate: Estate, owner: PortalClient, year: str
) -> None:
    for address in estate.owned:
        if address.name in ("council_tax:account", "council_tax:bill"):
            assert owner.get(f"{address}?year={year}").status_code == 404


def leads_elsewhere(answer: HttpResponse) -> bool:
    """Whether a browser would go to another website."""
    location = answer.headers.get("Location", "/")
    return not location.startswith("/") or location.startswith(("//", "/\\"))


@pytest.mark.parametrize("name", ["account_login", "account_signup"])
@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_signing_in_or_up_never_leads_to_another_website(
    portal: PortalClient, verified: Resident, name: str, elsewhere: str
) -> None:
    assert portal.get(f"{reverse(name)}?next={quote(elsewhere)}").status_code == 200
    data = {"login": verified.email, "email": "new@example.org"}
    data |= {"password": PASSWORD, "password1": "purple otter teapot", "next": elsewhere}
    answer = portal.post(reverse(name), data)
    assert answer.status_code == 302 and not leads_elsewhere(answer)


@pytest.mark.parametrize("name", ["account_reauthenticate", "account_logout"])
@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_pages_that_lead_on_never_lead_to_another_website(
    portal: PortalClient, verified: Resident, name: str, elsewhere: str
) -> None:
    portal.sign_in(verified)
    assert portal.get(f"{reverse(name)}?next={quote(elsewhere)}").status_code == 200
    answer = portal.post(reverse(name), {"password": PASSWORD, "next": elsewhere})
    assert answer.status_code == 302 and not leads_elsewhere(answer)
