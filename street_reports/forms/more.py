"""What else helps: a description, and whether to write back."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.http import resident_of
from stockport.forms import CharacterCount, RadioSelect
from stockport.steps import StepForm

LONGEST = 1000


class DetailsForm(StepForm):
    """More about the fault, in the resident's words."""

    description = forms.CharField(
        label="Is there anything else that helps us? (optional)",
        help_text="For example, since when, or which side of the road. Do not give your name or "
        "other personal details.",
        required=False,
        max_length=LONGEST,
        widget=CharacterCount(LONGEST),
        error_messages={
            "max_length": f"Your description must be {LONGEST:,} characters or fewer",
            "required": "Describe what is wrong",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.answers["fault"]["fault"].code.endswith("-other"):
            self.fields["description"].required = True
            self.fields["description"].label = "Describe what is wrong"

    def rows(self) -> list[tuple[str, str]]:
        """A short name for the check page."""
        return [("Description", self.shown(self["description"]))]


class UpdatesForm(StepForm):
    """A form that asks whether to e-mail about progress, among others or alone."""

    updates = forms.ChoiceField(
        label="Do you want e-mails about what happens?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=RadioSelect,
        error_messages={
            "required": "Select yes if you want e-mails about what happens",
            "invalid_choice": "Select yes if you want e-mails about what happens",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["updates"].help_text = f"We write to {resident_of(self.request).email}."

    def rows(self) -> list[tuple[str, str]]:
        """A short name for the check page."""
        return [("E-mails about what happens", self.shown(self["updates"]))]


class ContactForm(UpdatesForm):
    """Whether to e-mail about progress, and what is not passed on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "updates"
        ].help_text += " We do not give your name or address to the people who do the repair."
