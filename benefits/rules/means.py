"""The means test: what a household needs a week, what it has, and the difference; in pounds."""

from __future__ import annotations

from decimal import Decimal
from math import ceil

from benefits.rules.circumstances import NOTHING, Circumstances, Disability
from benefits.rules.figures import Bands, Capital, Figures
from benefits.rules.working import band_amount

# Housing Benefit Regulations 2006, schedule 4, and the regulations of pension age.
DISREGARD_SINGLE, DISREGARD_COUPLE = Decimal("5.00"), Decimal("10.00")
DISREGARD_DISABLED_OR_CARER, DISREGARD_LONE_PARENT = Decimal("20.00"), Decimal("25.00")
DISREGARD_FULL_TIME = Decimal("17.10")
CHILDCARE_ONE_CHILD, CHILDCARE_MORE = Decimal("175.00"), Decimal("300.00")


def applicable_amount(circumstances: Circumstances, figures: Figures) -> Decimal:
    """What the law says that a household needs a week, apart from its housing."""
    if circumstances.applicable_amount is not None:
        return circumstances.applicable_amount
    return (
        _personal_allowance(circumstances, figures)
        + circumstances.children * figures.child
        + circumstances.disabled_children * figures.disabled_child
        + circumstances.severely_disabled_children * figures.severely_disabled_child
        + _disability(circumstances, figures)
        + circumstances.severe_disability * figures.severe_disability
        + circumstances.carers * figures.carer
    )


def _personal_allowance(circumstances: Circumstances, figures: Figures) -> Decimal:
    couple = circumstances.couple
    if circumstances.pension_age and circumstances.pension_age_before_april_2021:
        return figures.older_pension_couple if couple else figures.older_pension_single
    if circumstances.pension_age:
        return figures.pension_couple if couple else figures.pension_single
    if couple:
        return figures.couple
    young = circumstances.under_25 and not circumstances.children
    return figures.single_under_25 if young else figures.single


def _disability(circumstances: Circumstances, figures: Figures) -> Decimal:
    """The premiums for disability, which are for working age only."""
    if circumstances.pension_age or circumstances.disability is Disability.NONE:
        return NOTHING
    premium = figures.disability[circumstances.couple]
    if circumstances.disability is Disability.ENHANCED:
        premium += figures.enhanced_disability[circumstances.couple]
    return premium


def tariff_income(amount: Decimal, capital: Capital) -> Decimal:
    """What savings count as a week: £1 for each step, or part of one, above what is ignored."""
    return Decimal(max(0, ceil((amount - capital.ignored) / capital.step)))


def above_limit(circumstances: Circumstances, capital: Capital) -> bool:
    """Whether savings alone rule help out."""
    return not circumstances.passported and circumstances.capital > capital.limit


def income(circumstances: Circumstances, capital: Capital) -> Decimal:
    """What counts as income a week, after disregards."""
    if circumstances.universal_credit:
        return circumstances.earnings + circumstances.other_income
    earned = max(NOTHING, circumstances.earnings - _earnings_disregard(circumstances))
    return earned + circumstances.other_income + tariff_income(circumstances.capital, capital)


def _earnings_disregard(circumstances: Circumstances) -> Decimal:
    most = CHILDCARE_MORE if circumstances.children > 1 else CHILDCARE_ONE_CHILD
    childcare = min(circumstances.childcare, most) if circumstances.children else NOTHING
    full_time = DISREGARD_FULL_TIME if circumstances.works_full_time else NOTHING
    return _basic_disregard(circumstances) + full_time + childcare


def _basic_disregard(circumstances: Circumstances) -> Decimal:
    disabled = circumstances.disability is not Disability.NONE and not circumstances.pension_age
    if circumstances.children and not circumstances.couple:
        return DISREGARD_LONE_PARENT
    if disabled or circumstances.carers:
        return DISREGARD_DISABLED_OR_CARER
    return DISREGARD_COUPLE if circumstances.couple else DISREGARD_SINGLE


def excess_income(circumstances: Circumstances, figures: Figures, capital: Capital) -> Decimal:
    """Income above the applicable amount; nothing for who is passported."""
    if circumstances.passported:
        return NOTHING
    needed = applicable_amount(circumstances, figures)
    return max(NOTHING, income(circumstances, capital) - needed)


def non_dependant_deductions(circumstances: Circumstances, bands: Bands) -> Decimal:
    """What other adults in the home are expected to pay."""
    if circumstances.no_non_dependant_deductions:
        return NOTHING
    return sum(
        (
            band_amount(bands, other.gross_weekly)
            for other in circumstances.non_dependants
            if not other.no_deduction
        ),
        NOTHING,
    )
