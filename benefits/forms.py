"""The form of the estimate."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from benefits.rules import Circumstances, Disability, NonDependant, Rooms, a_week
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
            ("uc", "Universal Credit"),
            ("no", "None of them"),
        ],
        "Select whether you get any of these",
    )
    credit_most = PoundsField(
        label="Universal Credit each month before anything is taken off",
        required=False,
        help_text="Only if you get it: all its parts together, such as the standard allowance,"
        " housing and children. Your statement says so.",
    )
    credit = PoundsField(
        label="Universal Credit each month after wages are taken off",
        required=False,
        help_text="And any other income, but before repayments of an advance or a debt.",
    )
    disability = radios(
        "Do you or your partner get a disability benefit?",
        [
            (Disability.NONE, "No"),
            (Disability.STANDARD, "Yes"),
            (Disability.ENHANCED, "Yes, with the highest rate for daily living or care"),
        ],
        "Select whether you get a disability benefit",
        "Such as Personal Independence Payment or Disability Living Allowance.",
    )
    carers = CountField(
        label="People with Carer’s Allowance",
        most=2,
        help_text="You and your partner, also where another benefit is paid instead of it.",
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

    def clean(self) -> dict[str, Any]:
        """Ask for the parts of Universal Credit, which says what its household needs."""
        given = super().clean() or {}
        if given.get("passported") != "uc" or not {"credit_most", "credit"} <= given.keys():
            return given
        if not given["credit_most"]:
            self.add_error(
                "credit_most", "Enter your Universal Credit before anything is taken off"
            )
        elif given["credit"] > given["credit_most"]:
            self.add_error("credit", "This cannot be more than before anything is taken off")
        return given

    def circumstances(self) -> Circumstances:
        """The household of a form that is valid."""
        given = self.cleaned_data
        credit = given["passported"] == "uc"
        idle, working = NonDependant(), NonDependant(WORKING_WAGE)
        return Circumstances(
            pension_age=False,
            couple=given["household"] == "couple",
            under_25=given["household"] == "under_25",
            children=given["children"],
            disability=Disability(given["disability"]),
            carers=min(given["carers"], 2 if given["household"] == "couple" else 1),
            passported=given["passported"] == "yes",
            universal_credit=credit,
            applicable_amount=a_week(given["credit_most"]) if credit else None,
            earnings=given["earnings"],
            other_income=given["other_income"] + (a_week(given["credit"]) if credit else 0),
            capital=given["savings"],
            non_dependants=(idle,) * given["others"] + (working,) * given["working"],
            rooms=Rooms(given["bedrooms"]),
            council_tax=given["council_tax"],
            band=given["band"],
        )
