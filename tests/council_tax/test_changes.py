"""What residents read about what changed in their bill, and how to pay it."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
import time_machine

from accounts.models import Resident
from council_tax.models import Account
from tests.client import PortalClient
from tests.factories.council_tax import (
    ChargeLineFactory,
    ChargePeriodFactory,
    ElementFactory,
    NoticeFactory,
    TransactionFactory,
    YearTotalFactory,
    elements,
    household,
)
from tests.page import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(portal: PortalClient, resident: Resident) -> PortalClient:
    portal.sign_in(resident)
    with time_machine.travel(datetime(2026, 11, 23, 10, tzinfo=UTC), tick=False):
        yield portal


def words(portal: PortalClient, account: Account, page: str = "changes/") -> str:
    return portal.get(f"{account.get_absolute_url()}{page}").page.text("main")


def year_before(account: Account) -> None:
    """2025/26: £1,150.00 before a discount of £287.50."""
    period = ChargePeriodFactory.create(
        account=account,
        year="2025/26",
        start=date(2025, 4, 1),
        end=date(2026, 3, 31),
        gross=Decimal("1150.00"),
        net=Decimal("862.50"),
    )
    ChargeLineFactory(period=period, amount=Decimal("-287.50"))
    YearTotalFactory(
        account=account, year="2025/26", charge=Decimal("862.50"), payments=Decimal("862.50")
    )


def test_difference_between_two_years_is_told_with_its_reasons_and_adds_up(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    year_before(account)
    page = signed_in.get(f"{account.get_absolute_url()}changes/").page
    assert "Your bill for 2026/27 is £37.50 more than for 2025/26." in page.text("main")
    assert [text_of(row) for row in page.select("tbody tr")] == [
        "Your charge for 2025/26 £862.50",
        "Charge before discounts: £1,150.00 before, £1,200.00 now £50.00 more",
        "Single person discount: £287.50 off before, £300.00 off now £12.50 less",
        "Your charge for 2026/27 £900.00",
    ]


@pytest.mark.parametrize(
    ("kind", "code", "amount", "expected"),
    [
        ("support", "CTS", "-100.00", "Council Tax Support: new this year"),
        ("premium", "EMPTY1", "100.00", "Premium (Empty for a year): new this year"),
    ],
)
def test_reason_that_last_year_did_not_have_is_new(
    kind: str,
    code: str,
    amount: str,
    expected: str,
    signed_in: PortalClient,
    resident: Resident,
) -> None:
    account = household(resident)
    year_before(account)
    now = account.charge_periods.get(year="2026/27")
    ChargeLineFactory(
        period=now, line=2, type=kind, code=code, reason="Empty for a year", amount=Decimal(amount)
    )
    now.net += Decimal(amount)
    now.save()
    account.year_totals.filter(year="2026/27").update(
        charge=now.net, outstanding=now.net - Decimal("630.00")
    )
    assert expected in words(signed_in, account)


def test_figures_that_do_not_add_up_are_not_explained(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    year_before(account)
    account.charge_periods.filter(year="2025/26").update(net=Decimal("862.49"))
    text = words(signed_in, account)
    assert "We are checking these figures" in text
    assert "more than for" not in text


def test_discount_that_ended_says_what_a_day_costs_more(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    account.charge_periods.update(
        end=date(2026, 5, 3), days=33, gross=Decimal("108.49"), net=Decimal("81.37")
    )
    account.charge_periods.get().lines.update(amount=Decimal("-27.12"))
    ChargePeriodFactory(
        account=account,
        sequence=2,
        start=date(2026, 5, 4),
        gross=Decimal("1091.51"),
        net=Decimal("1091.51"),
    )
    expected = "Single person discount ended on 3 May 2026: £0.82 a day more for 332 days."
    assert expected in words(signed_in, account)


def test_discount_that_began_and_a_band_that_changed_say_what_a_day_costs_less(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    first = account.charge_periods.get()
    first.lines.all().delete()
    account.charge_periods.update(
        end=date(2027, 3, 30), days=364, gross=Decimal("1092.00"), net=Decimal("1092.00")
    )
    second = ChargePeriodFactory.create(
        account=account,
        sequence=2,
        start=date(2027, 3, 31),
        band_charged="A-",
        gross=Decimal("2.50"),
        net=Decimal("1.88"),
    )
    ChargeLineFactory(period=second, amount=Decimal("-0.62"))
    text = words(signed_in, account)
    assert (
        "From 31 March 2027 it is Band A, charged as A−; it was Band A:"  # noqa: RUF001
        " £0.50 a day less for 1 day." in text
    )
    assert "Single person discount began on 31 March 2027: £0.62 a day less for 1 day." in text


def test_only_the_newest_of_several_bills_counts(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    NoticeFactory(account=account, issued=date(2026, 5, 10), amount=Decimal("1391.00"))
    NoticeFactory(account=account, issued=date(2026, 6, 10), type="reminder", amount=None)
    text = words(signed_in, account)
    assert "10 May 2026, for £1,391.00. This is the bill that counts." in text
    assert "14 March 2026, for £900.00. It has been replaced." in text
    assert "10 June" not in text


def test_first_year_and_a_year_charged_alike_say_so(
    signed_in: PortalClient, resident: Resident
) -> None:
    text = words(signed_in, household(resident))
    assert "There is no charge for the year before on this account." in text
    assert (
        "Nothing changed during 2026/27: every day that you are charged for costs the same." in text
    )


def test_elements_say_how_they_changed_even_where_they_were_printed_apart(
    signed_in: PortalClient, resident: Resident
) -> None:
    elements()
    for element, amount in (
        ("council_general", 800),
        ("adult_social_care", 150),
        ("police", 150),
        ("mayoral_general", 50),
    ):
        ElementFactory(year="2025/26", element=element, amount=amount)
    text = words(signed_in, household(resident), "bill/")
    assert "Council, including adult social care £1,000.00 £50.00 more (5.3%)" in text
    assert "The percentage of adult social care" not in text
    assert "Police and Mayor, including fire services £200.00 No change" in text
    assert "Band A for a whole year £1,200.00 £50.00 more (4.3%)" in text


def test_adult_social_care_is_a_percentage_of_all_that_the_council_charged(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    for year, general, care in (("2025/26", 900, 100), ("2026/27", 1070, 130)):
        ElementFactory(year=year, element="council_general", amount=general)
        ElementFactory(year=year, element="adult_social_care", amount=care)
    ElementFactory(element="parish", amount=0)
    text = words(signed_in, account, "bill/")
    assert "Adult social care £130.00 £30.00 more (3.0%)" in text
    assert "is of all that the council charged the year before" in text
    assert "Parish council £0.00 Not known" in text


def test_history_is_a_spreadsheet_in_which_added_and_taken_off_have_a_column_each(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident, paid=1)
    TransactionFactory(
        account=account, number=9, posted=date(2026, 5, 2), description="=HYPERLINK(1)", amount=5
    )
    answer = signed_in.get(f"{account.get_absolute_url()}transactions.csv")
    assert f"council-tax-{account.reference}.csv" in answer["Content-Disposition"]
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == [
        "Date",
        "What",
        "Added (£)",
        "Taken off (£)",
        "Balance (£)",
        "Balance in words",
    ]
    assert rows[1][2:] == ["5.00", "", "815.00", "£815.00 to pay"]
    assert rows[2] == [
        "2026-04-01",
        "Payment by Direct Debit, 2026/27",
        "",
        "90.00",
        "810.00",
        "£810.00 to pay",
    ]


def test_ways_to_pay_give_the_account_number(signed_in: PortalClient, resident: Resident) -> None:
    account = household(resident)
    text = words(signed_in, account, "pay/")
    assert account.reference in text
    assert "We take each instalment, so there is nothing for you to do" in text


def test_account_page_leads_to_the_other_accounts(
    signed_in: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    old = household(resident, status="closed", closed=date(2026, 9, 1))
    household()
    page = signed_in.get(account.get_absolute_url()).page
    assert [a.get("href") for a in page.select("main a[href^='/council-tax/']")][-1] == (
        old.get_absolute_url()
    )
    assert f"account {old.reference} Closed" in page.text("main")
