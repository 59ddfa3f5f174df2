"""Council tax years, which run from 1 April to 31 March, and dates within them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class TaxYear:
    """One year, known by the calendar year of its 1 April."""

    first: int

    @property
    def name(self) -> str:
        """As printed on bills: 2026/27."""
        return f"{self.first}/{(self.first + 1) % 100:02}"

    @property
    def start(self) -> date:
        """1 April."""
        return date(self.first, 4, 1)

    @property
    def end(self) -> date:
        """31 March."""
        return date(self.first + 1, 3, 31)

    @property
    def days(self) -> int:
        """365, or 366 with a 29 February in it."""
        return days_between(self.start, self.end)

    @property
    def billed(self) -> date:
        """When the annual bills are issued: mid-March before the year."""
        return date(self.first, 3, 14)

    @property
    def previous(self) -> TaxYear:
        """The year before."""
        return TaxYear(self.first - 1)


def tax_year(day: date) -> TaxYear:
    """The year that a day falls in."""
    return TaxYear(day.year if (day.month, day.day) >= (4, 1) else day.year - 1)


def days_between(start: date, end: date) -> int:
    """The number of days from start to end, both included."""
    return (end - start).days + 1


def monday_of(day: date) -> date:
    """The Monday of a day's week, as benefit weeks begin (HB Regulations 2006, reg 2)."""
    return day - timedelta(days=day.weekday())


def month_after(day: date, months: int, on: int) -> date:
    """The given day of the month that is so many months after a day's month."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, on)
