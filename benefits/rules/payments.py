"""What a payment is for, when it comes, and how it compares with the award; amounts in pounds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from math import ceil

from benefits.rules.appeals import months_after
from stockport.money import PENNY, to_pennies
from stockport.working_days import working_day

WEEKS_A_YEAR, MONTHS_A_YEAR = 52, 12
MONDAY = 0


def next_payment_date(period_end: date) -> date:
    """The first working day after a period ends: what councils do where no date is given.

    It held for all 63 published dates of two councils; others differ, so it is only expected.
    """
    return working_day(period_end + timedelta(days=1))


def is_month(start: date, end: date) -> bool:
    """Whether a period is one month: from a day to the day before it in the next month.

    Four benefit weeks, Monday to Sunday, are no month, though they fill a February.
    """
    following = end + timedelta(days=1)
    if start.weekday() == following.weekday() == MONDAY:
        return False
    months = (following.year - start.year) * 12 + following.month - start.month
    return months == 1 and following.day == start.day


def weeks_in(start: date, end: date) -> Decimal:
    """The weeks of a period, first and last day included; a month is 52/12 of a week.

    Housing Benefit Regulations 2006, regulation 80: monthly amounts by 12, over 52.
    """
    if is_month(start, end):
        return Decimal(WEEKS_A_YEAR) / MONTHS_A_YEAR
    return Decimal((end - start).days + 1) / 7


def a_week(monthly: Decimal) -> Decimal:
    """What a monthly amount is a week, to the penny, by the same regulation."""
    return to_pennies(monthly * MONTHS_A_YEAR / WEEKS_A_YEAR)


def length(start: date, end: date) -> str:
    """How long a period is, first and last day included: 4 weeks, 1 month, 5 days."""
    days = (end - start).days + 1
    if is_month(start, end):
        return "1 month"
    number, unit = (days, "day") if days % 7 else (days // 7, "week")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def following_end(start: date, end: date) -> date:
    """The last day of the period after one, as long as it: so many days, or a month."""
    if is_month(start, end):
        return months_after(end + timedelta(days=1), 1) - timedelta(days=1)
    return end + (end - start) + timedelta(days=1)


class Change(StrEnum):
    """A payment against the weekly award."""

    EXPECTED = "Expected"
    REDUCED = "Reduced"
    INCREASED = "Increased"


def full_amount(weekly: Decimal, start: date, end: date) -> Decimal:
    """What a weekly award comes to for a period, to the penny."""
    return to_pennies(weekly * weeks_in(start, end))


def change(amount: Decimal, weekly: Decimal, start: date, end: date) -> Change:
    """How a payment compares with the award for its period; a penny is no difference."""
    difference = amount - full_amount(weekly, start, end)
    if abs(difference) <= PENNY:
        return Change.EXPECTED
    return Change.INCREASED if difference > 0 else Change.REDUCED


def recovered_from(
    short: Decimal, recoveries: Iterable[Decimal], start: date, end: date
) -> Decimal | None:
    """What is taken back from a payment, where weekly recoveries explain why it is short."""
    taken = full_amount(sum(recoveries, Decimal(0)), start, end)
    return short if taken and abs(short - taken) <= PENNY else None


def weeks_left(left: Decimal, weekly: Decimal) -> int:
    """How many weeks of recovery are left, the last one perhaps a part; weekly above zero."""
    return ceil(left / weekly)
