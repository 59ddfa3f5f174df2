"""The pages on which residents add to a report, withdraw it or say whether it is fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from stockport.forms import CharacterCount, GovukForm, RadioSelect
from street_reports.models import Act

if TYPE_CHECKING:
    from street_reports.models import Report

LONGEST = 1000
TITLES = {
    Act.Kind.ADD: "Add information",
    Act.Kind.WITHDRAW: "Withdraw the report",
    Act.Kind.REOPEN: "It is not fixed",
}
LABELS = {
    Act.Kind.ADD: "What do you want to add?",
    Act.Kind.WITHDRAW: "Why do you withdraw it? (optional)",
    Act.Kind.REOPEN: "What is still wrong? (optional)",
}


class ActForm(GovukForm):
    """The words, needed only where they are all there is."""

    text = forms.CharField(
        help_text="We send it to the team. Do not give your name or other personal details.",
        max_length=LONGEST,
        widget=CharacterCount(LONGEST),
        error_messages={
            "required": "Enter what you want to add",
            "max_length": f"What you write must be {LONGEST:,} characters or fewer",
        },
    )

    def __init__(self, *args: Any, kind: Act.Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = TITLES[kind]
        self.fields["text"].label = LABELS[kind]
        self.fields["text"].required = kind == Act.Kind.ADD


class FixedForm(GovukForm):
    """Whether what the team says is true."""

    fixed = forms.ChoiceField(
        label="Is it fixed?",
        choices=[("yes", "Yes, it is fixed"), ("no", "No, it is not fixed")],
        widget=RadioSelect,
        error_messages={
            "required": "Select yes if it is fixed",
            "invalid_choice": "Select yes if it is fixed",
        },
    )

    def __init__(self, *args: Any, report: Report, place: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what = f"Report {report.reference}: {report.fault}, {place}."
        self.fields["fixed"].help_text = f"{what} The {report.team} says that it is."
