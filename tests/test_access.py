"""Nobody sees or changes what belongs to somebody else, on any page of the portal."""

from __future__ import annotations

import re
import uuid
from functools import partial

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Resident
from stockport.readonly import reading
from tests.client import PortalClient
from tests.estate import LINKING, Address, Estate, verified_sign_in
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import AppointmentFactory
from tests.factories.benefits import ClaimFactory
from tests.factories.council_tax import LiabilityFactory, PropertyFactory, household, person_of
from tests.factories.street_reports import PhotoFactory, ReportFactory
from tests.routes import PORTAL
from tests.snapshot import nothing_changes

MISSING = {
    "reference": "5999999999",
    "pk": 0,
    "default": uuid.UUID("8fa7f6ae-e5dc-4edd-a578-1498f813b40c"),
}
KEEPS_A_CHALLENGE = {"mfa_activate_totp", "mfa_add_webauthn", "mfa_reauthenticate_webauthn"}
# The token of a form, and the time that is left, differ each time.
DIFFERS = re.compile(rb'value="[A-Za-z0-9]{64}"|data-session="\d+"|data-session-clock>[^<]+')


def joint_owner() -> Resident:
    """Somebody who shares another account, and has as much as the resident has of most things."""
    resident = ResidentFactory.create()
    home = PropertyFactory.create(address_line_1="7 Mill Lane")
    shared = household(ResidentFactory.create(), property=home)
    LiabilityFactory.create(account=shared, person=person_of(resident), role="joint")
    ClaimFactory.create(person=person_of(resident), address="7 Mill Lane, Stockport")
    AppointmentFactory.create(resident=resident)
    report = ReportFactory.create(resident=resident, location="By the mill")
    PhotoFactory.create(resident=resident, report=report)
    return resident


STRANGERS = {
    "somebody with nothing": ResidentFactory.create,
    "the joint owner of another account": joint_owner,
    "staff without a role": partial(ResidentFactory.create, is_staff=True),
}


@pytest.fixture(params=STRANGERS)
def stranger(estate: Estate, request: pytest.FixtureRequest) -> PortalClient:
    """Somebody else, signed in, who has just given the password once more."""
    portal = PortalClient()
    verified_sign_in(portal, STRANGERS[request.param]())
    return portal


def missing(address: Address) -> Address:
    """The same page of something that is not there."""
    return address.about(MISSING.get(next(iter(address.values)), MISSING["default"]))


def seen(answer: HttpResponse) -> tuple[int, bytes]:
    """What somebody learns from an answer."""
    return answer.status_code, DIFFERS.sub(b"", answer.content)


def test_every_address_that_names_something_is_tried_here(estate: Estate) -> None:
    assert {address.name for address in estate.pages} == {route.name for route in PORTAL}


def test_resident_sees_all_that_is_theirs(estate: Estate, portal: PortalClient) -> None:
    verified_sign_in(portal, estate.resident)
    for address in estate.owned:
        answer = portal.get(str(address))
        assert answer.status_code == 200 and b"".join(answer), address


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_belongs_to_somebody_else_looks_as_if_it_were_not_there(
    estate: Estate, stranger: PortalClient, method: str
) -> None:
    ask = getattr(stranger, method)
    with nothing_changes():
        for address in estate.owned:
            answer = ask(str(address))
            # A page that only shows something refuses every POST, whosever it is.
            assert answer.status_code in {"get": [404], "post": [404, 405]}[method], address
            assert seen(answer) == seen(ask(str(missing(address)))), address


@pytest.mark.parametrize("method", ["get", "post"])
def test_visitor_is_sent_to_sign_in_from_what_belongs_to_somebody(
    estate: Estate, portal: PortalClient, method: str
) -> None:
    with nothing_changes():
        for address in estate.owned:
            answer = getattr(portal, method)(str(address))
            assert answer.url == f"{reverse('account_login')}?next={address}", address


def test_form_that_somebody_else_fills_in_is_an_empty_one(
    estate: Estate, portal: PortalClient, stranger: PortalClient
) -> None:
    estate.sign_in(portal)
    begin, *later = [page for page in estate.in_session if page.values.get("slug") != "kind"]
    assert portal.get(str(begin)).status_code == 200
    first = str(Address("street_reports:new_step", {**begin.values, "slug": "kind"}))
    for address in (begin, *later):
        assert stranger.get(str(address)).url.partition("?")[0] == first, address
    assert not stranger.get(first).page.select("[checked]")


def test_linking_that_somebody_else_fills_in_is_an_empty_one(
    estate: Estate, portal: PortalClient, stranger: PortalClient
) -> None:
    verified_sign_in(portal, estate.resident)
    *steps, check = estate.linking
    for address in steps:
        answer = portal.post(str(address), LINKING[str(address.values["slug"])])
        assert answer.status_code == 302, answer.page.errors
    assert portal.get(str(check)).status_code == 200
    for address in (*steps[1:], check):
        assert stranger.get(str(address)).url.partition("?")[0] == str(steps[0]), address


def test_lists_and_downloads_name_nothing_of_somebody_else(
    estate: Estate, stranger: PortalClient
) -> None:
    firsts = [next(iter(address.values.values())) for address in estate.owned]
    # A number of a few digits stands on many pages.
    secrets = {str(first) for first in firsts if not isinstance(first, int)}
    secrets |= {estate.resident.email, "1 High Street", "4 Example Street", "12, Ashfield Road"}
    for address in estate.plain:
        page = b"".join(stranger.get(str(address))).decode()
        assert not [secret for secret in secrets if secret in page], address


def test_looking_at_a_page_writes_nothing(estate: Estate, portal: PortalClient) -> None:
    estate.sign_in(portal)
    for address in estate.pages:
        # The session keeps what a new app or passkey is to be compared with.
        if address.name not in KEEPS_A_CHALLENGE:
            with reading():
                b"".join(portal.get(str(address)))


def test_visitor_who_looks_at_a_page_writes_nothing(estate: Estate, portal: PortalClient) -> None:
    for address in estate.pages:
        # The link from the e-mail puts its key into the session, and so out of the address.
        if address.name != "account_reset_password_from_key":
            with reading():
                portal.get(str(address))


def test_form_without_its_token_is_refused_on_every_page(
    estate: Estate, portal: PortalClient
) -> None:
    estate.sign_in(portal)
    portal.handler.enforce_csrf_checks = True
    with nothing_changes():
        for address in estate.pages:
            answer = portal.post(str(address))
            assert answer.status_code == 403, address
            assert answer.page.h1 == "Send the form again"


def test_form_sent_from_another_website_is_refused_on_every_page(
    estate: Estate, portal: PortalClient
) -> None:
    estate.sign_in(portal)
    portal.handler.enforce_csrf_checks = True
    portal.get(reverse("account_logout"))
    token = {"csrfmiddlewaretoken": portal.cookies["csrftoken"].value}
    there = {"origin": "https://evil.example"}
    with nothing_changes():
        for address in estate.pages:
            answer = portal.post(str(address), token, headers=there)
            assert answer.status_code == 403, address
    # The same token from our own pages is taken.
    assert portal.post(reverse("account_logout"), token).status_code == 302
