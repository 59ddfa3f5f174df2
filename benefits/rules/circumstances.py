"""What an estimate of benefit needs to know about a household."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

NOTHING = Decimal(0)


class Tenancy(StrEnum):
    """Whom the rent is paid to, which decides how much of it counts."""

    PRIVATE = "private"  # up to the local housing allowance
    SOCIAL = "social"  # council or housing association: less for spare bedrooms
    SUPPORTED = "supported"  # specified accommodation: neither limit, and no benefit cap
    TEMPORARY = "temporary"  # found by the council for somebody without a home


class Rooms(StrEnum):
    """The sizes of home that have a local housing allowance."""

    SHARED = "shared"
    ONE = "1 bed"
    TWO = "2 bed"
    THREE = "3 bed"
    FOUR = "4 bed"


class Disability(StrEnum):
    """Which disability premiums of working age apply."""

    NONE = "none"
    STANDARD = "standard"
    ENHANCED = "enhanced"


@dataclass(frozen=True)
class NonDependant:
    """An adult who lives with the household and is no partner, tenant or lodger of it."""

    gross_weekly: Decimal = NOTHING  # pounds, before tax; nothing if not working 16 hours a week
    no_deduction: bool = False  # full-time student, on Pension Credit, UC without earnings, …


@dataclass(frozen=True)
class Circumstances:
    """A household on a day. Amounts are pounds a week unless a name says otherwise.

    `pension_age`: both of a couple, or the only claimant, have reached State Pension age.
    `passported`: on Guarantee Pension Credit, Income Support, income-based Jobseeker's Allowance
    or income-related Employment and Support Allowance: income and capital are ignored.
    `universal_credit`: give the award's own maximum as `applicable_amount`, and as income the
    award with what it was worked out from, before the work allowance (SI 2012/2886, schedule,
    paragraph 37); capital adds no income then.
    `applicable_amount`: from a decision letter; worked out from the household where it is None.
    `earnings`: after tax, National Insurance and half of pension contributions, before
    disregards. `works_full_time`: 30 hours a week, or 16 with a child or a disability.
    `capped_benefits`: the other benefits that count towards the benefit cap; None where the
    household is exempt from it, as nearly everybody of pension age is.
    `council_tax`: pounds a year, after discounts. `band`: the band billed.
    """

    pension_age: bool
    couple: bool = False
    under_25: bool = False
    pension_age_before_april_2021: bool = False
    children: int = 0
    disabled_children: int = 0
    severely_disabled_children: int = 0  # of the disabled children
    disability: Disability = Disability.NONE
    severe_disability: int = 0  # how many of the couple have the severe disability premium
    carers: int = 0  # how many of the couple are entitled to Carer's Allowance
    applicable_amount: Decimal | None = None

    passported: bool = False
    universal_credit: bool = False
    earnings: Decimal = NOTHING
    works_full_time: bool = False
    childcare: Decimal = NOTHING
    other_income: Decimal = NOTHING
    capital: Decimal = NOTHING  # pounds, not a week

    non_dependants: tuple[NonDependant, ...] = ()
    no_non_dependant_deductions: bool = False  # blind, or with a benefit for care at home

    tenancy: Tenancy = Tenancy.SOCIAL
    rent: Decimal = NOTHING
    ineligible_rent: Decimal = NOTHING  # heating, water, meals and care within the rent
    rooms: Rooms = Rooms.ONE  # that the household needs
    spare_bedrooms: int = 0
    capped_benefits: Decimal | None = None

    council_tax: Decimal = NOTHING
    band: str = "A"
    disabled_band_reduction: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for an amount or a number of people below zero."""
        negative = [
            name
            for name, value in vars(self).items()
            if isinstance(value, Decimal | int) and value < 0
        ]
        if negative:
            raise ValueError(f"{', '.join(negative)}: give nothing less than 0.")
