"""Council Tax Support a week: an estimate, for pension age and for Stockport's working age.

Pension age: Council Tax Reduction Schemes (Prescribed Requirements) (England) Regulations 2012
(SI 2012/2885), classes A and B; not the alternative for a second adult (class C). Working age:
the council's own scheme, in `figures.Scheme`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from benefits.rules import means
from benefits.rules.circumstances import Circumstances, Rooms
from benefits.rules.figures import Figures, Scheme, figures_on
from benefits.rules.working import Line, Working
from stockport.money import to_pennies

DAYS_A_WEEK = 7
# Local Government Finance Act 1992, section 5; A- is band A with a disabled band reduction.
NINTHS = {"A-": 5, "A": 6, "B": 7, "C": 8, "D": 9, "E": 11, "F": 13, "G": 15, "H": 18}


def council_tax_support_weekly(circumstances: Circumstances, on: date) -> Decimal:
    """Pounds of Council Tax Support a week on a day, an estimate; 0.00 where there is none.

    Raises UnknownYearError for a day whose figures are not known.
    """
    return council_tax_support(circumstances, on).weekly


def council_tax_support(circumstances: Circumstances, on: date) -> Working:
    """How the weekly amount comes about; raises UnknownYearError."""
    figures = figures_on(on)
    scheme = figures.pension_support if circumstances.pension_age else figures.working_support
    working = _liability(circumstances, figures, scheme)
    if means.above_limit(circumstances, scheme.capital):
        return working.less("Savings above the limit", working.weekly)
    deductions = means.non_dependant_deductions(circumstances, scheme.non_dependants)
    working = working.less("For other adults who live with you", deductions)
    excess = means.excess_income(circumstances, figures, scheme.capital)
    words = f"{scheme.taper * 100:.0f}p of each £1 of income above what you need"
    return working.less(words, excess * scheme.taper)


def weeks_in_year(on: date) -> Decimal:
    """The weeks of the tax year of a day: its days, 365 or 366, over 7. UnknownYearError."""
    return _weeks(figures_on(on))


def _weeks(figures: Figures) -> Decimal:
    return Decimal((figures.end - figures.start).days + 1) / DAYS_A_WEEK


def _liability(circumstances: Circumstances, figures: Figures, scheme: Scheme) -> Working:
    """The bill for a week, up to the highest band that counts."""
    weeks = _weeks(figures)
    working = Working((Line("Your council tax", to_pennies(circumstances.council_tax / weeks)),))
    cap = _cap(circumstances, scheme)
    if not cap or NINTHS[circumstances.band] <= NINTHS[cap]:
        return working
    most = circumstances.council_tax * NINTHS[cap] / NINTHS[circumstances.band] / weeks
    return working.at_most(f"Support is for a band {cap} bill at most", to_pennies(most))


def _cap(circumstances: Circumstances, scheme: Scheme) -> str:
    if circumstances.disabled_band_reduction:
        return ""
    family = circumstances.rooms in (Rooms.THREE, Rooms.FOUR)
    return scheme.family_cap if family else scheme.cap
