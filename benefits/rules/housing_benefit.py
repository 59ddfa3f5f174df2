"""Housing Benefit a week: an estimate, for pension age and the working-age cases that are left.

Housing Benefit Regulations 2006 (SI 2006/213), and those of pension age (SI 2006/214).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from benefits.rules import means
from benefits.rules.circumstances import Circumstances, Tenancy
from benefits.rules.figures import Figures, figures_on
from benefits.rules.working import Line, Working
from stockport.money import to_pennies

TAPER = Decimal("0.65")
LEAST = Decimal("0.50")  # regulation 75: less is not paid
SPARE_BEDROOM = {1: Decimal("0.14"), 2: Decimal("0.25")}  # regulation B13; 2 stands for more too


def housing_benefit_weekly(circumstances: Circumstances, on: date) -> Decimal:
    """Pounds of Housing Benefit a week on a day, an estimate; 0.00 where there is none.

    Raises UnknownYearError for a day whose figures are not known.
    """
    return housing_benefit(circumstances, on).weekly


def housing_benefit(circumstances: Circumstances, on: date) -> Working:
    """How the weekly amount comes about; raises UnknownYearError."""
    figures = figures_on(on)
    capital = figures.pension_capital if circumstances.pension_age else figures.working_capital
    working = _eligible_rent(circumstances, figures)
    if means.above_limit(circumstances, capital):
        return working.less("Savings above the limit", working.weekly)
    deductions = means.non_dependant_deductions(circumstances, figures.non_dependants)
    working = working.less("For other adults who live with you", deductions)
    excess = means.excess_income(circumstances, figures, capital)
    working = working.less("65p of each £1 of income above what you need", excess * TAPER)
    working = _cap(working, circumstances, figures)
    if working.weekly < LEAST:
        return working.less("Less than 50p a week is not paid", working.weekly)
    return working


def _eligible_rent(circumstances: Circumstances, figures: Figures) -> Working:
    working = Working((Line("Your rent", to_pennies(circumstances.rent)),))
    working = working.less("Heating, water, meals and care", circumstances.ineligible_rent)
    if circumstances.tenancy is Tenancy.PRIVATE:
        most = figures.allowances[circumstances.rooms]
        return working.at_most("Rent above the local housing allowance", most)
    spare = min(circumstances.spare_bedrooms, 2)
    if circumstances.tenancy is Tenancy.SOCIAL and not circumstances.pension_age and spare:
        return working.less("For spare bedrooms", working.weekly * SPARE_BEDROOM[spare])
    return working


def _cap(working: Working, circumstances: Circumstances, figures: Figures) -> Working:
    """Other benefits and this one come to no more than the benefit cap; 50p is left."""
    if circumstances.capped_benefits is None or circumstances.tenancy is Tenancy.SUPPORTED:
        return working
    family = circumstances.couple or circumstances.children
    cap = figures.benefit_cap_family if family else figures.benefit_cap_single
    return working.at_most("Benefit cap", max(LEAST, cap - circumstances.capped_benefits))
