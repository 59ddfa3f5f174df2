"""What benefits tell the dashboard and the resident's own data."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.models import PersonLink
from benefits.models import Claim
from benefits.service import service
from tests.factories.accounts import PersonLinkFactory
from tests.factories.benefits import (
    AwardFactory,
    AwardLineFactory,
    BenefitPaymentFactory,
    ClaimFactory,
    ClaimMemberFactory,
    DecisionFactory,
    DocumentFactory,
    EvidenceRequestFactory,
    OverpaymentFactory,
    RecoveryFactory,
)

D = Decimal
pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def link():
    return PersonLinkFactory()


def test_card_asks_for_papers_before_anything_else(link):
    BenefitPaymentFactory(claim__person=link.person, due=True)
    claim = ClaimFactory(person=link.person, suspended=True)
    card = service.card(link.resident)
    assert (card.status, card.urgent) == ("Payments on hold", True)
    assert card.detail.startswith("Send us what we ask for by 14 December 2026. As at ")
    assert card.url == claim.get_absolute_url()


def test_card_gives_the_next_payment(link):
    BenefitPaymentFactory(claim__person=link.person, due=True)
    card = service.card(link.resident)
    assert card.status == "£449.60 on 7 December 2026"
    assert card.detail.startswith("Housing Benefit, paid to: you. As at ")


def test_card_gives_all_that_comes_on_one_day_together(link):
    claim = ClaimFactory(person=link.person)
    BenefitPaymentFactory(claim=claim, due=True, number=8, kind="crf", amount=D("50.00"))
    BenefitPaymentFactory(claim=claim, due=True, number=8, payee="landlord")
    BenefitPaymentFactory(claim=claim, due=True, number=9, paid_on=date(2027, 1, 4))
    card = service.card(link.resident)
    assert card.status == "£499.60 on 7 December 2026"
    assert card.detail.startswith(
        "Housing Benefit and Housing payment from the Crisis and Resilience Fund, paid to: your"
        " landlord and you. As at "
    )
    [first, second] = service.dates(link.resident, TODAY, date(2026, 12, 31))
    assert first.title == "Housing Benefit: £449.60 paid"
    assert second.title == "Housing payment from the Crisis and Resilience Fund: £50.00 paid"


@pytest.mark.parametrize(
    ("status", "said"), [("pending", "Being assessed"), ("cancelled", "Cancelled")]
)
def test_card_gives_the_state_where_nothing_is_due(link, status, said):
    ClaimFactory(person=link.person, status=status)
    assert service.card(link.resident).status == said


def test_resident_without_a_claim_has_no_card(link):
    ClaimFactory()
    assert service.card(link.resident) is None


def test_dates_are_payments_and_days_to_send_papers_by(link):
    BenefitPaymentFactory(claim__person=link.person, due=True)
    BenefitPaymentFactory(claim__person=link.person, due=True, paid_on=date(2027, 2, 1))
    BenefitPaymentFactory(claim__person=link.person)
    ClaimFactory(person=link.person, suspended=True)
    ClaimFactory(suspended=True)
    entries = list(service.dates(link.resident, TODAY, TODAY + timedelta(days=60)))
    assert sorted(entry.when for entry in entries) == [date(2026, 12, 7), date(2026, 12, 14)]
    assert len({entry.uid for entry in entries}) == 2


EXPORTED = {
    "household": (ClaimMemberFactory, "claim"),
    "awards": (AwardFactory, "claim"),
    "award_lines": (AwardLineFactory, "award__claim"),
    "payments": (BenefitPaymentFactory, "claim"),
    "overpayments": (OverpaymentFactory, "claim"),
    "recoveries": (RecoveryFactory, "overpayment__claim"),
    "evidence_requests": (EvidenceRequestFactory, "claim"),
    "decisions": (DecisionFactory, "claim"),
    "documents": (DocumentFactory, "claim"),
}


@pytest.mark.parametrize("name", EXPORTED)
def test_export_has_every_row_of_the_resident_and_no_other(link, name):
    factory, to_claim = EXPORTED[name]
    row = factory(**{f"{to_claim}__person": link.person})
    factory()
    exported = dict(service.export(link.resident))
    own = {"letters_opened", "papers", "papers_sent", "requests", "drafts"}
    assert exported.keys() == EXPORTED.keys() | {"claims"} | own
    assert len(exported["claims"]) == len(exported[name]) == 1
    claim = row
    for step in to_claim.split("__"):
        claim = getattr(claim, step)
    assert exported[name][0][f"{to_claim}__reference"] == claim.reference


def test_erasure_keeps_the_claims_of_the_back_office_and_says_why(link):
    ClaimFactory(person=link.person)
    kept = service.erase(link.resident).kept
    assert [entry.rows for entry in kept] == [1]
    assert "6 years" in kept[0].rule
    assert Claim.objects.count() == 1
    PersonLink.objects.all().delete()
    assert service.erase(link.resident).kept == ()
