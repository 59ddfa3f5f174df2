"""What a known award would be with another income: an estimate from the award's own figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from benefits.rules.circumstances import NOTHING
from benefits.rules.figures import figures_on
from benefits.rules.housing_benefit import LEAST, TAPER
from stockport.money import to_pennies


@dataclass(frozen=True)
class Known:
    """What a decision letter says of an award, in pounds a week."""

    weekly: Decimal
    needs: Decimal
    income: Decimal


def housing_benefit_at(known: Known, income: Decimal) -> Decimal:
    """Pounds of Housing Benefit a week at another income, an estimate; 0.00 where there is none."""
    weekly = _tapered(known, income, TAPER)
    return weekly if weekly >= LEAST else Decimal("0.00")


def support_at(known: Known, income: Decimal, on: date) -> Decimal:
    """Pounds of Council Tax Support a week at another income, an estimate.

    Both schemes, of pension age and of working age, take the same for each pound. Raises
    UnknownYearError for a day whose figures are not known.
    """
    return _tapered(known, income, figures_on(on).working_support.taper)


def _tapered(known: Known, income: Decimal, taper: Decimal) -> Decimal:
    """The award without what its own income takes off, less what the other income does."""

    def taken(amount: Decimal) -> Decimal:
        return to_pennies(max(NOTHING, amount - known.needs) * taper)

    return max(Decimal("0.00"), known.weekly + taken(known.income) - taken(income))
