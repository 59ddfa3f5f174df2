"""What the database itself refuses, and whose claims a resident sees."""

from datetime import date
from decimal import Decimal

import factory as factories
import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from benefits.models import (
    Award,
    AwardLine,
    BenefitPayment,
    Claim,
    ClaimDraft,
    ClaimMember,
    ClaimRequest,
    Decision,
    Document,
    EvidenceRequest,
    Opening,
    Overpayment,
    Paper,
    Recovery,
    Sending,
)
from stockport.db import violated_constraint
from tests.constraints import constraints_of
from tests.factories.accounts import PersonLinkFactory, ResidentFactory
from tests.factories.benefits import (
    AwardFactory,
    AwardLineFactory,
    BenefitPaymentFactory,
    ClaimDraftFactory,
    ClaimFactory,
    ClaimMemberFactory,
    ClaimRequestFactory,
    DecisionFactory,
    DocumentFactory,
    EvidenceRequestFactory,
    OpeningFactory,
    OverpaymentFactory,
    PaperFactory,
    RecoveryFactory,
    SendingFactory,
)

pytestmark = pytest.mark.django_db

BROKEN = [
    (ClaimFactory, {"type": "rent"}, "benefits_claim_type_known"),
    (ClaimFactory, {"status": "lost"}, "benefits_claim_status_known"),
    (ClaimFactory, {"tenancy": "tent"}, "benefits_claim_tenancy_known"),
    (ClaimFactory, {"decided": date(2026, 3, 1)}, "benefits_claim_decided_after_received"),
    (ClaimFactory, {"ended": date(2026, 9, 27)}, "benefits_claim_ended_is_cancelled"),
    (ClaimFactory, {"needed_by": date(2026, 12, 1)}, "benefits_claim_needed_by_says_what"),
    (AwardFactory, {"kind": "uc"}, "benefits_award_kind_known"),
    (AwardFactory, {"kind": "dhp"}, "benefits_award_fund_of_its_time"),
    (
        AwardFactory,
        {"kind": "crf", "start": date(2026, 3, 31)},
        "benefits_award_fund_of_its_time",
    ),
    (
        BenefitPaymentFactory,
        {"adjustment": Decimal("9.00")},
        "benefits_payment_adjusted_for_a_reason",
    ),
    (OverpaymentFactory, {"invoice": "INV1"}, "benefits_overpayment_invoice_fits_method"),
    (ClaimMemberFactory, {"relation": "cat"}, "benefits_member_relation_known"),
    (ClaimMemberFactory, {"end": date(2026, 3, 1)}, "benefits_member_ends_after_start"),
    (
        ClaimMemberFactory,
        {"relation": "non_dependant", "may_see": True},
        "benefits_member_only_a_partner_sees",
    ),
    (
        ClaimMemberFactory,
        {"sharing": True, "end": date(2026, 9, 1)},
        "benefits_member_only_a_partner_sees",
    ),
    (AwardLineFactory, {"part": "luck"}, "benefits_line_part_known"),
    (
        AwardLineFactory,
        {"part": "income", "amount": Decimal("-0.01")},
        "benefits_line_takes_off_award_only",
    ),
    (RecoveryFactory, {"method": "luck"}, "benefits_recovery_method_known"),
    (RecoveryFactory, {"amount": 0}, "benefits_recovery_more_than_nothing"),
    (
        RecoveryFactory,
        {"payment": factories.SubFactory(BenefitPaymentFactory), "method": "paid"},
        "benefits_recovery_payment_fits_method",
    ),
    (DecisionFactory, {"kind": "uc"}, "benefits_decision_kind_known"),
    (DecisionFactory, {"weekly": Decimal("-0.01")}, "benefits_decision_not_negative"),
    (EvidenceRequestFactory, {"state": "lost"}, "benefits_evidence_state_known"),
    (EvidenceRequestFactory, {"due": date(2026, 11, 15)}, "benefits_evidence_due_after_asked"),
    (EvidenceRequestFactory, {"state": "rejected"}, "benefits_evidence_rejected_for_a_reason"),
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
    (DocumentFactory, {"type": "postcard"}, "benefits_document_type_known"),
    (DocumentFactory, {"year": "2026"}, "benefits_document_year_format"),
    (
        DocumentFactory,
        {"reference": "L", "superseded_by": "L"},
        "benefits_document_not_by_itself",
    ),
    (DocumentFactory, {"pages": 0}, "benefits_document_not_empty"),
    (DocumentFactory, {"size": 0}, "benefits_document_not_empty"),
    (DocumentFactory, {"sha256": "F" * 64}, "benefits_document_sha256_format"),
    (DocumentFactory, {"file": "../../etc/passwd"}, "benefits_document_file_inside"),
    (OpeningFactory, {"claim_reference": ""}, "benefits_opening_names_a_letter"),
    (OpeningFactory, {"document_reference": ""}, "benefits_opening_names_a_letter"),
    (PaperFactory, {"file": ""}, "benefits_paper_has_a_file"),
    (PaperFactory, {"kind": "exe"}, "benefits_paper_kind_known"),
    (PaperFactory, {"position": 0}, "benefits_paper_position_known"),
    (PaperFactory, {"position": 11}, "benefits_paper_position_known"),
    (PaperFactory, {"sent": True, "delivery": None}, "benefits_paper_sent_has_a_delivery"),
    (PaperFactory, {"sent": True, "sending": None}, "benefits_paper_sent_has_a_delivery"),
    (SendingFactory, {"status": "lost"}, "benefits_sending_status_known"),
    (SendingFactory, {"status": "rejected"}, "benefits_sending_rejected_for_a_reason"),
    (ClaimRequestFactory, {"status": "lost"}, "benefits_request_codes_known"),
    (ClaimRequestFactory, {"kind": "dance"}, "benefits_request_answers_complete"),
    (ClaimRequestFactory, {"answers": {"holder": "A"}}, "benefits_request_answers_complete"),
    (
        ClaimRequestFactory,
        {"decision_reference": "D1"},
        "benefits_request_names_its_decision",
    ),
    (
        ClaimRequestFactory,
        {"support": True, "decision_reference": ""},
        "benefits_request_names_its_decision",
    ),
    (
        ClaimRequestFactory,
        {"answers": {"holder": "A", "ending": "1", "account": "1"}},
        "benefits_request_no_bank_number",
    ),
    (ClaimDraftFactory, {"form": "dance"}, "benefits_draft_form_known"),
    (
        ClaimDraftFactory,
        {"sealed": "x", "request": factories.SubFactory(ClaimRequestFactory)},
        "benefits_draft_of_request_is_empty",
    ),
]


@pytest.mark.parametrize(("factory", "values", "constraint"), BROKEN)
def test_database_refuses_what_cannot_be(factory, values, constraint):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        factory(**values)
    assert violated_constraint(refused.value) == constraint


# What no two rows may share: one row, and another with the same values.
SAME = [
    (ClaimFactory, ["source", "reference"], "benefits_claim_reference_unique"),
    (AwardFactory, ["claim", "kind", "start"], "benefits_award_start_unique"),
    (BenefitPaymentFactory, ["claim", "kind", "number"], "benefits_payment_number_unique"),
    (OverpaymentFactory, ["claim", "reference"], "benefits_overpayment_reference_unique"),
    (ClaimMemberFactory, ["claim", "number"], "benefits_member_number_unique"),
    (AwardLineFactory, ["award", "number"], "benefits_line_number_unique"),
    (RecoveryFactory, ["overpayment", "number"], "benefits_recovery_number_unique"),
    (DecisionFactory, ["claim", "reference"], "benefits_decision_reference_unique"),
    (EvidenceRequestFactory, ["claim", "reference"], "benefits_evidence_reference_unique"),
    (DocumentFactory, ["claim", "reference"], "benefits_document_unique"),
    (OpeningFactory, ["resident"], "benefits_opening_first_only"),
    (PaperFactory, ["resident", "position"], "benefits_paper_position_free"),
    (PaperFactory, ["resident", "digest"], "benefits_paper_once"),
    (ClaimRequestFactory, ["resident"], "benefits_request_one_open"),
    (ClaimDraftFactory, ["resident", "key"], "benefits_draft_once"),
]


@pytest.mark.parametrize(("factory", "same", "constraint"), SAME)
def test_database_refuses_the_same_thing_twice(factory, same, constraint):
    first = factory()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        factory(**{name: getattr(first, name) for name in same})
    assert violated_constraint(refused.value) == constraint


def test_every_constraint_is_broken_by_a_test():
    broken = {constraint for _, _, constraint in (*BROKEN, *SAME)}
    assert broken == constraints_of("benefits")


def test_resident_sees_claims_of_linked_people_only():
    link = PersonLinkFactory()
    mine = ClaimFactory(person=link.person)
    ClaimFactory()
    assert list(Claim.objects.for_resident(link.resident)) == [mine]
    assert not Claim.objects.for_resident(ResidentFactory()).exists()


ROWS = [
    (Award, AwardFactory, "claim"),
    (AwardLine, AwardLineFactory, "award__claim"),
    (BenefitPayment, BenefitPaymentFactory, "claim"),
    (ClaimMember, ClaimMemberFactory, "claim"),
    (Decision, DecisionFactory, "claim"),
    (EvidenceRequest, EvidenceRequestFactory, "claim"),
    (Overpayment, OverpaymentFactory, "claim"),
    (Recovery, RecoveryFactory, "overpayment__claim"),
]


@pytest.mark.parametrize(("model", "factory", "to_claim"), ROWS)
def test_resident_sees_rows_of_their_own_claims_only(model, factory, to_claim):
    link = PersonLinkFactory()
    mine = factory(**{f"{to_claim}__person": link.person})
    factory()
    assert list(model.objects.for_resident(link.resident)) == [mine]


def test_every_model_is_shown_through_the_claims_of_the_resident():
    # Letters and what residents send have rules of their own: test_letters, test_papers and
    # test_requests.
    others = {Document, Opening, Paper, Sending, ClaimDraft, ClaimRequest}
    assert {model for model, _, _ in ROWS} | {Claim} | others == set(
        apps.get_app_config("benefits").get_models()
    )


def test_partner_sees_a_claim_that_is_shared_and_nobody_else_in_the_household_does():
    shared = ClaimMemberFactory(sharing=True)
    partner = PersonLinkFactory(person=shared.person).resident
    assert list(Claim.objects.for_resident(partner)) == [shared.claim]
    unshared = ClaimMemberFactory(person=shared.person)
    grown_up = ClaimMemberFactory(
        claim=shared.claim, person=PersonLinkFactory().person, relation="non_dependant"
    )
    assert unshared.claim not in Claim.objects.for_resident(partner)
    assert not Claim.objects.for_resident(grown_up.person.links.get().resident).exists()


def test_former_partner_sees_nothing_from_the_day_that_they_are_no_longer_one_household():
    shared = ClaimMemberFactory(sharing=True)
    partner = PersonLinkFactory(person=shared.person).resident
    claimant = PersonLinkFactory(person=shared.claim.person).resident
    shared.end, shared.may_see = date(2026, 11, 22), False
    shared.save()
    assert not Claim.objects.for_resident(partner).exists()
    assert list(Claim.objects.for_resident(claimant)) == [shared.claim]


def test_former_partner_sees_nothing_either_once_the_claimant_has_changed_their_mind():
    shared = ClaimMemberFactory(sharing=True)
    partner = PersonLinkFactory(person=shared.person).resident
    ClaimMember.objects.update(may_see=False)
    assert not Claim.objects.for_resident(partner).exists()


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
