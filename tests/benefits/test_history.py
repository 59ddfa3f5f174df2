"""Payments by year, the file of them, and what was paid back."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest

from benefits.history import days_of, year_of, years_between
from tests.factories.accounts import PersonLinkFactory
from tests.factories.benefits import (
    BenefitPaymentFactory,
    ClaimFactory,
    OverpaymentFactory,
    RecoveryFactory,
)
from tests.page import text_of

D = Decimal


@pytest.fixture
def claim(portal, db):
    """A claim of the signed-in resident."""
    link = PersonLinkFactory()
    portal.sign_in(link.resident)
    return ClaimFactory(person=link.person)


def rows(page):
    return [[text_of(cell) for cell in row] for row in page.select("tbody tr")]


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 3, 31), "2025/26"), (date(2026, 4, 1), "2026/27"), (date(2100, 1, 1), "2099/00")],
)
def test_payments_belong_to_the_tax_year_of_their_day(day, year):
    assert year_of(day) == year
    first, last = days_of(year)
    assert first <= day <= last


def test_years_are_listed_newest_first_with_none_left_out():
    assert years_between(date(2024, 3, 31), date(2026, 4, 1)) == [
        *("2026/27", "2025/26", "2024/25", "2023/24")
    ]


def test_payment_shows_what_it_is_made_up_of(portal, claim):
    payment = BenefitPaymentFactory(
        claim=claim, amount=D("402.00"), adjustment=D("10.00"), adjustment_reason="Arrears."
    )
    RecoveryFactory(overpayment=OverpaymentFactory(claim=claim), payment=payment)
    page = portal.get(f"{claim.get_absolute_url()}payments/").page
    assert page.h1 == "Payments in 2026/27"
    assert rows(page) == [
        [
            *("9 November 2026", "Housing Benefit, 12 October to 8 November 2026", "£449.60"),
            *("£10.00", "\N{MINUS SIGN}£57.60", "£402.00"),
        ]
    ]
    assert page.text("#paid") == "£402.00"
    assert "Paid to: You, bank account ending 4321." in text_of(page.select("main")[0])
    assert "9 November 2026: Arrears." in text_of(page.select("main")[0])


def test_history_has_no_column_in_which_nothing_stands(portal, claim):
    payment = BenefitPaymentFactory(claim=claim)
    address = f"{claim.get_absolute_url()}payments/"

    def heads():
        return [text_of(head) for head in portal.get(address).page.select("thead th")]

    assert heads() == ["Paid on", "For", "Your award", "Paid"]
    RecoveryFactory(overpayment=OverpaymentFactory(claim=claim), payment=payment)
    assert heads() == ["Paid on", "For", "Your award", "Taken back", "Paid"]
    BenefitPaymentFactory(claim=claim, payee="landlord", adjustment=1, adjustment_reason="Arrears.")
    assert heads() == ["Paid on", "For", "Your award", "Added", "Taken back", "Paid", "Paid to"]


def test_each_year_has_its_payments_and_another_year_is_not_found(portal, claim):
    BenefitPaymentFactory(claim=claim, paid_on=date(2025, 4, 1))
    BenefitPaymentFactory(claim=claim, paid_on=date(2024, 3, 31))
    BenefitPaymentFactory(claim=claim, due=True)
    BenefitPaymentFactory(claim=claim, support=True)
    address = f"{claim.get_absolute_url()}payments/"
    assert [row[0] for row in rows(portal.get(address).page)] == ["1 April 2025"]
    links = [text_of(link) for link in portal.get(address).page.select("main a")]
    assert links[:2] == ["2024/25", "2023/24"]
    empty = portal.get(address, {"year": "2024/25"}).page
    assert "Nothing was paid in 2024/25." in text_of(empty.select("main")[0])
    assert portal.get(address, {"year": "2026/27"}).status_code == 404


def test_claim_that_has_paid_nothing_says_so(portal, claim):
    page = portal.get(f"{claim.get_absolute_url()}payments/").page
    assert "Nothing was paid yet." in text_of(page.select("main")[0])
    assert not page.select("main a")


def test_file_has_every_payment_with_its_parts(portal, claim):
    payment = BenefitPaymentFactory(claim=claim, amount=D("392.00"))
    RecoveryFactory(overpayment=OverpaymentFactory(claim=claim), payment=payment)
    BenefitPaymentFactory(claim=claim, paid_on=date(2020, 5, 4), payee="landlord", destination="")
    answer = portal.get(f"{claim.get_absolute_url()}payments.csv")
    assert answer["Content-Disposition"] == (
        f'attachment; filename="payments-{claim.reference}.csv"'
    )
    found = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Paid on"] for row in found] == ["2026-11-09", "2020-05-04"]
    assert found[0] | {"Award for these dates": "449.60", "Taken back": "57.60"} == found[0]
    assert (found[0]["Paid"], found[0]["Account ending"]) == ("392.00", "4321")
    assert (found[1]["Paid to"], found[1]["Account ending"]) == ("Your landlord", "")


def test_every_amount_that_was_paid_back_is_listed(portal, claim):
    over = OverpaymentFactory(claim=claim, reason="Your wages went up.", invoiced=True, invoice="7")
    RecoveryFactory(overpayment=over, method="paid", amount=D("15.20"))
    RecoveryFactory(overpayment=over, method="arrears", amount=D("100.00"), taken_on="2026-11-02")
    page = portal.get(f"{claim.get_absolute_url()}overpayments/").page
    assert rows(page) == [
        ["2 November 2026", "Taken from benefit that we owed you", "£100.00"],
        ["12 October 2026", "Paid by you", "£15.20"],
    ]
    text = text_of(page.select("main")[0])
    assert "Your wages went up." in text and "You pay it by invoice 7" in text


def test_claim_without_overpayments_says_so(portal, claim):
    page = portal.get(f"{claim.get_absolute_url()}overpayments/").page
    assert "There are no overpayments on this claim." in text_of(page.select("main")[0])
