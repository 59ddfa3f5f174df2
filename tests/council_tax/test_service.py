"""What council tax tells the dashboard, and what it says about a resident's data."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from accounts.models import Resident
from council_tax.models import Account
from council_tax.service import service
from stockport.feeds.models import FeedRun, Quarantine
from tests.factories.council_tax import LiabilityFactory, household, person_of

pytestmark = pytest.mark.django_db

TODAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(TODAY, tick=False):
        yield


CARDS = [
    ({"paid": 8}, "£90.00 taken by Direct Debit on 1 December 2026", False),
    ({"paid": 7}, "£90.00 is late", True),
    ({"paid": 10}, "Nothing to pay", False),
    ({"paid": 8, "stage": "reminder"}, "We sent you a reminder", True),
    ({"paid": 8, "stage": "unheard of"}, "We have written to you about this account", True),
    (
        {"paid": 8, "stage": "final_notice", "arrangement": True},
        "We sent you a final notice",
        False,
    ),
]


@pytest.mark.parametrize(("fields", "status", "urgent"), CARDS)
def test_card_says_what_matters_now(
    fields: dict[str, object], status: str, urgent: bool, resident: Resident
) -> None:
    fields = {**fields, "stage": str(fields.get("stage", "bill")).replace("unheard of", "other")}
    account = household(resident, **fields)
    card = service.card(resident)
    assert card is not None
    assert (card.status, card.urgent, card.url) == (status, urgent, account.get_absolute_url())
    assert "as at 22 November 2026." in card.detail


def test_card_of_somebody_in_credit_says_so(resident: Resident) -> None:
    household(resident, paid=10)
    Account.objects.update(balance=Decimal("-5.00"))
    card = service.card(resident)
    assert card is not None
    assert card.status == "£5.00 in credit"


def test_card_of_several_accounts_is_about_the_urgent_one(resident: Resident) -> None:
    household(resident, paid=8)
    old = household(resident, paid=8, status="closed", closed=date(2026, 9, 1), stage="reminder")
    household(resident, paid=8)
    card = service.card(resident)
    assert card is not None
    assert (card.urgent, card.url) == (True, "/council-tax/")
    assert old.property.address_line_1 in card.detail


def test_card_says_that_newer_figures_are_being_checked(resident: Resident) -> None:
    account = household(resident, paid=8)
    run = FeedRun.objects.create(source="revenues", extracted_at=TODAY, kind="full")
    Quarantine.objects.create(source="revenues", table="accounts", key=account.reference, run=run)
    card = service.card(resident)
    assert card is not None
    assert card.detail.endswith("Newer figures are being checked.")


def test_dates_are_the_instalments_that_are_still_to_be_paid(resident: Resident) -> None:
    account = household(resident, paid=8)
    household()
    entries = list(service.dates(resident, date(2026, 11, 1), date(2026, 12, 31)))
    assert [(e.when, e.title, e.uid) for e in entries] == [
        (
            date(2026, 12, 1),
            "Council tax: £90.00 taken by Direct Debit",
            f"council-tax-{account.reference}-2026/27-9",
        )
    ]


@pytest.mark.parametrize("fields", [{"arrangement": True}, {"stage": "summons"}])
def test_dates_leave_out_instalments_that_no_longer_apply(
    fields: dict[str, object], resident: Resident
) -> None:
    household(resident, paid=8, **fields)
    assert list(service.dates(resident, date(2026, 11, 1), date(2027, 3, 31))) == []


def test_dates_keep_instalments_of_a_bill_that_came_after_the_summons(resident: Resident) -> None:
    household(resident, paid=8, stage="summons", stage_date=date(2026, 3, 20))
    entries = list(service.dates(resident, date(2026, 11, 1), date(2027, 3, 31)))
    assert [entry.when for entry in entries] == [date(2026, 12, 1), date(2027, 1, 1)]


@pytest.mark.parametrize(("hold", "urgent"), [("", True), ("breathing_space", False)])
def test_what_is_late_is_not_urgent_while_recovery_is_held(
    hold: str, urgent: bool, resident: Resident
) -> None:
    household(resident, hold_reason=hold)
    card = service.card(resident)
    assert card
    assert card.urgent is urgent


def test_export_holds_every_row_of_the_residents_accounts_and_nobody_elses(
    resident: Resident,
) -> None:
    account = household(resident, paid=3)
    LiabilityFactory(account=account, person=person_of(None), role="joint")
    household()
    sizes = {name: len(rows) for name, rows in service.export(resident)}
    assert sizes == {
        "accounts": 1,
        "liabilities": 1,
        "charge_periods": 1,
        "charge_lines": 1,
        "year_totals": 1,
        "instalments": 10,
        "transactions": 4,
        "notices": 1,
        "documents": 1,
        "letters_opened": 0,
        "requests": 0,
    }


def test_erasure_keeps_the_back_offices_records_and_says_under_which_rule(
    resident: Resident,
) -> None:
    household(resident)
    (kept,) = service.erase(resident).kept
    assert (kept.rows, kept.until) == (1, date(2033, 3, 31))
    assert "6 years" in kept.rule
    assert Account.objects.count() == 1
