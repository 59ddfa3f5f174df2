"""Partners and former partners, on every page, file and export about a claim."""

from datetime import date

import pytest
from django.apps import apps
from django.urls import reverse

from benefits.models import ClaimMember
from benefits.service import service
from tests.estate import BENEFITS
from tests.factories.accounts import PersonLinkFactory
from tests.factories.benefits import (
    AwardFactory,
    AwardLineFactory,
    BenefitPaymentFactory,
    ClaimMemberFactory,
    DecisionFactory,
    DocumentFactory,
    EvidenceRequestFactory,
    OverpaymentFactory,
    RecoveryFactory,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
# Of an export: what the partner sent, asked and opened themselves.
THEIR_OWN = {"papers", "papers_sent", "letters_opened", "requests", "drafts"}


@pytest.fixture
def shared():
    """A partner's place in a claim that has one of everything."""
    member = ClaimMemberFactory(sharing=True)
    claim = member.claim
    AwardLineFactory(award=AwardFactory(claim=claim))
    BenefitPaymentFactory(claim=claim, due=True)
    RecoveryFactory(overpayment=OverpaymentFactory(claim=claim))
    DecisionFactory(claim=claim)
    EvidenceRequestFactory(claim=claim)
    DocumentFactory(claim=claim, person=member.person)
    return member


@pytest.fixture
def partner(shared, portal):
    """The partner, signed in."""
    resident = PersonLinkFactory(person=shared.person).resident
    portal.sign_in(resident)
    return resident


def leaves(member):
    member.end, member.may_see = date(2026, 11, 22), False
    member.save()


def is_no_longer_shared_with(member):
    member.may_see = False
    member.save()


def loses_their_link(member):
    member.person.links.update(revoked_at="2030-01-01T00:00Z")


PARTINGS = (leaves, is_no_longer_shared_with, loses_their_link)


@pytest.mark.parametrize("name", BENEFITS)
def test_partner_sees_every_page_until_they_part(portal, partner, shared, name):
    address = reverse(f"benefits:{name}", args=[shared.claim.reference])
    assert portal.get(address).status_code == 200
    for part in PARTINGS:
        ClaimMember.objects.update(may_see=True, end=None)
        part(shared)
        assert portal.get(address).status_code == 404, part


@pytest.mark.parametrize("part", PARTINGS)
def test_lists_card_dates_and_export_are_empty_once_they_have_parted(portal, partner, shared, part):
    def gives():
        return (
            shared.claim.reference in portal.get("/benefits/").page.html,
            service.card(partner) is not None,
            bool(list(service.dates(partner, TODAY, date(2027, 1, 22)))),
            {name for name, rows in service.export(partner) if rows},
        )

    everything = {name for name, _ in service.export(partner)} - THEIR_OWN
    assert gives() == (True, True, True, everything)
    part(shared)
    assert gives() == (False, False, False, set())


def test_claimant_goes_on_seeing_the_claim_after_they_have_parted(portal, shared):
    portal.sign_in(PersonLinkFactory(person=shared.claim.person).resident)
    leaves(shared)
    for name in BENEFITS:
        address = reverse(f"benefits:{name}", args=[shared.claim.reference])
        assert portal.get(address).status_code == 200


def test_no_field_can_hold_a_national_insurance_number_to_be_shown():
    models = apps.get_app_config("benefits").get_models()
    names = {field.name for model in models for field in model._meta.get_fields()}
    assert not {name for name in names if name.startswith(("ni_", "nino", "national"))}
