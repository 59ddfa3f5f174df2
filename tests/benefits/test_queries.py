"""Pages ask the database a fixed number of questions, however much there is to show."""

from datetime import date

import pytest
from django.urls import reverse

from benefits.service import service
from tests.factories.accounts import PersonLinkFactory
from tests.factories.benefits import (
    AwardFactory,
    AwardLineFactory,
    BenefitPaymentFactory,
    ClaimFactory,
    ClaimMemberFactory,
    DecisionFactory,
    EvidenceRequestFactory,
    OverpaymentFactory,
    RecoveryFactory,
)

pytestmark = pytest.mark.django_db
SESSION_AND_RESIDENT = 2


def fill(claim, rows):
    """So many rows of each kind."""
    for number in range(1, rows + 1):
        start, end = date(2020 + number, 4, 1), date(2021 + number, 3, 31)
        AwardLineFactory(award=AwardFactory(claim=claim, start=start, end=end))
        payment = BenefitPaymentFactory(claim=claim, number=number)
        BenefitPaymentFactory(claim=claim, number=100 + number, due=True)
        RecoveryFactory(overpayment=OverpaymentFactory(claim=claim), payment=payment)
        ClaimMemberFactory(claim=claim)
        DecisionFactory(claim=claim)
        EvidenceRequestFactory(claim=claim)


@pytest.mark.parametrize("rows", [1, 20])
def test_list_of_claims_takes_six_queries_of_its_own(portal, rows, django_assert_num_queries):
    link = PersonLinkFactory()
    for claim in ClaimFactory.create_batch(rows, person=link.person):
        fill(claim, 2)
    portal.sign_in(link.resident)
    with django_assert_num_queries(SESSION_AND_RESIDENT + 6):
        portal.get("/benefits/")


PAGES = {
    "claim": 6,
    "worked_out": 4,
    "what_if": 3,
    "payments": 4,
    "payments_csv": 3,
    "overpayments": 4,
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("rows", [1, 20])
def test_page_of_a_claim_takes_queries_of_its_own(portal, rows, name, django_assert_num_queries):
    link = PersonLinkFactory()
    claim = ClaimFactory(person=link.person)
    fill(claim, rows)
    portal.sign_in(link.resident)
    address = reverse(f"benefits:{name}", args=[claim.reference])
    with django_assert_num_queries(SESSION_AND_RESIDENT + PAGES[name]):
        portal.get(address)


@pytest.mark.parametrize("rows", [1, 20])
def test_card_takes_two_queries_and_dates_two(rows, django_assert_num_queries):
    link = PersonLinkFactory()
    for claim in ClaimFactory.create_batch(rows, person=link.person):
        fill(claim, 1)
    with django_assert_num_queries(2):
        service.card(link.resident)
    with django_assert_num_queries(2):
        list(service.dates(link.resident, date(2026, 11, 23), date(2027, 1, 22)))
