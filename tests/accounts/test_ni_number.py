"""A National Insurance number proves who somebody is, and is kept and shown nowhere."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from accounts.models import Person, PersonLink
from accounts.models import Resident as ResidentModel
from accounts.privacy import export
from council_tax.models import Account
from stockport.keyed import keyed
from tests.accounts.linking import JOURNEY, make_account, make_person
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory

pytestmark = pytest.mark.django_db

TYPED = "qq 65 43 21 d"
BORN = {
    "date_of_birth-day": "17",
    "date_of_birth-month": "5",
    "date_of_birth-year": "1980",
}


@pytest.fixture
def account() -> Account:
    """The account of somebody of whom the council holds every proof."""
    return make_account(make_person(ni_number=keyed(TYPED)))


def step(portal: PortalClient, slug: str, typed: dict[str, str]) -> Any:
    return portal.post(reverse("accounts:link_step", args=[JOURNEY, slug]), typed)


def answer_all(portal: PortalClient, account: Account, **facts: str) -> Any:
    """Every page of linking by facts; gives what the last one answers."""
    name = {"forenames": "Ada", "surname": "Shaw", "postcode": "SK1 3XE"}
    step(portal, "service", {"service": "council-tax"})
    step(portal, "number", {"reference": account.reference})
    step(portal, "name", name)
    step(portal, "way", {"way": "facts"})
    return step(portal, "facts", {**BORN, **facts})


def test_number_and_date_of_birth_link_a_resident_and_the_number_is_nowhere(
    portal: PortalClient,
    resident: ResidentModel,
    account: Account,
    caplog: pytest.LogCaptureFixture,
) -> None:
    portal.sign_in(resident)
    assert answer_all(portal, account, ni_number=TYPED).status_code == 302
    kept = str(dict(portal.session))
    portal.give_password()
    check = portal.get(reverse("accounts:link_check", args=[JOURNEY])).page
    facts = portal.get(reverse("accounts:link_step", args=[JOURNEY, "facts"])).page
    assert "Given" in check.text("main")
    portal.post(reverse("accounts:link_check", args=[JOURNEY]))
    assert PersonLink.objects.for_resident(resident).active().exists()
    given = json.dumps(dict(export(resident)), cls=DjangoJSONEncoder)
    staff = PortalClient()
    staff.sign_in(ResidentFactory.create(staff=True))
    person = Person.objects.get()
    admin = staff.get(f"/admin/accounts/person/{person.pk}/change/").content.decode()
    for told in (kept, check.html, facts.html, given, admin, caplog.text):
        assert "654321" not in told.replace(" ", "").replace("+", "")
    for told in (check.html, facts.html, given, admin, caplog.text):
        assert keyed(TYPED) not in told


def test_what_is_no_number_is_asked_for_again_and_stays_in_the_page(
    portal: PortalClient, resident: ResidentModel, account: Account
) -> None:
    portal.sign_in(resident)
    page = answer_all(portal, account, ni_number="12 34 56").page
    assert page.errors == ["Enter your National Insurance number, like QQ 12 34 56 C"]
    assert page.select("input[name=ni_number]")[0].get("value") == "12 34 56"
