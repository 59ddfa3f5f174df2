"""Financial years, and the part of a year's charge that some of its days cost (pure)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from stockport.money import to_pennies


def tax_year_of(day: date) -> str:
    """The financial year of a day as printed on bills, “2026/27”; it starts on 1 April.

    Source: Local Government Finance Act 1992, section 69 (financial year).
    """
    first = day.year if (day.month, day.day) >= (4, 1) else day.year - 1
    return f"{first}/{(first + 1) % 100:02}"


def year_bounds(year: str) -> tuple[date, date]:
    """The first and the last day of a financial year; ValueError where it is written wrongly."""
    first = int(year[:4])
    if year != f"{first:04}/{(first + 1) % 100:02}":
        raise ValueError(f"{year!r} is not a financial year such as 2026/27.")
    return date(first, 4, 1), date(first + 1, 3, 31)


def previous_year(year: str) -> str:
    """The financial year before: 2025/26 before 2026/27."""
    return tax_year_of(year_bounds(year)[0] - timedelta(days=1))


def days_in_year(year: str) -> int:
    """365, or 366 where the year holds a 29 February, as 2027/28 does."""
    first, last = year_bounds(year)
    return (last - first).days + 1


def apportion(annual: Decimal, first_day: date, last_day: date) -> Decimal:
    """The part in pounds of a year's amount for some of its days, both charged, to the penny.

    Source: Local Government Finance Act 1992, section 10: the amount set divided by the days of
    the year, for each day. Councils round each period by itself.
    """
    days = (last_day - first_day).days + 1
    return to_pennies(annual * days / days_in_year(tax_year_of(first_day)))
