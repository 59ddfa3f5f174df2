"""The questions of somebody who disagrees: which decision, which way, why, and why so late."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils import timezone

from accounts.http import resident_of
from benefits.models import Decision, Kind
from benefits.models.request import RequestKind
from benefits.requests import asked_already
from benefits.rules import Appeal
from stockport.forms import RadioSelect
from stockport.questions import words_field
from stockport.steps import Answers, StepForm
from stockport.templatetags.portal import day, pounds

# The way of each kind of help; Housing Benefit has two, and asks which.
ONLY_WAY = {
    Kind.CTS: RequestKind.SUPPORT,
    Kind.CRF: RequestKind.FUND,
    Kind.DHP: RequestKind.FUND,
}
NO_ORDER = "You do not have to ask us to look again before you appeal."


class DecisionForm(StepForm):
    """Which decision."""

    decision = forms.ModelChoiceField(
        Decision.objects.none(),
        label="Which decision do you disagree with?",
        empty_label=None,
        to_field_name="reference",
        widget=RadioSelect,
        error_messages={
            "required": "Select the decision",
            "invalid_choice": "Select one of the decisions",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        claim = self.answers["claim"]["claim"]
        field = self.fields["decision"]
        field.queryset = claim.decisions.newest_first()  # type: ignore[attr-defined]
        field.label_from_instance = _named  # type: ignore[attr-defined]

    def clean_decision(self) -> Decision:
        """One that is not waiting for an answer already."""
        decision: Decision = self.cleaned_data["decision"]
        if decision.kind in ONLY_WAY:
            _check_new(self, decision, ONLY_WAY[Kind(decision.kind)])
        return decision

    def shown(self, bound: BoundField) -> str:
        """As the question names it."""
        return _named(self.cleaned_data["decision"])


def _named(decision: Decision) -> str:
    weekly = f"{pounds(decision.weekly)} a week" if decision.weekly else "nothing"
    what = f"{decision.get_kind_display()}: {weekly}"
    return f"{what} from {day(decision.start)}, letter of {day(decision.decided)}"


def _check_new(form: StepForm, decision: Decision, kind: str) -> None:
    """Raises ValidationError where the same was asked and is open."""
    claim = form.answers["claim"]["claim"]
    asked = asked_already(resident_of(form.request), claim, kind, decision.reference)
    if asked:
        raise ValidationError(f"You have asked this already: your reference is {asked.reference}")


class WayForm(StepForm):
    """Of the two ways of Housing Benefit, which."""

    way = forms.ChoiceField(
        label="What do you want to do?",
        choices=[
            (RequestKind.LOOK_AGAIN.value, "Ask us to look at the decision again"),
            (RequestKind.APPEAL.value, "Appeal to an independent tribunal"),
        ],
        widget=RadioSelect(
            hints={
                RequestKind.LOOK_AGAIN: "We write to you with what we decide. If you still "
                "disagree, you can appeal within one month of that letter.",
                RequestKind.APPEAL: "We look at it first. Unless we change it in your favour, we "
                "send it to the First-tier Tribunal, which is not part of the council.",
            }
        ),
        error_messages={
            "required": "Select what you want to do",
            "invalid_choice": "Select one of the answers",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        appeal = Appeal(decision_of(self.answers).decided, timezone.localdate())
        self.fields["way"].help_text = f"{_time_left(appeal)} {NO_ORDER}"

    def clean_way(self) -> str:
        """One that is not waiting for an answer already."""
        way: str = self.cleaned_data["way"]
        _check_new(self, decision_of(self.answers), way)
        return way


def _time_left(appeal: Appeal) -> str:
    """By when, in sentences."""
    if appeal.open:
        return (
            f"The letter is of {day(appeal.decided)}. You have until {day(appeal.by)}. If you ask"
            " us in writing for the reasons for the decision, the days until we send them are"
            " added."
        )
    return (
        f"The letter is of {day(appeal.decided)}, and the month to answer it has passed. With good"
        f" reasons for being late, you have until {day(appeal.late_by)}. We ask you for them next."
    )


class WhyForm(StepForm):
    """Why the decision is wrong."""

    why = words_field(
        "Why do you think that the decision is wrong?",
        "Enter why you think that the decision is wrong",
        "Say which figure, date or fact is wrong, and what it should be.",
    )


class LateForm(StepForm):
    """Why it comes after the month."""

    late = words_field(
        "Why could you not write within one month?",
        "Enter why you could not write within one month",
        "Such as illness, a death, or a letter that did not come. We decide whether it is enough.",
    )


def decision_of(answers: Answers) -> Decision:
    """The decision that was chosen."""
    decision: Decision = answers["decision"]["decision"]
    return decision


def kind_of(answers: Answers) -> str:
    """The kind of request: the only way there is, or the one that was chosen."""
    only = ONLY_WAY.get(Kind(decision_of(answers).kind))
    return only or str(answers["way"]["way"])


def appeal_of(answers: Answers) -> Appeal | None:
    """By when a Housing Benefit decision can be questioned; None for other help."""
    decision = decision_of(answers)
    if decision.kind != Kind.HB:
        return None
    return Appeal(decision.decided, timezone.localdate())


def is_late(answers: Answers) -> bool:
    """Whether reasons for being late are needed."""
    appeal = appeal_of(answers)
    return bool(appeal and appeal.late)


def is_too_late(answers: Answers) -> bool:
    """Whether even good reasons do not help."""
    appeal = appeal_of(answers)
    return bool(appeal and not appeal.open and not appeal.late)
