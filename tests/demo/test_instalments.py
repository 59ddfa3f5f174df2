"""A bill in instalments: SI 1992/613, Schedule 1, Part I."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockport.demo.instalments import amounts, annual, during_the_year, spread_again
from stockport.demo.years import TaxYear

YEAR = TaxYear(2026)
PENNIES = st.integers(min_value=1, max_value=2_000_000).map(lambda p: Decimal(p) / 100)


@pytest.mark.parametrize(
    ("charge", "number", "expected"),
    [
        ("1900.00", 10, ["190.00"] * 10),
        ("2618.90", 10, ["260.90"] + ["262.00"] * 9),
        ("2618.90", 12, ["220.90"] + ["218.00"] * 11),
        ("9.99", 10, ["9.99"]),
        ("23.10", 10, ["5.10", "6.00", "6.00", "6.00"]),
        ("0.00", 10, []),
    ],
)
def test_odd_pence_are_in_the_first_instalment(charge, number, expected):
    assert amounts(Decimal(charge), number) == [Decimal(amount) for amount in expected]


@given(charge=PENNIES, number=st.sampled_from([1, 2, 5, 10, 12]))
def test_instalments_add_up_to_the_bill_to_the_penny(charge, number):
    parts = amounts(charge, number)
    assert sum(parts) == charge
    assert all(part > 0 for part in parts)
    assert len(parts) <= number
    assert len(set(parts[1:])) <= 1
    assert all(part == part.to_integral_value() for part in parts[1:])


def test_ten_instalments_run_from_april_to_january():
    dates = [instalment.due for instalment in annual(Decimal(1000), YEAR, 10, 15)]
    assert (dates[0], dates[-1], len(dates)) == (date(2026, 4, 15), date(2027, 1, 15), 10)


def test_twelve_instalments_run_to_march():
    dates = [instalment.due for instalment in annual(Decimal(1200), YEAR, 12, 25)]
    assert (dates[-1], len(dates)) == (date(2027, 3, 25), 12)


@pytest.mark.parametrize(("number", "last"), [(10, date(2027, 2, 1)), (12, date(2027, 3, 1))])
def test_bill_of_september_uses_the_months_that_are_left(number, last):
    parts = during_the_year(Decimal(600), YEAR, date(2026, 9, 21), number, 1)
    assert (parts[0].due, parts[-1].due) == (date(2026, 10, 1), last)


def test_higher_bill_of_may_leaves_what_is_due_before_14_days_and_spreads_the_rest():
    before = annual(Decimal("900.00"), YEAR, 10, 25)
    after = spread_again(before, Decimal("1000.50"), date(2026, 5, 11))
    assert [each.due for each in after] == [each.due for each in before]
    assert [each.amount for each in after] == [90, Decimal("102.50"), *[101] * 8]
