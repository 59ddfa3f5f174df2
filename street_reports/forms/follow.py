"""What others have reported: is it the same, and does the resident want to follow it?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django import forms

from stockport.forms import CharacterCount, RadioSelect
from stockport.steps import Answers, StepForm
from stockport.templatetags.portal import day
from street_reports.forms.more import LONGEST, UpdatesForm
from street_reports.models import Report
from street_reports.reporters import reporter_in

NEARBY = 250  # metres
MOST = 5
NONE = "none"


def is_near_others(answers: Answers) -> bool:
    """Whether something of this kind within 250 metres of the place is reported and still open."""
    return bool(_nearby(answers))


def _nearby(answers: Answers) -> list[tuple[Report, int]]:
    """The nearest five, with metres; only a place with a known point has any."""
    point = answers["place"]["place"].point
    reports = Report.objects.open().select_related("fault", "asset")
    return reports.near(answers["kind"]["kind"], point, NEARBY)[:MOST] if point else []


def open_report(answers: Answers) -> Report | None:
    """The report that is there already: chosen among those nearby, or of this fault."""
    nearby: Report | None = answers.get("nearby", {}).get("report")
    known: Report | None = answers.get("fault", {}).get("open_report")
    return nearby or known


class NearbyForm(StepForm):
    """One of the open reports nearby, or “None of these” (None)."""

    report = forms.CharField(
        label="Is it one of these?",
        help_text="These have been reported already. If yours is one of them, you can follow it"
        " and do not need to report it again.",
        widget=RadioSelect,
        error_messages={"required": "Select a report, or “None of these”"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["report"].widget.choices = self._choices

    @cached_property
    def nearby(self) -> list[tuple[Report, int]]:
        """What is offered; asked for where it is drawn or checked."""
        return _nearby(self.answers)

    def _choices(self) -> Iterator[tuple[str, str]]:
        self.fields["report"].widget.divider = "or"
        self.fields["report"].widget.hints = {
            str(report.public_id): f"About {metres} metres away. Reported on "
            f"{day(report.created_at)}. {report.get_status_display()}."
            for report, metres in self.nearby
        }
        for report, _ in self.nearby:
            yield str(report.public_id), f"{report.fault}: {report.place_for_others}"
        yield NONE, "None of these"

    def clean_report(self) -> Report | None:
        """The report; None for “None of these”."""
        value = self.cleaned_data["report"]
        if value == NONE:
            return None
        for report, _ in self.nearby:
            if str(report.public_id) == value:
                return report
        raise forms.ValidationError(self.fields["report"].error_messages["required"])

    def clean(self) -> dict[str, Any]:
        """Adds whether the resident reported or follows it."""
        cleaned = super().clean() or self.cleaned_data
        report = cleaned.get("report")
        cleaned["is_yours"] = bool(report and reporter_in(self.answers).knows(report))
        return cleaned

    def rows(self) -> list[tuple[str, str]]:
        """A short name for the check page."""
        report = self.cleaned_data["report"]
        return [("Reported already", report.reference if report else "None of those nearby")]


class InformationForm(StepForm):
    """What to add to a report that is there."""

    information = forms.CharField(
        label="Is there anything to add? (optional)",
        help_text="We send it to the team. Do not give your name or other personal details.",
        required=False,
        max_length=LONGEST,
        widget=CharacterCount(LONGEST),
        error_messages={"max_length": f"What you add must be {LONGEST:,} characters or fewer"},
    )

    @property
    def report(self) -> Report | None:
        """What there is to follow."""
        return open_report(self.answers)

    def rows(self) -> list[tuple[str, str]]:
        """A short name for the check page."""
        return [("What you add", self.shown(self["information"]))]


class FollowForm(UpdatesForm, InformationForm):
    """What to add to somebody else's report, and whether to write back."""

    field_order = ("information", "updates")

    def rows(self) -> list[tuple[str, str]]:
        """Short names for the check page."""
        return [*InformationForm.rows(self), *UpdatesForm.rows(self)]
