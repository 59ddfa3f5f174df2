"""The form of the estimate."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from benefits.rules import Circumstances, NonDependant, Rooms
from stockport.amounts import CountField, PoundsField
from stockport.forms import GovukForm, RadioSelect

# A deduction of Stockport's scheme begins at this gross wage; who works is taken to have it.
WORKING_WAGE = Decimal(188)


def radios(label: str, choices: list[tuple[str, str]], error: str, hint: str = "") -> Any:
    """One of a few answers, as radios."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=RadioSelect,
        help_text=hint,
        error_messages={"required": error, "invalid_choice": error},
    )


class EstimateForm(GovukForm):
    """What working-age Council Tax Support depends on, in a week unless it says otherwise."""

    household = radios(
        "Who do you live with as a family?",
        [
            ("single", "I am single"),
            ("under_25", "I am single and under 25"),
            ("couple", "I live with a partner"),
        ],
        "Select who you live with",
    )
    children = CountField(
        label="Children", most=15, help_text="How many depend on you. Leave it empty if none do."
    )
    others = CountField(
        label="Other adults who do not work", most=9, help_text="Who live with you, not as lodgers."
    )
    working = CountField(
        label="Other adults who work", most=9, help_text="16 hours a week or more."
    )
    bedrooms = radios(
        "How many bedrooms does your household need?",
        [("1 bed", "1"), ("2 bed", "2"), ("3 bed", "3 or more")],
        "Select how many bedrooms your household needs",
        "One for each couple or adult, and one for each two children.",
    )
    band = radios(
        "Which band is your home in?",
        [(band, band) for band in "ABCDEFGH"],
        "Select the band of your home",
        "It is on your council tax bill.",
    )
    council_tax = PoundsField(
        label="Council tax for the whole year",
        help_text="After any discount, before any support, such as £1,745.93.",
        error_messages={"required": "Enter your council tax for the whole year"},
    )
    passported = radios(
        "Do you get any of these?",
        [
            (
                "yes",
                "Income Support, income-based Jobseeker’s Allowance, or income-related"
                " Employment and Support Allowance",
            ),
            ("no", "None of them"),
        ],
        "Select whether you get any of these",
    )
    earnings = PoundsField(
        label="Wages each week",
        required=False,
        help_text="Yours and your partner’s together, after tax and National Insurance.",
    )
    other_income = PoundsField(
        label="Other income each week",
        required=False,
        help_text="Such as Carer’s Allowance or a private pension. Leave out Child Benefit,"
        " Personal Independence Payment and Disability Living Allowance.",
    )
    savings = PoundsField(
        label="Savings", required=False, help_text="Everything in all accounts, in pounds."
    )

    def circumstances(self) -> Circumstances:
        """The household of a form that is valid."""
        given = self.cleaned_data
        idle, working = NonDependant(), NonDependant(WORKING_WAGE)
        return Circumstances(
            pension_age=False,
            couple=given["household"] == "couple",
            under_25=given["household"] == "under_25",
            children=given["children"],
            passported=given["passported"] == "yes",
            earnings=given["earnings"],
            other_income=given["other_income"],
            capital=given["savings"],
            non_dependants=(idle,) * given["others"] + (working,) * given["working"],
            rooms=Rooms(given["bedrooms"]),
            council_tax=given["council_tax"],
            band=given["band"],
        )
