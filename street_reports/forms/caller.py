"""Where to write to a caller, whose report staff take down."""

from __future__ import annotations

from typing import Any

from django import forms

from stockport.steps import StepForm


class CallerForm(StepForm):
    """An address, if the caller has one to give, and what it is for."""

    email = forms.EmailField(
        label="The caller’s e-mail address (optional)",
        help_text="Ask them to spell it, and read it back. We send a copy of the report to it, and"
        " a link to see what happens.",
        required=False,
        max_length=254,
        widget=forms.EmailInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20"}
        ),
        error_messages={"max_length": "Enter an e-mail address like name@example.org"},
    )
    updates = forms.BooleanField(
        label="The caller wants e-mails about what happens", required=False
    )
    account = forms.BooleanField(
        label="The caller asked to have this report in their account",
        help_text="Only tick this if they said so. It comes into the account that has proved this"
        " address. If there is none, the caller gets the link by e-mail alone.",
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Both need an address."""
        cleaned = super().clean() or self.cleaned_data
        wanted = cleaned.get("updates") or cleaned.get("account")
        if wanted and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", "Enter the caller’s e-mail address, or untick both boxes")
        cleaned["email"] = str(cleaned.get("email", "")).lower()
        return cleaned

    def rows(self) -> list[tuple[str, str]]:
        """Short names for the check page."""
        told = {True: "Yes", False: "No"}
        return [
            ("The caller’s e-mail address", self.cleaned_data["email"] or "Not given"),
            ("E-mails about what happens", told[self.cleaned_data["updates"]]),
            ("In the caller’s account", told[self.cleaned_data["account"]]),
        ]
