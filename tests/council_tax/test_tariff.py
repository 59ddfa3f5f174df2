"""Bands, instalments, premiums and discounts, against the law's own words and published figures."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council_tax.rules import (
    agrees_with_ninths,
    band_charge,
    band_with_disabled_reduction,
    ends_in,
    instalment_count,
    instalment_plan,
    occupancy_discount_percent,
    premium_percent,
    respread,
)
from council_tax.rules.instalments import NOTICE

BANDS = ["A-", "A", "B", "C", "D", "E", "F", "G", "H"]
YEAR = date(2026, 4, 1)
pounds = st.integers(0, 1_000_000).map(lambda pence: Decimal(pence).scaleb(-2))
counts = st.integers(1, 12)


# Bands ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("band", "published"),
    # Stockport 2025/26, band D £2,475.31, police and mayoral as published for Greater Manchester.
    [
        ("A-", "1375.17"), ("A", "1650.21"), ("B", "1925.23"), ("C", "2200.27"), ("D", "2475.31"),
        ("E", "3025.38"), ("F", "3575.44"), ("G", "4125.52"), ("H", "4950.62"),
    ],
)  # fmt: skip
def test_band_is_its_ninths_of_band_d(band: str, published: str) -> None:
    assert abs(band_charge(Decimal("2475.31"), band) - Decimal(published)) <= Decimal("0.01")
    assert agrees_with_ninths(Decimal("2475.31"), band, Decimal(published))


@given(pounds, st.sampled_from(BANDS))
def test_band_is_exact_to_half_a_penny(band_d: Decimal, band: str) -> None:
    ninths = dict(zip(BANDS, (5, 6, 7, 8, 9, 11, 13, 15, 18), strict=True))
    exact = Fraction(band_d) * ninths[band] / 9
    assert abs(Fraction(band_charge(band_d, band)) - exact) <= Fraction(1, 200)


def test_table_that_is_pounds_out_is_refused() -> None:
    assert not agrees_with_ninths(Decimal("2475.31"), "A", Decimal("1652.21"))


@pytest.mark.parametrize("band", ["", "I", "a", "A+", "D "])
def test_there_is_no_such_band(band: str) -> None:
    with pytest.raises(ValueError, match="is not a band"):
        band_charge(Decimal(900), band)
    with pytest.raises(ValueError, match="is not a band"):
        band_with_disabled_reduction(band)


def test_disabled_reduction_charges_the_next_band_down_and_a_minus_below_a() -> None:
    assert [band_with_disabled_reduction(band) for band in "ABCDEFGH"] == ["A-", *"ABCDEFG"]
    assert band_charge(Decimal(900), band_with_disabled_reduction("A")) == Decimal("500.00")


# Instalments ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("amount", "count", "plan"),
    [
        ("1200.00", 10, ["120"] * 10),
        ("1745.93", 10, ["170.93", *["175"] * 9]),
        ("2327.91", 10, ["230.91", *["233"] * 9]),
        ("2618.90", 12, ["220.90", *["218"] * 11]),
        ("9.99", 10, ["9.99"]),
        ("10.00", 10, ["5", "5"]),
        ("23.40", 10, ["5.40", "6", "6", "6"]),
        ("0.01", 10, ["0.01"]),
        ("0.00", 10, []),
    ],
)
def test_worked_examples(amount: str, count: int, plan: list[str]) -> None:
    assert instalment_plan(Decimal(amount), count) == [Decimal(each) for each in plan]


@given(pounds, counts)
def test_instalments_add_up_to_the_bill(amount: Decimal, count: int) -> None:
    plan = instalment_plan(amount, count)
    assert sum(plan, Decimal(0)) == amount
    assert len(plan) <= count


@given(pounds.filter(bool), counts)
def test_all_but_the_first_are_the_same_whole_pounds(amount: Decimal, count: int) -> None:
    _, *later = instalment_plan(amount, count)
    assert len(set(later)) <= 1
    assert all(each == each.to_integral_value() for each in later)


@given(pounds.filter(lambda amount: amount >= 5), counts)
def test_no_instalment_is_under_five_pounds(amount: Decimal, count: int) -> None:
    assert min(instalment_plan(amount, count)) >= 5


@given(st.integers(1, 900), counts)
def test_whole_pounds_that_divide_evenly_are_all_equal(each: int, count: int) -> None:
    each = max(each, 5)
    assert instalment_plan(Decimal(each * count), count) == [Decimal(each)] * count


@pytest.mark.parametrize(("amount", "count"), [("-0.01", 10), ("100.00", 0), ("100.00", -1)])
def test_nothing_else_can_be_spread(amount: str, count: int) -> None:
    with pytest.raises(ValueError, match="at least one instalment"):
        instalment_plan(Decimal(amount), count)


LEFT = [(date(2026, month, 15), Decimal(100)) for month in (11, 12)]
MONTHS = ("2026-11", "2026-12", "2027-01")
LEFT.append((date(2027, 1, 15), Decimal(100)))


@pytest.mark.parametrize(
    ("on", "day", "last", "stay", "new"),
    [
        # 15 November is within 14 days and stays; December is the first new month.
        (date(2026, 11, 5), 25, (2027, 1), 1, ["2026-12-25 100", "2027-01-25 100"]),
        (date(2026, 11, 5), 1, (2027, 1), 1, ["2026-12-01 100", "2027-01-01 100"]),
        # 1 December is too soon for a notice of 23 November, and so is the month before it.
        (date(2026, 11, 23), 1, (2027, 3), 2, ["2027-01-01 34", "2027-02-01 33", "2027-03-01 33"]),
        # A month that is paid for is not used again.
        (
            date(2026, 9, 1),
            25,
            (2027, 1),
            0,
            [f"{day}-25 100" for day in MONTHS],
        ),
        (date(2027, 1, 2), 25, (2027, 1), 3, []),
        (date(2026, 12, 20), 31, (2027, 2), 2, ["2027-01-31 50", "2027-02-28 50"]),
    ],
)
def test_what_is_left_is_spread_anew(
    on: date, day: int, last: tuple[int, int], stay: int, new: list[str]
) -> None:
    made = respread(LEFT, day, date(*last, 1), on)
    assert made.stay == LEFT[:stay]
    assert [f"{due} {amount}" for due, amount in made.new] == new


@given(
    st.dates(date(2026, 4, 1), date(2027, 3, 31)),
    st.integers(1, 31),
    st.lists(pounds.filter(bool), min_size=1, max_size=12),
    st.sampled_from([date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)]),
)
def test_new_instalments_leave_14_days_and_add_up_with_those_that_stay(
    on: date, day: int, amounts: list[Decimal], last: date
) -> None:
    left = [(date(2026 + (n + 3) // 12, (n + 3) % 12 + 1, 1), a) for n, a in enumerate(amounts)]
    made = respread(left, day, last, on)
    dues = [*made.stay, *made.new]
    assert sum(amount for _, amount in dues) == sum(amounts)
    assert all(due >= on + NOTICE for due, _ in made.new)
    months = [(due.year, due.month) for due, _ in dues]
    assert months == sorted(set(months))


@pytest.mark.parametrize(
    ("in_12", "last_due", "month"),
    [
        (True, date(2027, 1, 15), date(2027, 3, 1)),
        (True, date(2026, 9, 15), date(2027, 3, 1)),
        (False, date(2027, 3, 15), date(2027, 1, 1)),
        (False, date(2027, 2, 15), date(2027, 2, 1)),
    ],
)
def test_twelve_end_in_march_and_ten_in_january_or_as_the_bill_says(
    in_12: bool, last_due: date, month: date
) -> None:
    assert ends_in(in_12, last_due) == month


@pytest.mark.parametrize(
    ("issued", "usual", "asked"),
    [
        (date(2026, 3, 10), 10, 12),
        (date(2026, 4, 15), 10, 12),
        (date(2026, 4, 16), 10, 11),
        (date(2026, 4, 30), 10, 11),
        (date(2026, 5, 1), 9, 10),
        (date(2026, 8, 31), 6, 7),
        (date(2026, 12, 31), 2, 3),
        (date(2027, 1, 1), 1, 1),
        (date(2027, 3, 31), 1, 1),
        (date(2027, 6, 1), 1, 1),
    ],
)
def test_number_depends_on_the_day_of_issue(issued: date, usual: int, asked: int) -> None:
    assert instalment_count(issued, YEAR) == usual
    assert instalment_count(issued, YEAR, asked_for_12=True) == asked


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.booleans())
def test_every_instalment_has_a_month_of_the_year_left(issued: date, asked: bool) -> None:
    number = instalment_count(issued, YEAR, asked)
    months = (2027 - issued.year) * 12 + 3 - issued.month
    assert 1 <= number <= max(1, months if issued >= date(2026, 5, 1) else 12)
    assert number <= instalment_count(issued - timedelta(days=1), YEAR, asked)


# Premiums and discounts -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("empty_since", "on", "percent"),
    [
        (date(2025, 5, 2), date(2026, 5, 1), 0),
        (date(2025, 5, 1), date(2026, 5, 1), 100),
        (date(2021, 5, 2), date(2026, 5, 1), 100),
        (date(2021, 5, 1), date(2026, 5, 1), 200),
        (date(2016, 5, 2), date(2026, 5, 1), 200),
        (date(2016, 5, 1), date(2026, 5, 1), 300),
        # Before April 2024 it took two years; before 2019 it was 50%.
        (date(2022, 6, 1), date(2024, 3, 31), 0),
        (date(2022, 6, 1), date(2024, 4, 1), 100),
        (date(2010, 1, 1), date(2018, 1, 1), 50),
        (date(2010, 1, 1), date(2012, 1, 1), 0),
        (date(2024, 2, 29), date(2025, 2, 28), 0),
        (date(2024, 2, 29), date(2025, 3, 1), 100),
    ],
)
def test_empty_home_pays_more_the_longer_it_is_empty(
    empty_since: date, on: date, percent: int
) -> None:
    assert premium_percent("empty", empty_since, on) == percent


def test_second_home_pays_more_since_april_2025_however_long_it_is_one() -> None:
    assert premium_percent("second_home", date(2000, 1, 1), date(2025, 3, 31)) == 0
    assert premium_percent("second_home", date(2025, 3, 31), date(2025, 4, 1)) == 100


def test_there_is_no_other_premium() -> None:
    with pytest.raises(ValueError, match="use one of empty, second_home"):
        premium_percent("castle", YEAR, YEAR)


def test_discount_depends_on_how_many_adults_count() -> None:
    assert [occupancy_discount_percent(adults) for adults in range(4)] == [50, 25, 0, 0]
    with pytest.raises(ValueError, match="no adults"):
        occupancy_discount_percent(-1)
