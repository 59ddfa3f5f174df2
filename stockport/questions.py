"""Fields that the questions of several services share, with their messages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from stockport.dates import DateField
from stockport.forms import CharacterCount, RadioSelect

LONGEST = 1000
YEARS_BACK = 6  # of what can still be put right
DAYS_AHEAD = 90


class DayField(DateField):
    """A day of the last years, or not long ahead."""

    def clean(self, value: Any) -> date | None:
        """The day; ValidationError where it is too long ago or ahead."""
        day: date | None = super().clean(value)
        today = timezone.localdate()
        if day and day > today + timedelta(days=DAYS_AHEAD):
            raise ValidationError(f"{self.noun} must be within the next {DAYS_AHEAD} days")
        if day and day.year < today.year - YEARS_BACK:
            raise ValidationError(f"{self.noun} must be in the last {YEARS_BACK} years")
        return day


def day_field(label: str, missing: str, hint: str = "For example, 3 5 2026.") -> DayField:
    """A day that must be given; `missing` is said where it is not."""
    return DayField(
        label=label, noun="The date", help_text=hint, error_messages={"required": missing}
    )


def words_field(
    label: str, missing: str, hint: str = "", *, required: bool = True, autocomplete: str = ""
) -> forms.CharField:
    """Up to 1,000 characters in people's own words; `autocomplete` if a browser may know them."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST,
        widget=CharacterCount(LONGEST, {"autocomplete": autocomplete} if autocomplete else None),
        error_messages={
            "required": missing,
            "max_length": f"Your answer must be {LONGEST:,} characters or fewer",
        },
    )


def address_field(label: str, missing: str) -> forms.CharField:
    """An address of the resident's, which a browser may know."""
    return words_field(label, missing, "With postcode.", autocomplete="street-address")


def one_of(label: str, missing: str, hint: str = "", **choices: str) -> forms.ChoiceField:
    """One of a few answers, as radios."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=list(choices.items()),
        widget=RadioSelect,
        error_messages={"required": missing, "invalid_choice": "Select one of the answers"},
    )
