"""Partners and former partners, on every page, file and export about a claim."""

from datetime import date

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.urls import reverse

from accounts.models import Person
from benefits.models import ClaimDraft, ClaimMember, ClaimRequest, Document
from benefits.service import service
from stockport.keyed import keyed
from tests.client import PortalClient
from tests.factories.accounts import PersonLinkFactory, ResidentFactory
from tests.factories.benefits import (
    AwardFactory,
    AwardLineFactory,
    BenefitPaymentFactory,
    ClaimDraftFactory,
    ClaimMemberFactory,
    ClaimRequestFactory,
    DecisionFactory,
    DocumentFactory,
    EvidenceRequestFactory,
    OverpaymentFactory,
    PaperFactory,
    RecoveryFactory,
)
from tests.routes import ROUTES

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
# The routes of benefits: pages about a claim, the forms, and pages about nothing in particular.
OF_BENEFITS = [route for route in ROUTES.values() if route.name.startswith("benefits:")]
FORMS = [route.name for route in OF_BENEFITS if route.name.endswith(("_step", "_check"))]
PLAIN = [route.name for route in OF_BENEFITS if not route.converters]
OWN = ("benefits:request", "benefits:sent", "benefits:paper", "benefits:forget")
CLAIM_PAGES = [route.name for route in OF_BENEFITS if route.name not in (*FORMS, *PLAIN, *OWN)]
# Where what belongs to somebody is put together.
LISTS = (
    *("home:dashboard", "home:money", "home:calendar", "accounts:index"),
    *("accounts:data", "accounts:download"),
)
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


def claim_page(name, claim):
    """The address of a page about a claim, about what it has one of."""
    about = {"reference": claim.reference}
    if name == "benefits:evidence":
        about["number"] = claim.evidence_requests.get().pk
    if name == "benefits:letter":
        about["number"] = claim.documents.get().pk
    return reverse(name, kwargs=about)


def own_pages(resident, claim):
    """The addresses of what somebody sent, asked or began about a claim, by route: OWN."""
    about = {"resident": resident, "claim_reference": claim.reference}
    paper = PaperFactory(**about, sent=True)
    paper.file.save("paper.jpg", ContentFile(b"jpeg"))
    request = ClaimRequestFactory(**about)
    draft = ClaimDraftFactory(resident=resident)
    return {
        "benefits:request": request.get_absolute_url(),
        "benefits:sent": paper.sending.get_absolute_url(),
        "benefits:paper": paper.get_absolute_url(),
        "benefits:forget": reverse("benefits:forget", args=[draft.key]),
    }


@pytest.mark.parametrize("name", CLAIM_PAGES)
def test_partner_sees_every_page_until_they_part(portal, partner, shared, name):
    address = claim_page(name, shared.claim)
    assert portal.get(address).status_code == 200
    for part in PARTINGS:
        ClaimMember.objects.update(may_see=True, end=None)
        part(shared)
        assert portal.get(address).status_code == 404, part


def test_partner_opens_what_they_sent_themselves_and_nothing_that_the_claimant_did(
    portal, partner, shared, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    claimant = PersonLinkFactory(person=shared.claim.person).resident
    mine, theirs = (own_pages(who, shared.claim) for who in (partner, claimant))
    assert set(mine) == set(OWN)
    for is_together in (True, False):
        for address in theirs.values():
            assert portal.get(address).status_code == 404, address
            assert portal.post(address).status_code in (404, 405), address
        for address in mine.values():
            answer = portal.get(address)
            assert answer.status_code == 200 and b"".join(answer), address
        if is_together:
            leaves(shared)
    assert ClaimRequest.objects.count() == ClaimDraft.objects.count() == 2


@pytest.mark.parametrize("part", PARTINGS)
def test_forms_and_lists_know_nothing_of_the_claim_once_they_have_parted(
    portal, partner, shared, part
):
    begun = {name: portal.get(reverse(f"benefits:{name}")).url for name in ("change", "disagree")}
    for address in begun.values():
        assert portal.get(address, follow=True).status_code == 200, address
    part(shared)
    for name, address in begun.items():
        assert portal.get(address).status_code == 404, address
        assert portal.get(reverse(f"benefits:{name}")).url == reverse("benefits:index")
    for name in (*PLAIN, *LISTS):
        page = b"".join(portal.get(reverse(name))).decode()
        for secret in (shared.claim.reference, shared.claim.address, "112.40"):
            assert secret not in page, name


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
    Document.objects.update(person=shared.claim.person)
    for name in CLAIM_PAGES:
        assert portal.get(claim_page(name, shared.claim)).status_code == 200


def test_no_field_can_hold_a_national_insurance_number_to_be_shown():
    models = apps.get_app_config("benefits").get_models()
    names = {field.name for model in models for field in model._meta.get_fields()}
    assert not {name for name in names if name.startswith(("ni_", "nino", "national"))}


def test_national_insurance_number_is_hashed_and_shown_to_nobody(portal, partner, shared):
    for person in (shared.person, shared.claim.person):
        Person.objects.filter(pk=person.pk).update(ni_number=keyed("QQ123456C"))
    pages = [claim_page(name, shared.claim) for name in CLAIM_PAGES]
    pages += [reverse(name) for name in (*PLAIN, *LISTS)]
    shown = [b"".join(portal.get(page)).decode() for page in pages]
    staff = PortalClient()
    staff.sign_in(ResidentFactory(staff=True))
    for row in (shared.claim, shared.person):
        page = reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])
        shown.append(staff.get(page).content.decode())
        assert str(row) in shown[-1]
    assert not [page for page in shown if "QQ123456C" in page or keyed("QQ123456C") in page]
