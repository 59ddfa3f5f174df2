"""What the database itself refuses, and whose rows a resident gets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Resident
from council_tax.models import (
    Account,
    ChargeLine,
    ChargePeriod,
    Document,
    Instalment,
    Liability,
    Notice,
    Transaction,
    YearTotal,
)
from stockport.db import violated_constraint
from tests.constraints import constraints_of
from tests.factories.council_tax import (
    AccountFactory,
    ChargeLineFactory,
    ChargePeriodFactory,
    DocumentFactory,
    ElementFactory,
    InstalmentFactory,
    LiabilityFactory,
    NoticeFactory,
    OpeningFactory,
    PropertyFactory,
    RequestFactory,
    TransactionFactory,
    YearTotalFactory,
    household,
)

pytestmark = pytest.mark.django_db

PENCE = Decimal("0.01")
BROKEN: list[tuple[Any, dict[str, object], str]] = [
    (PropertyFactory, {"band": "A-"}, "council_tax_property_band_listed"),
    (PropertyFactory, {"band": "I"}, "council_tax_property_band_listed"),
    (AccountFactory, {"status": "gone"}, "council_tax_account_codes_known"),
    (AccountFactory, {"payment_method": "gold"}, "council_tax_account_codes_known"),
    (AccountFactory, {"stage": "RM1"}, "council_tax_account_codes_known"),
    (AccountFactory, {"hold_reason": "?"}, "council_tax_account_codes_known"),
    (AccountFactory, {"reference": "50 1"}, "council_tax_account_reference_format"),
    (AccountFactory, {"closed": date(2020, 3, 31)}, "council_tax_account_closed_after_opened"),
    (AccountFactory, {"status": "closed"}, "council_tax_account_closed_has_date"),
    (AccountFactory, {"payment_day": 0}, "council_tax_account_payment_day"),
    (AccountFactory, {"payment_day": 32}, "council_tax_account_payment_day"),
    (AccountFactory, {"bank_last4": "432"}, "council_tax_account_bank_digits"),
    (LiabilityFactory, {"role": "friend"}, "council_tax_liability_role_known"),
    (LiabilityFactory, {"end": date(2020, 3, 31)}, "council_tax_liability_end_after_start"),
    (ElementFactory, {"year": "26/27"}, "council_tax_element_year_format"),
    (ElementFactory, {"year": "2026/28"}, "council_tax_element_year_format"),
    (ElementFactory, {"band": "I"}, "council_tax_element_codes_known"),
    (ElementFactory, {"element": "moon"}, "council_tax_element_codes_known"),
    (ElementFactory, {"amount": -PENCE}, "council_tax_element_amount_not_negative"),
    (ChargePeriodFactory, {"year": "2026/99"}, "council_tax_chargeperiod_year_format"),
    (ChargePeriodFactory, {"days": 364}, "council_tax_chargeperiod_days"),
    (ChargePeriodFactory, {"start": date(2026, 3, 31)}, "council_tax_chargeperiod_within_year"),
    (ChargePeriodFactory, {"end": date(2027, 4, 1)}, "council_tax_chargeperiod_within_year"),
    (ChargePeriodFactory, {"band_listed": "A-"}, "council_tax_chargeperiod_bands_known"),
    (ChargePeriodFactory, {"band_charged": "I"}, "council_tax_chargeperiod_bands_known"),
    (ChargePeriodFactory, {"net": -PENCE}, "council_tax_chargeperiod_not_negative"),
    (ChargeLineFactory, {"type": "gift"}, "council_tax_chargeline_type_known"),
    (ChargeLineFactory, {"amount": PENCE}, "council_tax_chargeline_direction"),
    (ChargeLineFactory, {"type": "premium"}, "council_tax_chargeline_direction"),
    (ChargeLineFactory, {"percent": 301}, "council_tax_chargeline_percent"),
    (YearTotalFactory, {"year": "2026-27"}, "council_tax_yeartotal_year_format"),
    (YearTotalFactory, {"outstanding": Decimal("270.01")}, "council_tax_yeartotal_adds_up"),
    (InstalmentFactory, {"year": "2026/7"}, "council_tax_instalment_year_format"),
    (InstalmentFactory, {"amount": 0}, "council_tax_instalment_amount_positive"),
    (InstalmentFactory, {"paid": -PENCE}, "council_tax_instalment_paid_within_amount"),
    (InstalmentFactory, {"paid": 90 + PENCE}, "council_tax_instalment_paid_within_amount"),
    (TransactionFactory, {"year": "last"}, "council_tax_transaction_year_format"),
    (TransactionFactory, {"type": "BAILIF"}, "council_tax_transaction_type_known"),
    (
        TransactionFactory,
        {"period_start": date(2026, 5, 1), "period_end": date(2026, 4, 30)},
        "council_tax_transaction_period_ordered",
    ),
    (NoticeFactory, {"type": "demand"}, "council_tax_notice_type_known"),
    (NoticeFactory, {"year": "2026"}, "council_tax_notice_year_format"),
    (NoticeFactory, {"amount": -PENCE}, "council_tax_notice_amount_not_negative"),
    (DocumentFactory, {"type": "poster"}, "council_tax_document_type_known"),
    (DocumentFactory, {"year": "2026"}, "council_tax_document_year_format"),
    (
        DocumentFactory,
        {"reference": "D", "superseded_by": "D"},
        "council_tax_document_not_by_itself",
    ),
    (DocumentFactory, {"pages": 0}, "council_tax_document_not_empty"),
    (DocumentFactory, {"size": 0}, "council_tax_document_not_empty"),
    (DocumentFactory, {"sha256": "A" * 64}, "council_tax_document_sha256_format"),
    (DocumentFactory, {"file": "../.env"}, "council_tax_document_file_inside"),
    (DocumentFactory, {"file": "/etc/passwd"}, "council_tax_document_file_inside"),
    (DocumentFactory, {"file": "2026//bill.pdf"}, "council_tax_document_file_inside"),
    (OpeningFactory, {"account_reference": ""}, "council_tax_opening_names_a_letter"),
    (OpeningFactory, {"document_reference": ""}, "council_tax_opening_names_a_letter"),
    (RequestFactory, {"status": "lost"}, "council_tax_request_codes_known"),
    (RequestFactory, {"kind": "dance"}, "council_tax_request_answers_complete"),
    (RequestFactory, {"answers": {"other": "x"}}, "council_tax_request_answers_complete"),
    (RequestFactory, {"answers": []}, "council_tax_request_answers_complete"),
]


@pytest.mark.parametrize(("factory", "fields", "constraint"), BROKEN)
def test_database_refuses_a_row_that_cannot_be_true(
    factory: Any, fields: dict[str, object], constraint: str
) -> None:
    factory()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        factory(**fields)
    assert violated_constraint(refused.value) == constraint


# What no two rows may share: one row, and another with the same values.
SAME: list[tuple[Any, tuple[str, ...], str]] = [
    (PropertyFactory, ("source", "reference"), "council_tax_property_reference_unique"),
    (AccountFactory, ("source", "reference"), "council_tax_account_reference_unique"),
    (LiabilityFactory, ("account", "person", "start"), "council_tax_liability_unique"),
    (ElementFactory, ("year", "band", "element"), "council_tax_element_unique"),
    (ChargePeriodFactory, ("account", "year", "sequence"), "council_tax_chargeperiod_unique"),
    (ChargeLineFactory, ("period", "line"), "council_tax_chargeline_unique"),
    (YearTotalFactory, ("account", "year"), "council_tax_yeartotal_unique"),
    (InstalmentFactory, ("account", "year", "number"), "council_tax_instalment_unique"),
    (TransactionFactory, ("account", "number"), "council_tax_transaction_unique"),
    (NoticeFactory, ("account", "reference"), "council_tax_notice_unique"),
    (DocumentFactory, ("account", "reference"), "council_tax_document_unique"),
    (OpeningFactory, ("resident",), "council_tax_opening_first_only"),
    (RequestFactory, ("resident", "account_reference"), "council_tax_request_one_open"),
]


@pytest.mark.parametrize(("factory", "key", "constraint"), SAME)
def test_database_refuses_the_same_thing_twice(
    factory: Any, key: tuple[str, ...], constraint: str
) -> None:
    row = factory()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        factory(**{name: getattr(row, name) for name in key})
    assert violated_constraint(refused.value) == constraint


def test_every_constraint_is_broken_by_a_test() -> None:
    broken = {constraint for _, _, constraint in (*BROKEN, *SAME)}
    assert broken == constraints_of("council_tax")


@pytest.mark.parametrize(
    "model",
    [
        *(Account, ChargeLine, ChargePeriod, Document, Instalment, Liability, Notice),
        *(Transaction, YearTotal),
    ],
)
def test_resident_gets_the_rows_of_own_accounts_only_in_one_query(
    model: Any, resident: Resident, django_assert_num_queries: Any
) -> None:
    mine, others = household(resident), household()
    with django_assert_num_queries(1):
        rows = set(model.objects.for_resident(resident))
    assert rows
    assert model.objects.exclude(pk__in=[row.pk for row in rows]).exists()
    owners = {getattr(row, "account", None) or getattr(row, "period", row) for row in rows}
    assert {getattr(owner, "account", owner) for owner in owners} == {mine}
    assert others not in owners
