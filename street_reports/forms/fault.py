"""What is reported, whether it is dangerous, and what is wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import OuterRef, Q, Subquery
from django.forms.boundfield import BoundField

from stockport.forms import RadioSelect
from stockport.steps import StepForm
from street_reports.forms.asset import chosen
from street_reports.models import Danger, FaultType, Kind, Question, Report
from street_reports.reporters import reporter_in

# Where staff have switched every danger of a kind off, the gate still stands.
IN_GENERAL = "somebody could be hurt"


class KindForm(StepForm):
    """What kind of thing it is."""

    kind = forms.ChoiceField(
        label="What do you want to report?",
        choices=Kind.choices,
        widget=RadioSelect(
            hints={
                Kind.LIT_SIGN: "A road sign with a light in it or over it.",
                Kind.LIT_BOLLARD: "A low post with a light in it, often on a traffic island.",
                Kind.GRID: "The metal grid at the side of the road that rainwater runs into. You "
                "may call it a drain or a gully.",
            }
        ),
        error_messages={
            "required": "Select what you want to report",
            "invalid_choice": "Select what you want to report",
        },
    )


class DangerForm(StepForm):
    """The gate: a danger is told by phone, and goes no further here."""

    danger = forms.ChoiceField(
        label="Is any of this true?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=RadioSelect,
        error_messages={
            "required": "Select yes if any of this is true",
            "invalid_choice": "Select yes if any of this is true",
        },
    )

    def dangers(self) -> list[str]:
        """What is dangerous; only drawing the page asks for it."""
        shown = Danger.objects.shown(self.answers["kind"]["kind"])
        return list(shown.values_list("text", flat=True)) or [IN_GENERAL]

    def rows(self) -> list[tuple[str, str]]:
        """On the check page it stands without its list."""
        return [("Is it dangerous?", self.shown(self["danger"]))]


class FaultForm(StepForm):
    """One of the fault types; `open_report` is set where it has been reported already."""

    fault = forms.CharField(
        label="What is wrong?",
        widget=RadioSelect,
        error_messages={"required": "Select what is wrong"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fault"].widget.choices = self._offered

    def _offered(self) -> list[tuple[str, str]]:
        """The choices, asked for only where they are drawn."""
        offered = list(FaultType.objects.offered(self.answers["kind"]["kind"]))
        self.fields["fault"].widget.hints = {fault.code: fault.hint for fault in offered}
        return [(fault.code, fault.name) for fault in offered]

    def clean_fault(self) -> FaultType:
        """The fault type, with the id of another form's open report of it and with its questions.

        All in one statement: every later page, and the one that sends the report, asks it again.
        """
        reported = (
            Report.objects.open()
            .filter(fault=OuterRef("pk"), asset=chosen(self.answers))
            .exclude(asset=None)  # two places in words are two places
            .exclude(reporter_in(self.answers).made & Q(form_token=self.key))
        )
        fault = (
            FaultType.objects.offered(self.answers["kind"]["kind"])
            .annotate(
                reported=Subquery(reported.values("pk")[:1]),
                asked=Question.objects.of_each_fault(),
            )
            .filter(code=self.cleaned_data["fault"])
            .first()
        )
        if fault is None:
            raise forms.ValidationError("Select what is wrong from the list")
        return fault

    def clean(self) -> dict[str, Any]:
        """Adds its questions, the open report, and whether the resident made or follows it."""
        cleaned = super().clean() or self.cleaned_data
        fault = cleaned.get("fault")
        cleaned["questions"] = getattr(fault, "asked", [])
        pk = getattr(fault, "reported", None)
        cleaned["open_report"] = Report.objects.in_full().get(pk=pk) if pk else None
        report = cleaned["open_report"]
        cleaned["is_yours"] = bool(report and reporter_in(self.answers).knows(report))
        return cleaned

    def shown(self, bound: BoundField) -> str:
        """The fault's name."""
        return str(self.cleaned_data["fault"])
