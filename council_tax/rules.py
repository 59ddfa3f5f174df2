"""Rules of council tax: pure functions; money is Decimal pounds, days are dates.

The portal explains what the back office has assessed. Nothing here assesses anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from stockport.money import to_pennies

if TYPE_CHECKING:
    from council_tax.models import ChargeLine, Instalment

ZERO = Decimal("0.00")


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


@dataclass(frozen=True)
class Schedule:
    """Instalments as they stand on a day, each in exactly one place."""

    paid: list[Instalment]
    missed: list[Instalment]
    unconfirmed: list[Instalment]  # due since the figures were taken: a payment may not show yet
    next: Instalment | None
    later: list[Instalment]

    @property
    def overdue(self) -> Decimal:
        """What is missing of missed instalments, in pounds."""
        return sum((each.left for each in self.missed), ZERO)


def schedule(instalments: Iterable[Instalment], as_at: date, today: date) -> Schedule:
    """Tell missed instalments from the next one and later ones, in the order they are due.

    `as_at` is the day of the figures: what was due before it and is not paid was missed; what
    fell due from then to yesterday may have been paid since.
    """
    by_day = sorted(instalments, key=lambda each: each.due)
    left = [each for each in by_day if each.left > 0]
    ahead = [each for each in left if each.due >= today]
    return Schedule(
        paid=[each for each in by_day if each.left <= 0],
        missed=[each for each in left if each.due < min(as_at, today)],
        unconfirmed=[each for each in left if as_at <= each.due < today],
        next=ahead[0] if ahead else None,
        later=ahead[1:],
    )


def net_of(gross: Decimal, lines: Iterable[ChargeLine]) -> Decimal:
    """A period's charge after its lines, in pounds."""
    return sum((line.amount for line in lines), gross)


def adds_up(
    parts: Sequence[tuple[Decimal, Sequence[ChargeLine], Decimal]], charge: Decimal
) -> bool:
    """Whether each period (gross, lines, net) is its own sum, and all of them are the charge."""
    each_period = all(net_of(gross, lines) == net for gross, lines, net in parts)
    return each_period and sum((net for _, _, net in parts), ZERO) == charge


# A penny of difference comes from rounding each element of a published table by itself.
TOLERANCE = Decimal("0.01")


def explains(annual: Decimal, first_day: date, last_day: date, gross: Decimal) -> bool:
    """Whether the days of the year's amount are the period's charge, to a penny."""
    return abs(apportion(annual, first_day, last_day) - gross) <= TOLERANCE
