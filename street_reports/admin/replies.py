"""Staff write to residents: from a template or not, seen as it will be read, then sent."""

from __future__ import annotations

import uuid
from copy import copy
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db import transaction

from accounts.http import resident_of
from stockport.admin import ModelAdmin
from street_reports import messages, placeholders, replies, workflow
from street_reports.admin.closing import LONGEST, NO_OWNER, check_owner
from street_reports.admin.doing import StaffAct, StaffActs
from street_reports.closing import end_report
from street_reports.models import ClosureReason, Owner, ReplyTemplate
from street_reports.progress import readers
from street_reports.workflow import NotAllowed, Status

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from street_reports.models import Report

    # Django's own class takes no type argument at runtime, and mypy asks for one.
    ModelForm = forms.ModelForm[ReplyTemplate]
else:
    ModelForm = forms.ModelForm

ENDS = "reason:"  # before the key of a reason, among what can happen to a report


class ReplyTemplateForm(ModelForm):
    """A template, in which every placeholder is known."""

    def clean_text(self) -> str:
        """Names what is not."""
        text: str = self.cleaned_data["text"]
        if unknown := placeholders.unknown(text):
            raise forms.ValidationError(f"Not known in curly brackets: {' '.join(unknown)}")
        return text


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(ModelAdmin):
    """What staff often write."""

    form = ReplyTemplateForm
    list_display = ("name", "kind", "fault", "status", "reason", "position", "is_active")
    list_select_related = ("fault", "reason")
    list_editable = ("position", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "text")
    ordering = ("position", "pk")


class ReplyForm(forms.Form):
    """What is written, and what happens to the report; `seen` is what the preview showed."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    template = forms.ModelChoiceField(
        ReplyTemplate.objects.none(), label="Template", required=False, empty_label="None"
    )
    text = forms.CharField(
        label="What you write",
        help_text="Who reported it and who follows it read this as from the team. Name nobody.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 80}),
    )
    then = forms.ChoiceField(label="The report then", required=False)
    owner = forms.ModelChoiceField(
        Owner.objects.order_by("position", "pk"),
        label="Whose it is",
        required=False,
        empty_label=NO_OWNER,
    )

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["template"].queryset = ReplyTemplate.objects.offered(report)
        self.reasons = {f"{ENDS}{r.pk}": r for r in ClosureReason.objects.offered()}
        steps = workflow.TRANSITIONS[Status(report.status)]
        fields["then"].choices = [
            ("", "Stays as it is"),
            *((step.value, step.label) for step in workflow.OPEN if step in steps),
            *(
                (key, f"{reason.get_status_display()}: {reason}")
                for key, reason in self.reasons.items()
                if reason.status in steps
            ),
        ]

    @property
    def reason(self) -> ClosureReason | None:
        """Why it ends, if it does."""
        return self.reasons.get(self.cleaned_data["then"])

    @property
    def all_of_it(self) -> str:
        """Everything that a preview shows."""
        return repr([self.cleaned_data[name] for name in ("text", "then", "owner")])

    def clean(self) -> dict[str, Any]:
        """An owner exactly where the report ends as somebody else's."""
        cleaned = super().clean() or self.cleaned_data
        if "then" in cleaned:
            check_owner(self, self.reason)
        return cleaned


def reply_page(acts: StaffActs, request: HttpRequest, report: Report) -> HttpResponse:
    """Write, look at it, send it."""
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and "use" in data:
        form = ReplyForm(report=report, initial=_with_template(report, data))
        return _ask(acts, request, report, form, [])
    form = ReplyForm(data, report=report, initial={"token": uuid.uuid4()})
    preview: list[tuple[str, str]] = []
    if form.is_valid() and data is not None:
        if "send" in data and form.cleaned_data["seen"] == form.all_of_it:
            try:
                return acts.done(request, report, _send(acts, request, report, form))
            except NotAllowed as error:
                form.add_error(None, str(error))
        else:
            data["seen"] = form.all_of_it
            preview = _preview(report, form, request)
    return _ask(acts, request, report, form, preview)


def _ask(
    acts: StaffActs,
    request: HttpRequest,
    report: Report,
    form: ReplyForm,
    preview: list[tuple[str, str]],
) -> HttpResponse:
    buttons = [("preview", "See it as residents will"), ("use", "Use the template")]
    if preview:
        buttons = [("send", "Send"), *buttons]
    return acts.ask(
        request, report, title="Write to residents", form=form, buttons=buttons, preview=preview
    )


def _with_template(report: Report, data: QueryDict) -> dict[str, Any]:
    """What was typed, with the chosen template after it."""
    typed: dict[str, Any] = {name: data.get(name, "") for name in ReplyForm.base_fields}
    chosen = data.get("template", "")
    offered = ReplyTemplate.objects.offered(report)
    template = offered.filter(pk=chosen).first() if chosen.isdecimal() else None
    if template is None:
        return typed
    text = "\n\n".join(filter(None, [typed["text"], replies.written(template, report)]))
    return typed | {"text": text, "then": template.step or typed["then"]}


def _send(acts: StaffActs, request: HttpRequest, report: Report, form: ReplyForm) -> str:
    """Send it, put it on record, and say what was done; raises NotAllowed."""
    said = {
        "report": report,
        "staff": resident_of(request),
        "token": form.cleaned_data["token"],
        "text": form.cleaned_data["text"],
    }
    with transaction.atomic():
        if form.reason:
            report = end_report(**said, reason=form.reason, owner=form.cleaned_data["owner"])
        else:
            report = replies.reply(**said, status=form.cleaned_data["then"])
        note = f"Wrote to residents. {report.get_status_display()}."
        acts.log_change(request, report, note)
    return note


def _preview(report: Report, form: ReplyForm, request: HttpRequest) -> list[tuple[str, str]]:
    """The line of the timeline and the e-mail, as they would be; nothing is saved."""
    text, then = form.cleaned_data["text"], form.cleaned_data["then"]
    report = copy(report)
    if then:
        report.status = form.reason.status if form.reason else then
        report.closure_reason, report.owner = form.reason, form.cleaned_data["owner"]
    title = messages.progress_title(report) if then else messages.message_title(report)
    number = len(readers(report))
    return [
        ("In the timeline", f"{title}\n{text}"),
        (
            f"By e-mail, to {number} who want{'s' if number == 1 else ''} e-mails",
            messages.progress(report, text, resident_of(request), title=title),
        ),
    ]


REPLY = StaffAct("Write to residents", lambda report: report.merged_into_id is None, reply_page)
