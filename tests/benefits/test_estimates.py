"""Estimates agree with the examples that councils publish, and with the schemes' own figures.

Councils print their examples with the excess income or the applicable amount already worked out,
as a decision letter does, so those cases give it in `applicable_amount`.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benefits import rules
from benefits.rules import Circumstances, Disability, NonDependant, Rooms, Tenancy

D = Decimal
DAY = date(2026, 11, 23)
PENSIONER = Circumstances(pension_age=True)
WORKING = Circumstances(pension_age=False)

# Southampton, “Example of Housing Benefit calculation” (southampton.gov.uk)
SOUTHAMPTON_PASSPORTED = replace(WORKING, passported=True, rent=D(75), ineligible_rent=D(15))
SOUTHAMPTON_EXCESS = replace(WORKING, rent=D(100), other_income=D(40), applicable_amount=D(0))
# North West Leicestershire, “Examples of how benefit is calculated” (nwleics.gov.uk)
LEICESTERSHIRE_PENSION_CREDIT = replace(PENSIONER, passported=True, rent=D(95), spare_bedrooms=1)
LEICESTERSHIRE_SPARE_ROOM = replace(WORKING, passported=True, rent=D(100), spare_bedrooms=1)
# South Oxfordshire, “How it is all worked out” (southoxon.gov.uk)
OXFORDSHIRE = replace(PENSIONER, other_income=D(150), applicable_amount=D("122.80"), rent=D(50))


@pytest.mark.parametrize(
    ("circumstances", "weekly"),
    [
        (SOUTHAMPTON_PASSPORTED, "60.00"),
        (SOUTHAMPTON_EXCESS, "74.00"),
        (LEICESTERSHIRE_PENSION_CREDIT, "95.00"),
        (LEICESTERSHIRE_SPARE_ROOM, "86.00"),
        (OXFORDSHIRE, "32.32"),
    ],
)
def test_housing_benefit_agrees_with_published_examples(circumstances, weekly):
    assert rules.housing_benefit_weekly(circumstances, DAY) == D(weekly)


def a_year(weekly):
    """The yearly bill that comes to so much a week in a year of 365 days."""
    return D(weekly) / 7 * 365


@pytest.mark.parametrize(
    ("circumstances", "weekly"),
    [
        # South Oxfordshire, as above: council tax of £12.44 a week
        (replace(OXFORDSHIRE, council_tax=a_year("12.44")), "7.00"),
        # Southampton, “Example of Council Tax Reduction calculation”, pensionable age
        (
            replace(
                PENSIONER,
                other_income=D(40),
                applicable_amount=D(0),
                council_tax=a_year("18.45"),
            ),
            "10.45",
        ),
        # Hinckley and Bosworth, “How is my council tax support calculated?”: Mr Smith's week
        (replace(PENSIONER, passported=True, council_tax=D("1096.37")), "21.03"),
    ],
)
def test_support_of_pension_age_agrees_with_published_examples(circumstances, weekly):
    assert rules.council_tax_support_weekly(circumstances, DAY) == D(weekly)


def test_support_of_working_age_agrees_with_a_published_example():
    # Southampton, as above, “You are working”: £18.45 less 20 per cent of £40, before what that
    # council's own scheme then takes off
    household = replace(WORKING, other_income=D(40), applicable_amount=D(0))
    weekly = replace(household, council_tax=a_year("18.45"), band="A")
    assert rules.council_tax_support_weekly(weekly, DAY) == D("10.45")


BAND_D = replace(WORKING, council_tax=D("2618.90"), band="D")


@pytest.mark.parametrize(
    ("changes", "weekly"),
    [
        ({"passported": True}, "33.48"),  # band A at most
        ({"passported": True, "rooms": Rooms.THREE}, "39.06"),  # band B where three are needed
        ({"passported": True, "disabled_band_reduction": True}, "50.23"),  # no cap
        ({"earnings": D(120)}, "29.59"),  # 33.48 - 20% of (120 - 5 - 95.55)
        ({"earnings": D(120), "capital": D("6250.01")}, "29.19"),  # two steps: £2 a week
        ({"capital": D("8000.01")}, "0.00"),
        ({"passported": True, "capital": D("8000.01")}, "33.48"),
        ({"passported": True, "non_dependants": (NonDependant(),)}, "28.48"),
        ({"passported": True, "non_dependants": (NonDependant(D(188)),)}, "23.48"),
        ({"passported": True, "non_dependants": (NonDependant(no_deduction=True),)}, "33.48"),
        (
            {
                "passported": True,
                "non_dependants": (NonDependant(),),
                "no_non_dependant_deductions": True,
            },
            "33.48",
        ),
        (
            {
                "universal_credit": True,
                "applicable_amount": D(300),
                "other_income": D(310),
                "capital": D(7000),
            },
            "31.48",
        ),
    ],
)
def test_support_of_working_age_follows_the_scheme_of_2026(changes, weekly):
    assert rules.council_tax_support_weekly(replace(BAND_D, **changes), DAY) == D(weekly)


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ({"pension_age": True}, "238.00"),
        ({"pension_age": True, "couple": True}, "363.25"),
        ({"pension_age": True, "pension_age_before_april_2021": True}, "256.00"),
        (
            {"pension_age": True, "couple": True, "pension_age_before_april_2021": True},
            "383.35",
        ),
        ({"pension_age": True, "disability": Disability.STANDARD}, "238.00"),
        ({"pension_age": True, "severe_disability": 1, "carers": 1}, "372.20"),
        ({"under_25": True}, "75.65"),
        ({"under_25": True, "children": 1}, "183.43"),
        ({"couple": True, "children": 2, "disabled_children": 1}, "410.37"),
        ({"couple": True, "disability": Disability.ENHANCED}, "245.55"),
        (
            {"children": 1, "disabled_children": 1, "severely_disabled_children": 1},
            "301.88",
        ),
    ],
)
def test_what_a_household_needs_is_its_allowances_and_premiums(changes, needed):
    household = replace(WORKING, rent=D(500), **changes)
    enough = replace(household, other_income=D(needed))
    assert rules.housing_benefit_weekly(enough, DAY) == D(500)
    pound_more = replace(household, other_income=D(needed) + 1)
    assert rules.housing_benefit_weekly(pound_more, DAY) == D("499.35")


@pytest.mark.parametrize(
    ("changes", "ignored"),
    [
        ({}, "5"),
        ({"couple": True}, "10"),
        ({"carers": 1}, "20"),
        ({"disability": Disability.STANDARD}, "20"),
        ({"children": 1}, "25"),
        ({"works_full_time": True}, "22.10"),
        ({"children": 1, "childcare": D(180)}, "200"),
        ({"couple": True, "children": 2, "childcare": D(180)}, "190"),
        ({"childcare": D(180)}, "5"),
    ],
)
def test_part_of_earnings_is_ignored(changes, ignored):
    household = replace(WORKING, rent=D(500), applicable_amount=D(0), **changes)
    assert rules.housing_benefit_weekly(replace(household, earnings=D(ignored)), DAY) == D(500)
    more = replace(household, earnings=D(ignored) + 10)
    assert rules.housing_benefit_weekly(more, DAY) == D("493.50")


@pytest.mark.parametrize(
    ("changes", "weekly"),
    [
        ({"tenancy": Tenancy.PRIVATE}, "143.84"),
        ({"tenancy": Tenancy.PRIVATE, "rooms": Rooms.TWO}, "172.60"),
        ({"spare_bedrooms": 3}, "150.00"),
        ({"pension_age": True, "spare_bedrooms": 3}, "200.00"),
        ({"tenancy": Tenancy.TEMPORARY, "capped_benefits": D("183.71")}, "100.00"),
        ({"tenancy": Tenancy.TEMPORARY, "capped_benefits": D("400"), "couple": True}, "23.46"),
        ({"tenancy": Tenancy.TEMPORARY, "capped_benefits": D("400")}, "0.50"),
        ({"tenancy": Tenancy.SUPPORTED, "capped_benefits": D("400")}, "200.00"),
        ({"non_dependants": (NonDependant(D("364.99")),)}, "135.65"),
        ({"pension_age": True, "capital": D("10500.01"), "applicable_amount": D(0)}, "198.70"),
        ({"capital": D("16000.01")}, "0.00"),
        ({"applicable_amount": D(0), "other_income": D("307.00")}, "0.00"),  # 45p is not paid
    ],
)
def test_rent_counts_up_to_the_limits_of_the_year(changes, weekly):
    household = replace(WORKING, rent=D(200), **changes)
    assert rules.housing_benefit_weekly(household, DAY) == D(weekly)


@pytest.mark.parametrize("day", [date(2026, 3, 31), date(2027, 4, 1)])
def test_a_year_without_figures_is_refused_and_not_guessed(day):
    for estimate in (rules.housing_benefit_weekly, rules.council_tax_support_weekly):
        with pytest.raises(rules.UnknownYearError, match="no benefit figures"):
            estimate(PENSIONER, day)


def test_nothing_is_less_than_nothing():
    with pytest.raises(ValueError, match="children, rent"):
        Circumstances(pension_age=True, rent=D(-1), children=-1)


pence = st.decimals(0, 900, places=2)
households = st.builds(
    Circumstances,
    pension_age=st.booleans(),
    couple=st.booleans(),
    children=st.integers(0, 4),
    earnings=pence,
    other_income=pence,
    capital=st.decimals(0, 20_000, places=2),
    non_dependants=st.lists(st.builds(NonDependant, pence, st.booleans())).map(tuple),
    tenancy=st.sampled_from(Tenancy),
    rent=pence,
    ineligible_rent=pence,
    spare_bedrooms=st.integers(0, 3),
    capped_benefits=st.none() | pence,
    council_tax=st.decimals(0, 6_000, places=2),
    band=st.sampled_from(list("ABCDEFGH")),
)


@given(households, pence)
def test_more_income_never_gives_more_help_nor_more_than_the_rent_or_the_bill(household, more):
    richer = replace(household, other_income=household.other_income + more)
    for estimate in (rules.housing_benefit_weekly, rules.council_tax_support_weekly):
        assert D(0) <= estimate(richer, DAY) <= estimate(household, DAY)
    assert rules.housing_benefit_weekly(household, DAY) <= household.rent
    support = rules.council_tax_support_weekly(household, DAY)
    assert support * 365 / 7 <= household.council_tax + D("0.27")  # a week's half penny, yearly
