"""The figures of each year: allowances, premiums, deductions, limits; pounds a week.

Allowances, premiums, disregards, capital rules and deductions from Housing Benefit: DWP, “Benefit
and pension rates 2026 to 2027”, and the Social Security Benefits Up-rating Order 2026
(SI 2026/148). Deductions from support of pension age: Council Tax Reduction Schemes (Prescribed
Requirements) (England) Regulations 2012 (SI 2012/2885) as amended by SI 2026/27. Local housing
allowance: Valuation Office Agency, Southern Greater Manchester. Support of working age:
“Stockport Council Tax Support Scheme 2026 to 2027”: the default scheme of 2012 with the changes
in `Scheme`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from benefits.rules.circumstances import Rooms

D = Decimal
Bands = tuple[tuple[Decimal, Decimal], ...]  # gross income from, deduction


class UnknownYearError(LookupError):
    """There are no figures for a day."""


@dataclass(frozen=True)
class Capital:
    """Pounds of savings: what is ignored, how the rest counts as income, and the limit.

    Each step, or part of one, above `ignored` counts as £1 a week.
    """

    ignored: Decimal
    step: Decimal
    limit: Decimal


@dataclass(frozen=True)
class Scheme:
    """A scheme of Council Tax Support.

    `cap` is the highest band that counts, `family_cap` the same where three bedrooms or more are
    needed; empty where nothing is capped.
    """

    capital: Capital
    non_dependants: Bands
    taper: Decimal  # taken off for each pound of income above what is needed
    cap: str = ""
    family_cap: str = ""


@dataclass(frozen=True)
class Figures:
    """All figures of the year from `start` to `end`, both included."""

    start: date
    end: date
    single_under_25: Decimal
    single: Decimal
    couple: Decimal
    pension_single: Decimal
    pension_couple: Decimal
    older_pension_single: Decimal  # pension age reached before 1 April 2021
    older_pension_couple: Decimal
    child: Decimal
    disabled_child: Decimal
    severely_disabled_child: Decimal
    disability: tuple[Decimal, Decimal]  # single, couple
    enhanced_disability: tuple[Decimal, Decimal]
    severe_disability: Decimal
    carer: Decimal
    non_dependants: Bands
    allowances: MappingProxyType[Rooms, Decimal]
    benefit_cap_single: Decimal  # outside London, no children
    benefit_cap_family: Decimal
    pension_capital: Capital
    working_capital: Capital
    pension_support: Scheme
    working_support: Scheme


PENSION_CAPITAL = Capital(ignored=D(10_000), step=D(500), limit=D(16_000))

FIGURES_2026 = Figures(
    start=date(2026, 4, 1),
    end=date(2027, 3, 31),
    single_under_25=D("75.65"),
    single=D("95.55"),
    couple=D("150.15"),
    pension_single=D("238.00"),
    pension_couple=D("363.25"),
    older_pension_single=D("256.00"),
    older_pension_couple=D("383.35"),
    child=D("87.88"),
    disabled_child=D("84.46"),
    severely_disabled_child=D("33.99"),
    disability=(D("44.85"), D("64.00")),
    enhanced_disability=(D("22.00"), D("31.40")),
    severe_disability=D("86.05"),
    carer=D("48.15"),
    non_dependants=(
        (D(0), D("20.40")),
        (D(192), D("46.85")),
        (D(279), D("64.35")),
        (D(365), D("105.20")),
        (D(485), D("119.85")),
        (D(605), D("131.45")),
    ),
    allowances=MappingProxyType(
        {
            Rooms.SHARED: D("94.72"),
            Rooms.ONE: D("143.84"),
            Rooms.TWO: D("172.60"),
            Rooms.THREE: D("207.12"),
            Rooms.FOUR: D("322.19"),
        }
    ),
    benefit_cap_single=D("283.71"),
    benefit_cap_family=D("423.46"),
    pension_capital=PENSION_CAPITAL,
    working_capital=Capital(ignored=D(6_000), step=D(250), limit=D(16_000)),
    pension_support=Scheme(
        capital=PENSION_CAPITAL,
        non_dependants=(
            (D(0), D("5.20")),
            (D(279), D("10.60")),
            (D(485), D("13.30")),
            (D(605), D("15.95")),
        ),
        taper=D("0.20"),
    ),
    working_support=Scheme(
        capital=Capital(ignored=D(6_000), step=D(250), limit=D(8_000)),
        non_dependants=((D(0), D("5.00")), (D(188), D("10.00"))),
        taper=D("0.20"),
        cap="A",
        family_cap="B",
    ),
)
YEARS = (FIGURES_2026,)


def figures_on(day: date) -> Figures:
    """The figures in force on a day; raises UnknownYearError where there are none."""
    for figures in YEARS:
        if figures.start <= day <= figures.end:
            return figures
    raise UnknownYearError(f"There are no benefit figures for {day} in benefits/rules/figures.py.")
