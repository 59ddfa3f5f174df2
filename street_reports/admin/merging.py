"""Merge reports of one fault: chosen in the list, or one into another by its reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.db import transaction

from accounts.http import resident_of
from stockport.admin import ReadOnlyInline
from stockport.outbox.admin import asking
from street_reports import merging
from street_reports.admin.doing import StaffAct, StaffActs
from street_reports.models import Report
from street_reports.workflow import NotAllowed

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from stockport.admin import ModelAdmin

CONSEQUENCES = (
    "The others become part of the one that stays. Whoever made or follows one of them follows that"
    " one and is told by e-mail, if they want e-mails. The team’s system learns that their jobs are"
    " duplicates."
)


class MergedInline(ReadOnlyInline):
    """What is part of it."""

    model = Report
    fk_name = "merged_into"
    verbose_name_plural = "merged into this one"
    fields = ("reference", "fault", "location", "created_at")
    ordering = ("created_at",)


def describe(report: Report) -> str:
    """What staff need to tell it from another."""
    words = [report.fault, report.location, report.get_status_display(), report.description]
    return f"{report.reference}: {'. '.join(str(word) for word in words if word)}"


def _merge(
    acts: ModelAdmin, request: HttpRequest, survivor: Report, others: Sequence[Report]
) -> None:
    """Merge them, with a line on the record of each; raises NotAllowed."""
    with transaction.atomic():
        merging.merge(survivor=survivor, others=others, staff=resident_of(request))
        for other in others:
            acts.log_change(request, other, f"Merged into {survivor.reference}.")
        names = ", ".join(other.reference for other in others)
        acts.log_change(request, survivor, f"Merged into this one: {names}.")
    acts.message_user(request, f"Merged into {survivor.reference}: {names}.")


class SurvivorForm(forms.Form):
    """Which of them stays."""

    survivor = forms.ModelChoiceField(
        Report.objects.none(), label="Which one stays?", empty_label=None, widget=forms.RadioSelect
    )


@admin.action(description="Merge into one of them", permissions=["act"])
def merge_chosen(
    acts: StaffActs, request: HttpRequest, chosen: QuerySet[Report]
) -> HttpResponse | None:
    """Ask which of the chosen ones stays, and merge the others into it."""
    reports = list(chosen.select_related("fault").order_by("created_at")[: asking.MANY + 1])
    if not 2 <= len(reports) <= asking.MANY:
        acts.message_user(request, f"Choose 2 to {asking.MANY} reports.", messages.ERROR)
        return None
    form = SurvivorForm(
        request.POST if asking.is_confirmed(request) else None, initial={"survivor": reports[0].pk}
    )
    cast("Any", form.fields["survivor"]).queryset = chosen.order_by("created_at")
    if form.is_valid():
        survivor = form.cleaned_data["survivor"]
        try:
            others = [report for report in reports if report != survivor]
            _merge(acts, request, survivor, others)
            return None
        except NotAllowed as error:
            form.add_error("survivor", str(error))
    return asking.ask(
        acts,
        request,
        title="Merge reports of the same fault",
        text=CONSEQUENCES,
        button="Merge",
        form=form,
        about=[describe(report) for report in reports],
    )


class IntoForm(forms.Form):
    """The reference of the one that stays; `seen` is the one that was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reference = forms.CharField(
        label="Reference of the report that stays", max_length=20, strip=True
    )

    def clean_reference(self) -> Report:
        """The report."""
        reference = self.cleaned_data["reference"].upper()
        report = Report.objects.in_full().filter(reference=reference).first()
        if report is None:
            raise forms.ValidationError("There is no report with this reference.")
        return report


def merge_page(acts: StaffActs, request: HttpRequest, report: Report) -> HttpResponse:
    """Look the other one up by its reference, see it, then merge this one into it."""
    data = request.POST.copy() if request.method == "POST" else None
    form = IntoForm(data)
    buttons, notes = [("look", "Look it up")], [CONSEQUENCES]
    if form.is_valid() and data is not None:
        survivor = form.cleaned_data["reference"]
        if "merge" in data and form.cleaned_data["seen"] == survivor.reference:
            try:
                _merge(acts, request, survivor, [report])
                return acts.back(report)
            except NotAllowed as error:
                form.add_error("reference", str(error))
        else:
            data["seen"] = survivor.reference
            notes.append(f"It becomes part of {describe(survivor)}")
            buttons = [("merge", f"Merge into {survivor.reference}"), *buttons]
    return acts.ask(request, report, title="Merge into…", form=form, buttons=buttons, notes=notes)


def take_back_page(acts: StaffActs, request: HttpRequest, report: Report) -> HttpResponse:
    """Ask, then make it a report of its own again."""
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            with transaction.atomic():
                merging.take_back(report=report, staff=resident_of(request))
                acts.log_change(request, report, "The merging was taken back.")
            return acts.done(request, report, "It is a report of its own again.")
        except NotAllowed as error:
            form.add_error(None, str(error))
    note = (
        "It is opened again as it was, and its team is told. Whoever followed the other report"
        " only because of this one no longer does."
    )
    title = "Take the merging back"
    return acts.ask(request, report, title=title, form=form, buttons=[("do", title)], notes=[note])


MERGE = StaffAct("Merge into another report", lambda report: report.is_open, merge_page)
TAKE_BACK = StaffAct(
    "Take the merging back", lambda report: report.merged_into_id is not None, take_back_page
)
