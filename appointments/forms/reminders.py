"""Whether and where a resident is reminded by text."""

from __future__ import annotations

from django import forms

from appointments.phones import NotMobile, spoken, uk_mobile
from stockport.forms import GovukForm, TextInput


class TextReminderForm(GovukForm):
    """A mobile number, or nothing for no texts."""

    text_to = forms.CharField(
        label="UK mobile number (optional)",
        help_text="Leave it empty if you do not want a text message.",
        max_length=30,
        required=False,
        widget=TextInput(
            attrs={"class": "govuk-input--width-20", "autocomplete": "tel", "type": "tel"}
        ),
        error_messages={"max_length": "The mobile number must be 30 characters or fewer"},
    )

    @staticmethod
    def shown(number: str) -> str:
        """A number that is kept, as the form shows it."""
        return spoken(number) if number else ""

    def clean_text_to(self) -> str:
        """As it is kept: +447700900123, or nothing."""
        typed: str = self.cleaned_data["text_to"]
        try:
            return uk_mobile(typed) if typed else ""
        except NotMobile:
            message = "Enter a UK mobile number, like 07700 900123"
            raise forms.ValidationError(message) from None
