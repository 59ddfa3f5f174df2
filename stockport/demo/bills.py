"""Council tax bills: the band's charge for some days, and what lowers or raises it.

The order is the law's: discount, exemption or premium; then support; then local help
(LGFA 1992, sections 10 to 13A).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from stockport.demo.plans import Relief
from stockport.demo.reference import full_charge
from stockport.demo.years import TaxYear, days_between
from stockport.money import to_pennies

ZERO = Decimal("0.00")
BAND_BELOW = dict(zip("ABCDEFGH", ("A-", *"ABCDEFG"), strict=True))


@dataclass(frozen=True)
class Line:
    """One reason why a bill is lower (below zero) or higher, in pounds."""

    type: str
    code: str
    reason: str
    percent: Decimal | None
    amount: Decimal


@dataclass(frozen=True)
class Support:
    """Council Tax Support for some days of a year: a share of what is left after discounts."""

    share: Decimal
    start: date
    end: date


@dataclass(frozen=True)
class Bill:
    """What an account is charged for its days of one year."""

    year: TaxYear
    start: date
    end: date
    band_listed: str
    band_charged: str
    gross: Decimal
    lines: tuple[Line, ...]

    @property
    def days(self) -> int:
        """Days charged, first and last included."""
        return days_between(self.start, self.end)

    @property
    def charge(self) -> Decimal:
        """Pounds to pay."""
        return self.gross + sum((line.amount for line in self.lines), ZERO)

    @property
    def support(self) -> Decimal:
        """Pounds of Council Tax Support on the bill."""
        return -sum((line.amount for line in self.lines if line.type == "support"), ZERO)


RELIEF_LINES = {
    Relief.SINGLE: ("discount", "SPD", "Only one adult lives here", -25),
    Relief.DISREGARDED: ("discount", "DIS50", "Every adult here is disregarded", -50),
    Relief.STUDENTS: ("exemption", "N", "Everyone here is a full-time student", -100),
    Relief.IMPAIRED: ("exemption", "U", "Everyone here is severely mentally impaired", -100),
    Relief.EMPTY: ("premium", "EMPTY1", "Empty for more than a year", 100),
}


def bill(
    year: TaxYear, start: date, end: date, band: str, relief: Relief, support: Support | None
) -> Bill:
    """The bill of a home in this band for the days from start to end of one year."""
    charged = BAND_BELOW[band] if relief is Relief.DISABLED else band
    gross = to_pennies(full_charge(year, charged) * days_between(start, end) / year.days)
    lines: list[Line] = []
    if relief in RELIEF_LINES:
        kind, code, reason, percent = RELIEF_LINES[relief]
        amount = to_pennies(gross * percent / 100)
        lines.append(Line(kind, code, reason, Decimal(abs(percent)), amount))
    if support:
        lines.append(_support(gross + sum((line.amount for line in lines), ZERO), support, year))
    if relief is Relief.CARE_LEAVER:
        help_given = Decimal(100)
        reason = "Local help for care leavers"
        lines.append(Line("discretionary", "CARE", reason, help_given, -gross))
    return Bill(year, start, end, band, charged, gross, tuple(lines))


def _support(liable: Decimal, support: Support, year: TaxYear) -> Line:
    days = days_between(support.start, support.end)
    whole_year = days == year.days
    reason = "Council Tax Support"
    if not whole_year:
        reason = f"Council Tax Support for {days} days"
    percent = support.share * 100 if whole_year else None
    amount = -to_pennies(liable * support.share * days / year.days)
    return Line("support", "CTS", reason, percent, amount)
