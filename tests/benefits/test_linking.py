"""A benefit claim's number leads to the record of whoever makes the claim, and of the partner."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.linking.claim import Claim as Claimed
from accounts.linking.claim import Proof
from accounts.models import Person, Resident
from benefits.models import Claim
from tests.accounts.linking import FACTS, KEY, make_person, tried, walk
from tests.client import PortalClient
from tests.factories.benefits import ClaimFactory, ClaimMemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    """Somebody of whom the council holds every proof."""
    return make_person()


@pytest.fixture
def claim(person: Person) -> Claim:
    """Their benefit claim; they have no council tax account."""
    return ClaimFactory.create(person=person, reference="60000017")


def typed(reference: str = "6000 0017", **changed: str) -> Claimed:
    given = {"forenames": "Ada", "surname": "Shaw", "postcode": "SK1 3XE"} | changed
    return Claimed("benefits", reference, **given)


@pytest.mark.parametrize("proof", [KEY, FACTS])
def test_claimant_links_by_the_number_of_the_claim(
    resident: Resident, person: Person, claim: Claim, proof: Proof
) -> None:
    assert tried(resident, typed(), proof)
    assert list(Person.objects.for_resident(resident)) == [person]


def test_partner_links_to_their_own_record(resident: Resident, claim: Claim) -> None:
    partner = make_person(forenames="Sam", surname="Taylor")
    ClaimMemberFactory.create(claim=claim, person=partner)
    assert tried(resident, typed(forenames="Sam", surname="Taylor"), FACTS)
    assert list(Person.objects.for_resident(resident)) == [partner]


def test_child_and_stranger_do_not_link_by_it(resident: Resident, claim: Claim) -> None:
    child = make_person(forenames="Kit")
    ClaimMemberFactory.create(claim=claim, person=child, relation="child")
    make_person(forenames="Bo")
    assert not tried(resident, typed(forenames="Kit"), FACTS)
    assert not tried(resident, typed(forenames="Bo"), FACTS)


def test_number_of_a_claim_is_no_council_tax_account(resident: Resident, claim: Claim) -> None:
    other = Claimed("council-tax", "60000017", "Ada", "Shaw", "SK1 3XE")
    assert not tried(resident, other, KEY)


def test_claimant_links_in_the_pages_and_sees_the_claim(
    portal: PortalClient, resident: Resident, claim: Claim
) -> None:
    portal.sign_in(resident)
    told = walk(portal, service="benefits", reference="60000017")
    assert b"Your account is linked" in told[-1]
    assert claim.reference in portal.get(reverse("benefits:index")).page.text("main")
