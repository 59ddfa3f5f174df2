"""The arithmetic of years, days, instalments and bills, and the words for codes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from council_tax.models import ChargeLine, Instalment
from council_tax.models.codes import LineType, PaymentMethod, Stage, TransactionType
from council_tax.recovery import ASK_US, STAGES, hold_words, stage_words
from council_tax.rules import (
    adds_up,
    apportion,
    days_in_year,
    explains,
    net_of,
    schedule,
    tax_year_of,
    year_bounds,
)
from council_tax.wording import (
    METHODS,
    TRANSACTIONS,
    balance_words,
    band_words,
    transaction_words,
)

days = st.dates(date(2000, 1, 1), date(2090, 12, 31))
pennies = st.integers(0, 999_999).map(lambda pence: Decimal(pence).scaleb(-2))
either_way = st.integers(-99_999, 99_999).map(lambda pence: Decimal(pence).scaleb(-2))
# A busy machine says nothing about the rules.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 3, 31), "2025/26"),
        (date(2026, 4, 1), "2026/27"),
        (date(2027, 1, 1), "2026/27"),
        (date(1999, 12, 31), "1999/00"),
    ],
)
def test_financial_year_starts_on_1_april(day: date, year: str) -> None:
    assert tax_year_of(day) == year


@unhurried
@given(days)
def test_every_day_lies_in_its_own_year(day: date) -> None:
    first, last = year_bounds(tax_year_of(day))
    assert first <= day <= last
    assert tax_year_of(first - timedelta(days=1)) != tax_year_of(day)


@pytest.mark.parametrize("year", ["2026/28", "2026-27", "26/27", "2026/27 ", "year"])
def test_year_written_wrongly_is_refused(year: str) -> None:
    with pytest.raises(ValueError):
        year_bounds(year)


@pytest.mark.parametrize(
    ("year", "number"), [("2023/24", 366), ("2026/27", 365), ("2027/28", 366), ("2028/29", 365)]
)
def test_year_with_29_february_has_366_days(year: str, number: int) -> None:
    assert days_in_year(year) == number


@unhurried
@given(pennies, days, st.integers(0, 365))
def test_part_of_a_year_is_its_share_of_days_to_half_a_penny(
    annual: Decimal, first: date, length: int
) -> None:
    last = min(first + timedelta(days=length), year_bounds(tax_year_of(first))[1])
    charged = (last - first).days + 1
    exact = Fraction(annual) * charged / days_in_year(tax_year_of(first))
    assert abs(Fraction(apportion(annual, first, last)) - exact) <= Fraction(1, 200)


@unhurried
@given(pennies, days)
def test_whole_year_costs_the_whole_amount(annual: Decimal, day: date) -> None:
    assert apportion(annual, *year_bounds(tax_year_of(day))) == annual


def test_day_of_leaving_is_charged_at_the_new_home_only() -> None:
    year = Decimal("2327.91")
    old = apportion(year, date(2026, 4, 1), date(2026, 9, 13))
    new = apportion(year, date(2026, 9, 14), date(2027, 3, 31))
    assert old + new == year


@pytest.mark.parametrize(
    ("gross", "explained"), [("100.00", True), ("100.01", True), ("99.99", True), ("100.02", False)]
)
def test_charge_is_explained_to_a_penny(gross: str, explained: bool) -> None:
    year = (Decimal(100), date(2026, 4, 1), date(2027, 3, 31))
    assert explains(*year, Decimal(gross)) is explained


AS_AT, TODAY = date(2026, 11, 20), date(2026, 11, 23)


@st.composite
def instalments(draw: st.DrawFn) -> list[Instalment]:
    amounts = draw(st.lists(pennies.filter(bool), max_size=12))
    return [
        Instalment(
            due=draw(st.dates(date(2026, 4, 1), date(2027, 3, 31))),
            amount=amount,
            paid=draw(st.sampled_from([Decimal(0), amount / 2, amount])),
        )
        for amount in amounts
    ]


@unhurried
@given(instalments())
def test_every_instalment_has_exactly_one_place(given_ones: list[Instalment]) -> None:
    found = schedule(given_ones, AS_AT, TODAY)
    following = [found.next] if found.next else []
    placed = [*found.paid, *found.missed, *found.unconfirmed, *following, *found.later]
    assert sorted(map(id, placed)) == sorted(map(id, given_ones))
    assert all(each.left == 0 for each in found.paid)
    assert all(each.due < AS_AT for each in found.missed)
    assert all(AS_AT <= each.due < TODAY for each in found.unconfirmed)
    assert all(each.due >= TODAY for each in [*following, *found.later])
    assert found.overdue == sum((each.left for each in found.missed), Decimal(0))
    if found.next:
        assert all(found.next.due <= each.due for each in found.later)


def test_instalment_due_today_is_next_and_not_missed() -> None:
    today = Instalment(due=TODAY, amount=Decimal(90), paid=Decimal(0))
    found = schedule([today], TODAY, TODAY)
    assert (found.next, found.missed) == (today, [])


def test_figures_taken_after_today_do_not_make_a_payment_missed() -> None:
    today = Instalment(due=TODAY, amount=Decimal(90), paid=Decimal(0))
    assert schedule([today], TODAY + timedelta(days=2), TODAY).missed == []


@st.composite
def periods(draw: st.DrawFn) -> list[tuple[Decimal, list[ChargeLine], Decimal]]:
    made = []
    for gross in draw(st.lists(pennies, max_size=4)):
        amounts = draw(st.lists(either_way, max_size=4))
        lines = [ChargeLine(amount=amount) for amount in amounts]
        made.append((gross, lines, net_of(gross, lines)))
    return made


@unhurried
@given(periods(), st.sampled_from([Decimal("0.01"), Decimal("-0.01")]), st.integers(0, 3))
def test_bill_adds_up_exactly_when_no_penny_is_out(
    parts: list[tuple[Decimal, list[ChargeLine], Decimal]], penny: Decimal, which: int
) -> None:
    charge = sum((net for _, _, net in parts), Decimal(0))
    assert adds_up(parts, charge)
    assert not adds_up(parts, charge + penny)
    if which < len(parts):
        gross, lines, net = parts[which]
        parts[which] = (gross + penny, lines, net)
        assert not adds_up(parts, charge)


def test_every_code_has_words() -> None:
    assert set(STAGES) == set(Stage.values) - {Stage.BILL, Stage.OTHER}
    assert set(TRANSACTIONS) == set(TransactionType.values) - {TransactionType.OTHER}
    assert set(METHODS) == set(PaymentMethod.values)
    assert LineType.OTHER.label == "Adjustment"


def test_unknown_codes_still_have_words() -> None:
    assert stage_words("RM9") is ASK_US
    assert transaction_words("BAILIF", "", Decimal(1)) == "Other"
    assert hold_words("court") == "We are taking no further steps at present. Ask us for how long."


@pytest.mark.parametrize(
    ("kind", "subcode", "amount", "expected"),
    [
        ("payment", "DCARD", -10, "Payment by debit card"),
        ("payment", "POTHER", -10, "Payment"),
        ("payment", "DCARD", 10, "Payment returned"),
        ("charge", "", 10, "Council tax charge"),
        ("charge", "", -10, "Council tax charge reduced"),
        ("costs", "", -10, "Court costs cancelled"),
        ("support", "", 10, "Council Tax Support taken back"),
        ("write_off", "", -10, "Amount written off"),
        ("transfer", "", 10, "Transfer between accounts"),
        ("transfer", "", -10, "Transfer between accounts"),
    ],
)
def test_transaction_words_do_not_depend_on_the_sign_alone(
    kind: str, subcode: str, amount: int, expected: str
) -> None:
    assert transaction_words(kind, subcode, Decimal(amount)) == expected


def test_letter_without_a_date_gives_the_number_of_days() -> None:
    to_do = STAGES["reminder"].what_to_do(None, TODAY)
    assert to_do.startswith("Pay what is overdue within 7 days of our letter.")


@pytest.mark.parametrize(
    ("balance", "expected"),
    [("0.01", "£0.01 to pay"), ("-1.00", "£1.00 in credit"), ("0.00", "Nothing to pay")],
)
def test_balance_has_words_for_its_direction(balance: str, expected: str) -> None:
    assert balance_words(Decimal(balance)) == expected


@pytest.mark.parametrize(
    ("listed", "charged", "expected"),
    [
        ("D", "D", "Band D"),
        ("D", "C", "Band D, charged as C"),
        ("A", "A-", "Band A, charged as A\N{MINUS SIGN}"),
    ],
)
def test_band_charged_is_told_from_the_band_listed(
    listed: str, charged: str, expected: str
) -> None:
    assert band_words(listed, charged) == expected
