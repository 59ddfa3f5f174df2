"""Why reports end: the reasons are theirs to change, and each closure names one."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db import transaction

from accounts.http import resident_of
from stockport.admin import ModelAdmin
from street_reports.admin.doing import StaffAct, StaffActs
from street_reports.closing import end_report
from street_reports.models import ClosureReason, Owner
from street_reports.workflow import NotAllowed

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from street_reports.models import Report

LONGEST = 1000
NO_OWNER = "The council’s, or nobody knows yet"


@admin.register(ClosureReason)
class ClosureReasonAdmin(ModelAdmin):
    """Reasons. One that was used is switched off, not deleted; its code and end stay as made."""

    list_display = ("name", "status", "text", "position", "is_active")
    list_editable = ("position", "is_active")
    list_filter = ("status", "is_active")
    search_fields = ("name", "text", "=slug")
    ordering = ("position", "pk")
    prepopulated_fields = {"slug": ("name",)}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What reports and the portal itself go by."""
        return ("slug", "status") if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        """Only while its code can be written."""
        return {} if obj else {"slug": ("name",)}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: the portal gives some of them itself."""
        return False


class ReasonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A reason, with the way to end that it is for."""

    def label_from_instance(self, obj: Any) -> str:
        """As staff choose it."""
        return f"{obj.get_status_display()}: {obj}"


class EndForm(forms.Form):
    """Why it ends, whose it is where it is somebody else's, and what residents are told."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    reason = ReasonField(
        ClosureReason.objects.offered(), empty_label=None, widget=forms.RadioSelect
    )
    owner = forms.ModelChoiceField(
        Owner.objects.order_by("position", "pk"),
        label="Whose it is",
        required=False,
        empty_label=NO_OWNER,
        help_text="Residents read the name, the reason and how to reach them.",
    )
    text = forms.CharField(
        label="In your words",
        help_text="Who reported it and who follows it read this after the reason. Name nobody.",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
    )

    def clean(self) -> dict[str, Any]:
        """An owner exactly where the reason is that somebody else looks after it."""
        cleaned = super().clean() or self.cleaned_data
        if "reason" in cleaned:
            check_owner(self, cleaned["reason"])
        return cleaned


def check_owner(form: forms.Form, reason: ClosureReason | None) -> None:
    """Say on the form where an owner is missing, or is named that should not be."""
    owner = form.cleaned_data.get("owner")
    if reason and reason.names_an_owner and not owner:
        form.add_error("owner", "Choose whose it is, or the reason that we do not know yet.")
    if owner and not (reason and reason.names_an_owner):
        form.add_error("owner", "Only what somebody else looks after has an owner here.")


def end_page(acts: StaffActs, request: HttpRequest, report: Report) -> HttpResponse:
    """End the report, or correct why it ended."""
    form = EndForm(request.POST or None, initial=_initial(report))
    if form.is_valid():
        try:
            with transaction.atomic():
                report = end_report(report=report, staff=resident_of(request), **form.cleaned_data)
                note = f"{report.get_status_display()}: {report.closure_reason}."
                acts.log_change(request, report, note)
            return acts.done(request, report, note)
        except NotAllowed as error:
            form.add_error(None, str(error))
    title = "Close the report" if report.is_open else "Correct why it ended"
    return acts.ask(request, report, title=title, form=form, buttons=[("end", title)])


def _initial(report: Report) -> dict[str, Any]:
    """What is true now; whose the register says it is."""
    return {
        "token": uuid.uuid4(),
        "reason": report.closure_reason and report.closure_reason.pk,
        "owner": report.owner or Owner.objects.known_of(report.asset),
    }


END = StaffAct(
    "Close it, or correct why it ended", lambda report: report.merged_into_id is None, end_page
)
