"""Pounds and pence."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockport.money import pounds, to_pennies

amounts = st.decimals(min_value=-1_000_000, max_value=1_000_000, places=4)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("1.005", "1.01"), ("-1.005", "-1.01"), ("2.344", "2.34"), ("0", "0.00")],
)
def test_half_a_penny_rounds_away_from_nothing(exact: str, rounded: str) -> None:
    assert str(to_pennies(Decimal(exact))) == rounded


@pytest.mark.parametrize(
    ("amount", "printed"),
    [("1234.5", "£1,234.50"), ("-3.2", "£3.20"), ("0", "£0.00"), ("1000000", "£1,000,000.00")],
)
def test_amount_is_printed_as_on_a_bill(amount: str, printed: str) -> None:
    assert pounds(Decimal(amount)) == printed


@given(amounts)
def test_rounding_moves_an_amount_by_half_a_penny_at_most(amount: Decimal) -> None:
    assert abs(to_pennies(amount) - amount) <= Decimal("0.005")
