"""The questions about a change, one to a page, and only those that apply."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from accounts.http import resident_of
from benefits import modulus
from benefits.bank import ACCOUNT, SORT_CODE, DigitsField, SecretField, account_number, ending
from benefits.models import Claim, ClaimMember
from benefits.models.claims import ClaimQuerySet
from benefits.models.request import RequestKind
from benefits.requests import asked_already, kinds_for
from stockport.amounts import PoundsField
from stockport.forms import RadioSelect, TextInput
from stockport.money import pounds
from stockport.questions import address_field, day_field, one_of, words_field
from stockport.steps import StepForm

IMPOSSIBLE = (
    "The account number does not go with the sort code. Check both. If they are right, contact us"
)
EVERY = {"week": "Week", "2 weeks": "2 weeks", "4 weeks": "4 weeks", "month": "Month"}
HINTS: dict[str, str] = {
    RequestKind.RENT: "You need the letter or agreement that says how much it is.",
    RequestKind.INCOME: "Wages, a pension, a benefit, yours or your partner’s.",
    RequestKind.HOUSEHOLD: "A partner, a child, or another adult.",
    RequestKind.BANK: "For what we pay to you, not to a landlord. You need its sort code and"
    " number. We ask for your password again.",
}


class ClaimForm(StepForm):
    """Which of several claims it is about."""

    claim = forms.ModelChoiceField(
        Claim.objects.none(),
        label="Which claim is it about?",
        empty_label=None,
        to_field_name="reference",
        widget=RadioSelect,
        error_messages={
            "required": "Select the claim",
            "invalid_choice": "Select one of your claims",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        claims = self.claims(Claim.objects.for_resident(resident_of(self.request)))
        field = self.fields["claim"]
        field.queryset = claims.most_pressing_first()  # type: ignore[attr-defined]
        field.label_from_instance = _named  # type: ignore[attr-defined]

    @staticmethod
    def claims(mine: ClaimQuerySet) -> ClaimQuerySet:
        """Those that the form is for: all."""
        return mine


class LiveClaimForm(ClaimForm):
    """Which of several claims that have not ended."""

    @staticmethod
    def claims(mine: ClaimQuerySet) -> ClaimQuerySet:
        """Those that have not ended."""
        return mine.exclude(status=Claim.Status.CANCELLED)


def _named(claim: Claim) -> str:
    return f"{claim.get_type_display()}, claim {claim.reference}, {claim.address}"


class KindForm(StepForm):
    """What has changed, if it can be told about the claim."""

    kind = forms.ChoiceField(
        label="What has changed?",
        widget=RadioSelect(hints=HINTS),
        error_messages={
            "required": "Select what has changed",
            "invalid_choice": "Select one of the answers",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = kinds_for(resident_of(self.request), self.answers["claim"]["claim"])
        field = self.fields["kind"]
        field.choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]

    def clean_kind(self) -> str:
        """One that is not waiting for an answer already."""
        kind: str = self.cleaned_data["kind"]
        claim = self.answers["claim"]["claim"]
        if asked := asked_already(resident_of(self.request), claim, kind):
            raise ValidationError(
                f"You have told us this already: your reference is {asked.reference}"
            )
        return kind


def _pounds(label: str, missing: str, hint: str = "") -> PoundsField:
    return PoundsField(label=label, help_text=hint, error_messages={"required": missing})


class AmountForm(StepForm):
    """A form with an amount, which is shown in pounds."""

    def shown(self, bound: BoundField) -> str:
        """An amount in pounds, anything else as it is."""
        if isinstance(bound.field, PoundsField):
            return pounds(self.cleaned_data[bound.name])
        return super().shown(bound)


class RentForm(AmountForm):
    """The rent of the home, and since when."""

    rent = _pounds(
        "How much is the rent?",
        "Enter how much the rent is",
        "All of it, before any benefit. For example, £120 or £541.67.",
    )
    every = one_of("For how long is that?", "Select for how long that is", **EVERY)
    since = day_field("From which day?", "Enter the day from which the rent is this much")
    landlord = one_of(
        "Do you have another landlord or agent now?",
        "Select whether you have another landlord",
        yes="Yes",
        no="No",
    )


class WhoseForm(StepForm):
    """Whose income, where a partner lives there."""

    whose = one_of(
        "Whose income is it?",
        "Select whose income it is",
        mine="Of the person who made the claim",
        partners="Of their partner",
        other="Of another adult who lives there",
    )


class IncomeForm(StepForm):
    """Which income, and what happened to it."""

    source = one_of(
        "What kind of income is it?",
        "Select what kind of income it is",
        wages="Wages from a job",
        self_employed="Earnings from self-employment",
        benefit="A benefit or tax credit",
        pension="A pension",
        other="Something else",
    )
    happened = one_of(
        "What has happened?",
        "Select what has happened",
        started="It has started",
        changed="It has gone up or down",
        stopped="It has stopped",
    )
    since = day_field("From which day?", "Enter the day from which it is so")


class NowForm(AmountForm):
    """How much it is now."""

    amount = _pounds(
        "How much is it now?", "Enter how much it is now", "After tax, if it is taxed."
    )
    every = one_of("For how long is that?", "Select for how long that is", **EVERY)


class HouseholdForm(StepForm):
    """What happened in the household."""

    event = one_of(
        "What has happened?",
        "Select what has happened",
        born="A child was born or adopted",
        joined="Somebody has moved in",
        left="Somebody has moved out",
        died="Somebody has died",
    )


class SomebodyForm(StepForm):
    """Who it is, and when."""

    name = forms.CharField(
        label="What is their full name?",
        max_length=200,
        error_messages={"required": "Enter their full name"},
    )
    relation = one_of(
        "Who are they?",
        "Select who they are",
        partner="Partner",
        child="Child or young person",
        adult="Another adult, such as a parent, grown-up child or friend",
        lodger="A lodger or subtenant",
    )
    on = day_field("On which day was it?", "Enter the day on which it was")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.answers["household"]["event"] == "born":
            del self.fields["relation"]  # a child


class MovedForm(StepForm):
    """Where to, and when."""

    new_address = address_field("What is the new address?", "Enter the new address")
    moved_on = day_field("When did you move in, or will you?", "Enter the day you move in")
    renting = one_of(
        "Do you pay rent there?",
        "Select whether you pay rent there",
        private="Yes, to a private landlord",
        council="Yes, to the council or a housing association",
        no="No",
    )


class NewRentForm(AmountForm):
    """The rent of the new home."""

    rent = _pounds("How much is the rent there?", "Enter how much the rent is")
    every = one_of("For how long is that?", "Select for how long that is", **EVERY)


class BankForm(StepForm):
    """The account that the benefit is to go to. Its numbers are never written into a page again."""

    holder = forms.CharField(
        label="Name on the account",
        max_length=100,
        help_text="As on the card or statement. It must be your account, or one that you share.",
        widget=TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": "Enter the name on the account"},
    )
    sort_code = DigitsField(
        label="Sort code",
        digits=SORT_CODE,
        wrong="Sort code must be 6 digits, like 30 94 30",
        width=5,
        help_text="6 digits.",
        error_messages={"required": "Enter the sort code"},
    )
    account = DigitsField(
        label="Account number",
        digits=ACCOUNT,
        wrong="Account number must be 6 to 8 digits",
        width=10,
        help_text="6 to 8 digits.",
        error_messages={"required": "Enter the account number"},
    )
    roll_number = SecretField(
        label="Building society roll number (if you have one)",
        required=False,
        max_length=18,
        help_text="It may have letters and digits. It is on the card, statement or passbook.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, SecretField):
                # Wrong numbers that were just typed are shown, to be put right.
                field.is_kept = self.is_bound and self.request.method != "POST"

    def clean(self) -> dict[str, Any]:
        """Refuse a number that cannot be one of the sort code, as far as that is known."""
        given = super().clean() or {}
        code, account = given.get("sort_code"), given.get("account")
        if code and account and modulus.is_possible(code, account_number(account)) is False:
            self.add_error("account", IMPOSSIBLE)
        return given

    def shown(self, bound: BoundField) -> str:
        """Of numbers, how they end."""
        if bound.name in ("sort_code", "account"):
            digits = self.cleaned_data[bound.name]
            return ending(digits if bound.name == "account" else digits[-2:])
        if bound.name == "roll_number":
            return "Given" if self.cleaned_data["roll_number"] else "Not given"
        return super().shown(bound)


class MoreForm(StepForm):
    """Anything else."""

    more = words_field(
        "Is there anything else that we should know? (optional)",
        "",
        "We may ask you for papers that show the change. Never write a password or PIN here.",
        required=False,
    )


def has_partner(claim: Claim) -> bool:
    """Whether a partner lives there, as far as the back office knows."""
    return claim.members.now().filter(relation=ClaimMember.Relation.PARTNER).exists()
