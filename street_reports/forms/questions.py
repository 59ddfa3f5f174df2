"""The questions of a fault as fields of a form, and what was answered, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from stockport.forms import RadioSelect
from street_reports.models.answers import LONGEST_ANSWER

if TYPE_CHECKING:
    from street_reports.models.answers import Answer
    from street_reports.models.questions import Asked, Offered


def name_of(question: Asked) -> str:
    """The field's name: what was chosen is never taken for words, should the choices go."""
    return f"{'choice' if question['choices'] else 'words'}{question['id']}"


def field_of(question: Asked) -> forms.Field:
    """Radios, or a line of text."""
    words = question["text"]
    label = words if question["is_required"] else f"{words} (optional)"
    if question["choices"]:
        return forms.ChoiceField(
            label=label,
            help_text=question["hint"],
            required=question["is_required"],
            choices=[(str(choice["id"]), choice["text"]) for choice in question["choices"]],
            widget=RadioSelect,
            error_messages=dict.fromkeys(
                ("required", "invalid_choice"), f"Select an answer to “{words}”"
            ),
        )
    return forms.CharField(
        label=label,
        help_text=question["hint"],
        required=question["is_required"],
        max_length=LONGEST_ANSWER,
        error_messages={
            "required": f"Enter an answer to “{words}”",
            "max_length": f"Your answer to “{words}” must be {LONGEST_ANSWER} characters or fewer",
        },
    )


def choice_of(question: Asked, value: str) -> Offered | None:
    """What was chosen; None for nothing, and for a question that is answered in words."""
    return next((each for each in question["choices"] if str(each["id"]) == value), None)


def answer_of(question: Asked, value: str) -> Answer:
    """Question and answer in words. Only what was chosen has a name in the team's system."""
    choice = choice_of(question, value)
    return {
        "question": question["text"],
        "answer": choice["text"] if choice else value,
        "attribute": question["attribute"] if choice else "",
    }
