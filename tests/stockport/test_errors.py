"""Pages for what goes wrong: in the portal's own layout, in plain words, with a way to get help."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import reverse

from tests.client import PortalClient

if TYPE_CHECKING:
    from accounts.models import Resident

pytestmark = pytest.mark.urls("tests.stockport.faulty_urls")

JARGON = ("error", "400", "404", "403", "500", "server", "CSRF", "request", "invalid", "token")


@pytest.fixture
def careless(portal: PortalClient) -> PortalClient:
    """A client that is shown the page where a view fails."""
    portal.raise_request_exception = False
    return portal


@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [
        ("/garbled/", 400, "We could not read what you sent"),
        ("/no-such-page/", 404, "Page not found"),
        ("/forbidden/", 403, "You cannot see this page"),
        ("/too-many/", 429, "You have tried too many times"),
        ("/broken/", 500, "There is a problem with this service"),
        ("/without-database/", 500, "There is a problem with this service"),
    ],
)
@pytest.mark.parametrize("signed_in", [False, True])
def test_resident_reads_what_happened_and_whom_to_ask(
    careless: PortalClient,
    resident: Resident,
    address: str,
    status: int,
    heading: str,
    signed_in: bool,
) -> None:
    if signed_in:
        careless.sign_in(resident)
    response = careless.get(address)
    assert response.status_code == status
    assert response.page.h1 == heading
    assert response.page.select(f'main a[href="{settings.CONTACT_URL}"]')
    words = response.page.text("main")
    assert not [word for word in JARGON if word.lower() in words.lower()]


def test_form_without_its_token_is_asked_for_again(portal: PortalClient) -> None:
    strict = PortalClient(enforce_csrf_checks=True)
    response = strict.post(reverse("account_login"), {"login": "ada@example.org"})
    assert response.status_code == 403
    assert response.page.h1 == "Send the form again"


@pytest.mark.parametrize(
    "sent",
    [
        {"login": "a" * 3_000_000},
        {f"field{number}": "a" for number in range(1001)},
    ],
    ids=["more than the portal reads", "more fields than the portal reads"],
)
def test_form_that_is_too_large_to_read_gets_a_page(
    portal: PortalClient, sent: dict[str, str]
) -> None:
    content = urlencode(sent)
    response = portal.post(reverse("account_login"), content, "application/x-www-form-urlencoded")
    assert response.status_code == 400
    assert response.page.h1 == "We could not read what you sent"


def test_fault_is_shown_without_database_session_or_context_processors() -> None:
    """No database is allowed in this test, and every context processor fails."""
    client = PortalClient(raise_request_exception=False)
    templates = [{**settings.TEMPLATES[0], "OPTIONS": {"context_processors": ["no.such.thing"]}}]
    with override_settings(TEMPLATES=templates):
        response = client.get("/broken/")
    assert response.page.h1 == "There is a problem with this service"
    assert response.page.text(".govuk-generic-header__logo") == settings.COUNCIL_NAME
