"""The page on which a reporter adds to a report, withdraws it or says that it is not fixed."""

from __future__ import annotations

from typing import Any

from django import forms

from stockport.forms import CharacterCount, GovukForm
from street_reports.models import Act

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
