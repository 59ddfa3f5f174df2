"""What days at one or two homes cost in a year, as an estimate (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from council_tax.rules.schedule import ZERO
from council_tax.rules.years import apportion
from stockport.money import to_pennies

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stay:
    """Days in one home that are charged alike; the first and the last of them are both charged."""

    band: str
    annual: Decimal  # pounds, for the whole year
    first_day: date
    last_day: date
    percent_off: int = 0

    @property
    def days(self) -> int:
        """How many days are charged."""
        return (self.last_day - self.first_day).days + 1

    @property
    def gross(self) -> Decimal:
        """Pounds before the discount."""
        return apportion(self.annual, self.first_day, self.last_day)

    @property
    def discount(self) -> Decimal:
        """Pounds that are taken off."""
        return to_pennies(self.gross * self.percent_off / 100)

    @property
    def net(self) -> Decimal:
        """Pounds to pay for these days."""
        return self.gross - self.discount


def days_of_homes(
    move: str, moved_on: date | None, first_day: date, last_day: date
) -> list[tuple[date, date]]:
    """The charged days of each home in turn: the old one's end before the day of the move.

    `move` is "none", "into" the borough, "out" of it or "within". A home without a day has a last
    day before its first. Source: Local Government Finance Act 1992, section 2(2): who pays for a
    day is who lives there at its end. Raises ValueError for a move without its day.
    """
    if move == "none":
        return [(first_day, last_day)]
    if moved_on is None:
        raise ValueError("A move has a day.")
    before, after = (first_day, moved_on - ONE_DAY), (moved_on, last_day)
    return {"into": [after], "out": [before], "within": [before, after]}[move]


def discounted(stay: Stay, percent: int, since: date) -> list[Stay]:
    """The days of a home without and with a discount that starts on a day; none that are empty."""
    starts = min(max(since, stay.first_day), stay.last_day + ONE_DAY)
    without = Stay(stay.band, stay.annual, stay.first_day, starts - ONE_DAY)
    within = Stay(stay.band, stay.annual, starts, stay.last_day, percent)
    return [part for part in (without, within) if part.days > 0]


def cost(stays: Iterable[Stay]) -> Decimal:
    """What they cost together, in pounds; each was rounded by itself."""
    return sum((stay.net for stay in stays), ZERO)
