"""The questions of linking, one page each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.http import QueryDict

from stockport.forms import (
    CharacterCount,
    DateField,
    DateInput,
    GovukForm,
    RadioSelect,
    TextInput,
)
from stockport.keyed import keyed
from stockport.services import services
from stockport.steps import StepForm

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField

KEY, FACTS, PIN, LETTER, STAFF = "key", "facts", "pin", "letter", "staff"
# A number as HMRC gives them (manual NIM39110), and the hash that is kept in its place.
NI_NUMBER = re.compile(r"[A-Za-z]{2}[0-9]{6}[A-Da-d]")
NI_NUMBER_LIKE = "Enter your National Insurance number, like QQ 12 34 56 C"
KEYED = re.compile(r"[0-9a-f]{64}")
WIDTH_3 = {"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--width-3"}
PLAIN = {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-10"}
POSTCODE = RegexValidator(
    r"^[A-Za-z]{1,2}[0-9][0-9A-Za-z]? ?[0-9][A-Za-z]{2}$", "Enter a postcode like SK1 3XE"
)


class ServiceForm(StepForm):
    """Which letter the resident has in hand."""

    service = forms.ChoiceField(
        label="What do you have a bill or letter about?",
        widget=RadioSelect,
        error_messages={
            "required": "Select what your bill or letter is about",
            "invalid_choice": "Select what your bill or letter is about",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["service"]
        field.choices = [(one.slug, one.title) for one in services() if one.reference_label]  # type: ignore[attr-defined]


class ReferenceForm(StepForm):
    """The number on it. Who has none goes to staff."""

    reference = forms.CharField(
        label="What is the number on it?",
        max_length=40,
        required=False,
        widget=TextInput(attrs=PLAIN),
        error_messages={"max_length": "Enter a number of 40 characters or fewer"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.answers.get("service", {}).get("service")
        label = next((one.reference_label for one in services() if one.slug == chosen), "number")
        self.fields["reference"].label = f"What is your {label}?"
        self.fields["reference"].help_text = (
            "It is at the top of your bill or letter. Leave this empty if you have no bill yet,"
            " as in a new home."
        )


class NameForm(StepForm):
    """Who the letter is to, as it is written there."""

    forenames = forms.CharField(
        label="First name or initial",
        max_length=100,
        widget=TextInput(attrs={"autocomplete": "given-name", "spellcheck": "false"}),
        error_messages={"required": "Enter your first name or initial"},
    )
    surname = forms.CharField(
        label="Last name",
        max_length=100,
        widget=TextInput(attrs={"autocomplete": "family-name", "spellcheck": "false"}),
        error_messages={"required": "Enter your last name"},
    )
    postcode = forms.CharField(
        label="Postcode",
        help_text="Of the home that it is about, or of where we write to you.",
        max_length=10,
        validators=[POSTCODE],
        widget=TextInput(attrs={**PLAIN, "autocomplete": "postal-code"}),
        error_messages={
            "required": "Enter a postcode",
            "max_length": "Enter a postcode like SK1 3XE",
        },
    )


class WayForm(StepForm):
    """How the resident can prove it."""

    way = forms.ChoiceField(
        label="How do you want to prove that it is yours?",
        widget=RadioSelect(
            hints={
                KEY: "It is printed on your newest bill.",
                FACTS: "Two of: the last 3 digits of your phone number, the last 3 digits of your"
                " bank account number, your National Insurance number, your date of birth.",
                LETTER: "It takes up to 5 working days.",
                STAFF: "For example, if your name is wrong on the bill.",
            }
        ),
        error_messages={
            "required": "Select how you want to prove it",
            "invalid_choice": "Select how you want to prove it",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        post = [(LETTER, "Ask for a PIN by post"), (PIN, "Enter a PIN that came by post")]
        self.fields["way"].choices = [  # type: ignore[attr-defined]
            (KEY, "With the online key from a bill"),
            (FACTS, "With two facts about you"),
            *(post if settings.LETTERS_EMAIL else ()),
            (STAFF, "Ask our staff to look at it"),
        ]


class KeyForm(StepForm):
    """The online key."""

    online_key = forms.CharField(
        label="What is your online key?",
        help_text="It is on your newest bill, like 7K4P-2WQX. Capitals and spaces do not matter.",
        max_length=40,
        widget=TextInput(attrs=PLAIN),
        error_messages={"required": "Enter the online key from your bill"},
    )


class NiNumberInput(TextInput):
    """What was typed wrongly is shown again; a number that was taken is not, nor its hash."""

    def format_value(self, value: Any) -> str | None:
        """The text for the page."""
        shown = super().format_value(value)
        return None if shown and KEYED.fullmatch(shown) else shown


class FactsForm(StepForm):
    """Two of four facts. Of the National Insurance number only its keyed hash is kept."""

    phone_last3 = forms.RegexField(
        r"^\d{3}$",
        label="Last 3 digits of your phone number",
        required=False,
        widget=TextInput(attrs=WIDTH_3),
        error_messages={"invalid": "Enter the last 3 digits of your phone number, like 042"},
    )
    bank_last3 = forms.RegexField(
        r"^\d{3}$",
        label="Last 3 digits of your bank account number",
        help_text="Of the account that your Direct Debit is taken from, or that we pay into.",
        required=False,
        widget=TextInput(attrs=WIDTH_3),
        error_messages={"invalid": "Enter the last 3 digits of your account number, like 042"},
    )
    ni_number = forms.CharField(
        label="National Insurance number",
        help_text="It is on letters about your benefits, pension or wages, like QQ 12 34 56 C.",
        required=False,
        max_length=64,
        widget=NiNumberInput(attrs=PLAIN),
        error_messages={"max_length": NI_NUMBER_LIKE},
    )
    date_of_birth = DateField(
        label="Date of birth", required=False, widget=DateInput(attrs={"autocomplete": "bday"})
    )

    def clean_ni_number(self) -> str:
        """Its keyed hash, whether it comes from the page or from what was kept of it."""
        typed: str = self.cleaned_data["ni_number"]
        if not typed or KEYED.fullmatch(typed):
            return typed
        if not NI_NUMBER.fullmatch("".join(typed.split())):
            raise forms.ValidationError(NI_NUMBER_LIKE)
        return keyed(typed)

    def stored(self) -> str:
        """What was typed, with the hash in place of the number."""
        typed = QueryDict(super().stored(), mutable=True)
        typed["ni_number"] = self.cleaned_data["ni_number"]
        return typed.urlencode()

    def shown(self, bound: BoundField) -> str:
        """That there is a number, and not which."""
        if bound.name == "ni_number" and self.cleaned_data["ni_number"]:
            return "Given"
        return super().shown(bound)

    def clean(self) -> dict[str, Any]:
        """Two are needed, whichever."""
        cleaned = super().clean() or self.cleaned_data
        empty = [name for name, value in cleaned.items() if not value]
        if not self.errors and len(cleaned) - len(empty) < 2:
            self.add_error(empty[0], "Answer two of the four questions")
        return cleaned


class PinForm(StepForm):
    """The PIN from a letter."""

    pin = forms.CharField(
        label="What is the PIN in the letter?",
        help_text="It is 8 digits",
        max_length=20,
        widget=TextInput(attrs={**PLAIN, "inputmode": "numeric"}),
        error_messages={"required": "Enter the PIN from the letter"},
    )


class TellForm(StepForm):
    """What staff should know."""

    tells = forms.CharField(
        label="What should our staff know? (optional)",
        help_text="For example, how your name is written on the bill, or when you moved in. Do not"
        " enter bank details.",
        max_length=1000,
        required=False,
        widget=CharacterCount(maxlength=1000),
    )


class RemoveForm(GovukForm):
    """Ending a link is meant."""

    sure = forms.BooleanField(
        label="Yes, remove this record from my account",
        error_messages={"required": "Tick the box if you want to remove it"},
    )
