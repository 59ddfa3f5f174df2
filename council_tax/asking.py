"""The forms of what residents can ask, one question to a page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.http import resident_of
from council_tax.models import Account
from council_tax.models.codes import BillsBy
from council_tax.models.request import Kind
from council_tax.prechecks import precheck
from council_tax.respread import Change, Present
from stockport.forms import RadioSelect, TextInput
from stockport.money import pounds
from stockport.questions import address_field, day_field, one_of, words_field
from stockport.steps import StepForm
from stockport.templatetags.portal import day

HINTS: dict[str, str] = {
    Kind.DISCOUNT_START: "Single person discount: 25% off. Full-time students and some others do"
    " not count.",
    Kind.DISCOUNT_END: "Tell us within 21 days.",
    Kind.DISABLED_BAND: "Your home is charged as one band lower.",
    Kind.ARRANGEMENT: "Say what you can pay, and how often.",
    Kind.NO_ACCESS: "We ask the recovery team to take no further step until it is looked at.",
    Kind.PAPERLESS: "Your account here stays either way.",
}


class AccountForm(StepForm):
    """Which of several accounts it is about."""

    account = forms.ModelChoiceField(
        Account.objects.none(),
        label="Which council tax account is it about?",
        empty_label=None,
        to_field_name="reference",
        widget=RadioSelect,
        error_messages={
            "required": "Select the account",
            "invalid_choice": "Select one of your accounts",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Account.objects.for_resident(resident_of(self.request)).select_related("property")
        field = self.fields["account"]
        field.queryset = mine.open_first()  # type: ignore[attr-defined]
        field.label_from_instance = _named  # type: ignore[attr-defined]

    def shown(self, bound: Any) -> str:
        """The account as it was chosen."""
        return _named(self.cleaned_data["account"])


def _named(account: Account) -> str:
    return f"{account.property.address}, account {account.reference}"


class KindForm(StepForm):
    """What it is, if the account lets it be asked."""

    kind = forms.ChoiceField(
        label="What do you want to tell us, or ask for?",
        choices=Kind.choices,
        widget=RadioSelect(hints=HINTS),
        error_messages={
            "required": "Select what it is about",
            "invalid_choice": "Select one of the answers",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account: Account = self.answers["account"]["account"]
        if account.bills_by:
            now = f"Yours come {_as_in_a_sentence(account)} now. {HINTS[Kind.PAPERLESS]}"
            self.fields["kind"].widget.hints = HINTS | {Kind.PAPERLESS: now}

    def clean_kind(self) -> str:
        """One that the account lets be asked."""
        kind: str = self.cleaned_data["kind"]
        account = self.answers["account"]["account"]
        if reason := precheck(account, kind, resident_of(self.request)):
            raise ValidationError(reason)
        return kind


def _as_in_a_sentence(account: Account) -> str:
    """How its bills come: on paper, by post."""
    words = account.get_bills_by_display()
    return words[0].lower() + words[1:]


class DayOfAccountForm(StepForm):
    """A day on which the account was there: its only field."""

    def clean(self) -> dict[str, Any]:
        """Not before the resident began to pay for this home."""
        opened: date = self.answers["account"]["account"].opened
        for name, when in self.cleaned_data.items():
            if when < opened:
                self.add_error(
                    name,
                    f"The date must be on or after {day(opened)}, when this account began: select"
                    " “Something looks wrong” if that is not right",
                )
                break
        return self.cleaned_data


class MovedForm(DayOfAccountForm):
    """The day of the move."""

    moved_on = day_field(
        "When did you move out, or will you?",
        "Enter the day you moved out",
        "You pay up to the day before. For example, 3 5 2026.",
    )


class NewAddressForm(StepForm):
    """Where to."""

    new_address = address_field("What is your new address?", "Enter your new address")


class AloneForm(DayOfAccountForm):
    """Since when only one adult lives there."""

    alone_since = day_field(
        "Since when are you the only adult who lives here?",
        "Enter the day since when you are the only adult",
    )


class JoinedForm(DayOfAccountForm):
    """When another adult moved in."""

    joined_on = day_field(
        "When did another adult move in, or turn 18?", "Enter the day another adult moved in"
    )


class FeatureForm(StepForm):
    """What makes the home qualify (SI 1992/554, regulation 3)."""

    feature = one_of(
        "What does your home have for the person who is disabled?",
        "Select what your home has",
        room="A room, other than a bathroom, kitchen or toilet, that they need and mainly use",
        bathroom="A second bathroom or kitchen that they need",
        wheelchair="Enough space to use a wheelchair indoors",
    )


class NumberForm(StepForm):
    """Ten or twelve."""

    number = forms.ChoiceField(
        label="How many instalments do you want to pay in?",
        help_text="During the year, there is one for each month that is left.",
        choices=[("10", "10, from April to January"), ("12", "12, from April to March")],
        widget=RadioSelect,
        error_messages={
            "required": "Select how many instalments",
            "invalid_choice": "Select 10 or 12",
        },
    )


DIRECT_DEBIT_DAYS = (1, 15, 25)  # those that Stockport offers


class PayDayForm(StepForm):
    """The days for Direct Debit; who pays otherwise keeps the day of the bill."""

    day = forms.ChoiceField(
        label="On which day of the month do you want to pay?",
        widget=RadioSelect,
        error_messages={"required": "Select a day", "invalid_choice": "Select one of the days"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account: Account = self.answers["account"]["account"]
        self.present = Present.of(account)
        days: tuple[int, ...] = DIRECT_DEBIT_DAYS
        now = self.present.day
        if now and account.payment_method not in ("", "direct_debit"):
            days = (now,)
            self.fields[
                "day"
            ].help_text = "You can choose among days 1, 15 and 25 once you pay by Direct Debit."
        labels = [(str(each), f"Day {each}{', as now' if each == now else ''}") for each in days]
        self.fields["day"].choices = labels  # type: ignore[attr-defined]

    def clean_day(self) -> str:
        """One that changes something."""
        chosen: str = self.cleaned_data["day"]
        if (self._number, chosen) == (self.present.number, str(self.present.day)):
            raise ValidationError(
                "This is how you pay now: change the day, or go back and change"
                " how many instalments you pay in"
            )
        return chosen

    @property
    def _number(self) -> str:
        return str(self.answers["number"]["number"])

    def following(self) -> list[tuple[str, str]]:
        """When it would start, and what the payments would be."""
        chosen = int(self.cleaned_data["day"])
        change = Change(self.present, self._number, chosen, timezone.localdate())
        return change.rows()


class AmountForm(StepForm):
    """What somebody who is behind can pay."""

    amount = forms.DecimalField(
        label="How much can you pay each time?",
        help_text="Say what you can keep to. We look at it, and may ask about your income.",
        min_value=Decimal(1),
        max_value=Decimal(99999),
        decimal_places=2,
        localize=True,
        widget=TextInput({"inputmode": "decimal", "class": "govuk-input--width-5"}, prefix="£"),
        error_messages={
            "required": "Enter how much you can pay",
            "invalid": "Enter an amount in pounds, like 25 or 25.50",
            "min_value": "Enter £1 or more",
            "max_value": "Enter an amount under £100,000",
            "max_digits": "Enter an amount in pounds, like 25 or 25.50",
            "max_decimal_places": "Enter pounds and pence, like 25.50",
            "max_whole_digits": "Enter an amount under £100,000",
        },
    )

    def shown(self, bound: Any) -> str:
        """In pounds."""
        return pounds(self.cleaned_data["amount"])


class EveryForm(StepForm):
    """How often."""

    every = one_of(
        "How often can you pay that?", "Select how often", week="Every week", month="Every month"
    )


class WrongForm(StepForm):
    """What looks wrong."""

    what = words_field(
        "What looks wrong?",
        "Enter what looks wrong",
        "Say which figure or date, and what you think it should be.",
    )


class NoAccessForm(StepForm):
    """What kept somebody from paying."""

    what = words_field(
        "What happened when you tried to get in?",
        "Enter what happened",
        "Say when you tried, and which payment is late. Never give a password.",
    )


class PaperlessForm(StepForm):
    """How bills come: another way than now, where that is known."""

    bills = one_of(
        "How do you want your bills?",
        "Select how you want your bills",
        **dict(BillsBy.choices),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now: str = self.answers["account"]["account"].bills_by
        field = self.fields["bills"]
        told = f"We e-mail you at {resident_of(self.request).email} when one has come."
        field.widget.hints = {BillsBy.ONLINE: told}
        field.choices = [  # type: ignore[attr-defined]
            (value, f"{label} (as now)" if value == self.now else label)
            for value, label in BillsBy.choices
        ]

    def clean_bills(self) -> str:
        """One that changes something."""
        chosen: str = self.cleaned_data["bills"]
        if chosen == self.now:
            raise ValidationError("Your bills come that way now: there is nothing to change")
        return chosen
