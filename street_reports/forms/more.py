"""What else helps: the questions of the fault, a description, and whether to write back."""

from __future__ import annotations

from typing import Any

from django import forms

from stockport.forms import CharacterCount, RadioSelect
from stockport.steps import Answers, StepForm
from street_reports.forms.questions import answer_of, choice_of, field_of, name_of
from street_reports.reporters import reporter_in

LONGEST = 1000
PERSONAL = "Do not give your name or other personal details."


def is_dangerous_after_all(answers: Answers) -> bool:
    """An answer to one of the questions is a danger."""
    return bool(answers.get("details", {}).get("is_dangerous"))


class DetailsForm(StepForm):
    """More about the fault: what is asked about it, and the resident's own words.

    Each time it asks what is asked now. What was answered stays, also where its question has been
    switched off since.
    """

    description = forms.CharField(
        label="Is there anything else that helps us? (optional)",
        help_text=f"For example, since when, or which side of the road. {PERSONAL}",
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
        self.questions = [
            question
            for question in self.answers["fault"]["questions"]
            if question["is_asked"] or self.sent.get(name_of(question))
        ]
        for question in self.questions:
            self.fields[name_of(question)] = field_of(question)
            self.fields["description"].help_text = PERSONAL
        self.order_fields([*map(name_of, self.questions), "description"])

    def clean(self) -> dict[str, Any]:
        """Adds what was answered, in words, and whether any of it is dangerous."""
        cleaned = super().clean() or self.cleaned_data
        told = [(question, cleaned.get(name_of(question))) for question in self.questions]
        cleaned["answers"] = [answer_of(question, value) for question, value in told if value]
        chosen = [choice_of(question, value) for question, value in told if value]
        cleaned["is_dangerous"] = any(choice and choice["is_dangerous"] for choice in chosen)
        return cleaned

    def rows(self) -> list[tuple[str, str]]:
        """The questions without “(optional)”, and a short name for the check page."""
        asked = [(each["text"], self.shown(self[name_of(each)])) for each in self.questions]
        return [*asked, ("Description", self.shown(self["description"]))]


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
        self.fields["updates"].help_text = self.where

    @property
    def where(self) -> str:
        """Which address that would be."""
        return f"We write to {reporter_in(self.answers).address}."

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
