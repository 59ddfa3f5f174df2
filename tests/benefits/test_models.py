"""What the database itself refuses, and whose claims a resident sees."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from benefits.models import Award, BenefitPayment, Claim, Overpayment
from stockport.db import violated_constraint
from tests.factories.accounts import PersonLinkFactory, ResidentFactory
from tests.factories.benefits import (
    AwardFactory,
    BenefitPaymentFactory,
    ClaimFactory,
    OverpaymentFactory,
)

pytestmark = pytest.mark.django_db

BROKEN = [
    (ClaimFactory, {"type": "rent"}, "benefits_claim_type_known"),
    (ClaimFactory, {"status": "lost"}, "benefits_claim_status_known"),
    (ClaimFactory, {"tenancy": "tent"}, "benefits_claim_tenancy_known"),
    (ClaimFactory, {"decided": date(2026, 3, 1)}, "benefits_claim_decided_after_received"),
    (ClaimFactory, {"ended": date(2026, 9, 27)}, "benefits_claim_ended_is_cancelled"),
    (ClaimFactory, {"needed_by": date(2026, 12, 1)}, "benefits_claim_needed_by_says_what"),
    (AwardFactory, {"kind": "dhp"}, "benefits_award_kind_known"),
    (AwardFactory, {"end": date(2026, 4, 5)}, "benefits_award_ends_after_start"),
    (AwardFactory, {"weekly": Decimal("-0.01")}, "benefits_award_not_negative"),
    (
        AwardFactory,
        {"support": True, "credited": Decimal("-0.01")},
        "benefits_award_not_negative",
    ),
    (AwardFactory, {"credited": 1, "year": "2026/27"}, "benefits_award_credited_to_a_year"),
    (AwardFactory, {"support": True, "year": ""}, "benefits_award_credited_to_a_year"),
    (BenefitPaymentFactory, {"state": "lost"}, "benefits_payment_codes_known"),
    (
        BenefitPaymentFactory,
        {"period_end": date(2026, 10, 11)},
        "benefits_payment_period_ordered",
    ),
    (BenefitPaymentFactory, {"amount": Decimal("-0.01")}, "benefits_payment_not_negative"),
    (
        BenefitPaymentFactory,
        {"payee": "council_tax_account"},
        "benefits_payment_payee_fits_kind",
    ),
    (
        BenefitPaymentFactory,
        {"support": True, "payee": "landlord"},
        "benefits_payment_payee_fits_kind",
    ),
    (
        BenefitPaymentFactory,
        {"destination": "12345678"},
        "benefits_payment_destination_masked",
    ),
    (
        OverpaymentFactory,
        {"period_end": date(2026, 1, 4)},
        "benefits_overpayment_period_ordered",
    ),
    (
        OverpaymentFactory,
        {"original": 0, "recovered": 0},
        "benefits_overpayment_more_than_nothing",
    ),
    (OverpaymentFactory, {"recovered": Decimal("412.81")}, "benefits_overpayment_recovered_within"),
    (OverpaymentFactory, {"weekly_recovery": 0}, "benefits_overpayment_method_fits_rate"),
    (
        OverpaymentFactory,
        {"invoiced": True, "weekly_recovery": 1},
        "benefits_overpayment_method_fits_rate",
    ),
]


@pytest.mark.parametrize(("factory", "values", "constraint"), BROKEN)
def test_database_refuses_what_cannot_be(factory, values, constraint):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        factory(**values)
    assert violated_constraint(refused.value) == constraint


@pytest.mark.parametrize(
    ("factory", "same", "constraint"),
    [
        (ClaimFactory, ["source", "reference"], "benefits_claim_reference_unique"),
        (AwardFactory, ["claim", "kind", "start"], "benefits_award_start_unique"),
        (BenefitPaymentFactory, ["claim", "kind", "number"], "benefits_payment_number_unique"),
        (OverpaymentFactory, ["claim", "reference"], "benefits_overpayment_reference_unique"),
    ],
)
def test_back_office_keys_are_unique(factory, same, constraint):
    first = factory()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        factory(**{name: getattr(first, name) for name in same})
    assert violated_constraint(refused.value) == constraint


def test_every_constraint_is_broken_by_a_test():
    broken = {constraint for _, _, constraint in BROKEN}
    checks = {
        constraint.name
        for model in (Claim, Award, BenefitPayment, Overpayment)
        for constraint in model._meta.constraints
        if not constraint.name.endswith("_unique")
    }
    assert broken == checks


def test_resident_sees_claims_of_linked_people_only():
    link = PersonLinkFactory()
    mine = ClaimFactory(person=link.person)
    ClaimFactory()
    assert list(Claim.objects.for_resident(link.resident)) == [mine]
    assert not Claim.objects.for_resident(ResidentFactory()).exists()


@pytest.mark.parametrize(
    ("model", "factory"),
    [
        (Award, AwardFactory),
        (BenefitPayment, BenefitPaymentFactory),
        (Overpayment, OverpaymentFactory),
    ],
)
def test_resident_sees_rows_of_their_own_claims_only(model, factory):
    link = PersonLinkFactory()
    mine = factory(claim__person=link.person)
    factory()
    assert list(model.objects.for_resident(link.resident)) == [mine]


def test_claims_that_wait_for_the_resident_come_first():
    ended = ClaimFactory(stopped=True, received=date(2026, 3, 5))
    older = ClaimFactory(received=date(2025, 1, 1), decided=None)
    newer = ClaimFactory(received=date(2026, 1, 1))
    waiting = ClaimFactory(suspended=True, received=date(2020, 1, 1))
    assert list(Claim.objects.most_pressing_first()) == [waiting, newer, older, ended]


def test_needed_items_are_read_one_by_one():
    claim = ClaimFactory.build(needed=" Payslips ; ;Bank statements;")
    assert claim.needed_items == ["Payslips", "Bank statements"]


def test_overpayment_left_is_what_is_not_yet_paid_back():
    overpayment = OverpaymentFactory.build()
    assert overpayment.left == Decimal("297.60")
