"""mySociety's updates, both ways: what became of reports, and what an app adds to its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.db import transaction
from django.utils import timezone

from stockport.db import on_violation
from street_reports import workflow
from street_reports.models import Act, Report, SubmittedUpdate, Update
from street_reports.models.submissions import LONGEST_REFERENCE
from street_reports.notes import send_note
from street_reports.open311 import errors, queries
from street_reports.open311.errors import Refused
from street_reports.open311.keys import key_of, key_that_writes
from street_reports.open311.requests import LONGEST, NO_FILES, reasons
from street_reports.open311.wire import Many, Reply, Row
from street_reports.workflow import Status

if TYPE_CHECKING:
    from django.http import HttpRequest

    from street_reports.models import ApiKey

# mySociety's word for each of our states. Why a report was closed has words of its own.
WORDS: Final[dict[str, str]] = {
    Status.RECEIVED: "open",
    Status.ACCEPTED: "investigating",
    Status.PLANNED: "planned",
    Status.FIXED: "fixed",
    Status.CLOSED: "closed",
    Status.NOT_OURS: "not_councils_responsibility",
}
UNCHANGED: Final = "unchanged"
# What residents did that others learn of.
DONE: Final[dict[str, str]] = {Act.Kind.WITHDRAW: "closed", Act.Kind.REOPEN: "reopen"}
SAID: Final = {
    "open": "We have the report.",
    "investigating": "The team is looking into it.",
    "planned": "Work is planned.",
    "fixed": "The team says that it is fixed.",
    "closed": "The report is closed.",
    "not_councils_responsibility": "The council does not look after this.",
    UNCHANGED: "There is news of the report.",
    "reopen": "The report is open again.",
}
TAKEN: Final = frozenset({*workflow.FROM_OPEN311, *workflow.CHANGE_NOTHING} - {"", "accepted"})


def listed(request: HttpRequest) -> Reply:
    """What became of public reports in a time, oldest first; raises Refused.

    The team's own words go only to the key whose app brought the report, for who reported it.
    """
    query = request.GET
    span = queries.span_in(query, "start_date", "end_date", timezone.now())
    page = queries.page_in(query)
    key = key_of(request) if query.get("api_key") else None
    # So many of each that the page is among them, whatever their order.
    news = _news(key, span, page.rows.stop) + _acts(span, page.rows.stop)
    news.sort(key=lambda row: (row["updated_datetime"], row["update_id"]))
    return Reply("service_request_updates", Many("request_update", news[page.rows]))


def _news(key: ApiKey | None, span: queries.Span, most: int) -> list[dict[str, Any]]:
    """What the teams said, each when it came here."""
    readable = Report.objects.filter(submissions__key=key) if key else Report.objects.none()
    own = set(readable.values_list("pk", flat=True)) if key else set()
    found = Update.objects.filter(received_at__range=(span.start, span.end))
    public = found.filter(report__is_private=False)
    if own:
        public = public | found.filter(report__in=own)
    rows = public.order_by("received_at", "pk").values_list(
        "pk", "report_id", "report__reference", "status", "text", "received_at"
    )
    return [
        _row(f"u{pk}", reference, WORDS.get(status, UNCHANGED), at, text if report in own else "")
        for pk, report, reference, status, text, at in rows[:most]
    ]


def _acts(span: queries.Span, most: int) -> list[dict[str, Any]]:
    """Those that were withdrawn or opened again by residents."""
    done = Act.objects.filter(
        kind__in=list(DONE), created_at__range=(span.start, span.end), report__is_private=False
    )
    rows = done.order_by("created_at", "pk").values_list(
        "pk", "report__reference", "kind", "created_at"
    )
    return [_row(f"a{pk}", reference, DONE[kind], at) for pk, reference, kind, at in rows[:most]]


def _row(update_id: str, reference: str, status: str, at: Any, text: str = "") -> dict[str, Any]:
    return {
        "update_id": update_id,
        "service_request_id": reference,
        "status": status,
        "description": text or SAID[status],
        "updated_datetime": at,
        "media_url": None,
    }


class UpdateForm(forms.Form):
    """The fields of an update. Who wrote it is taken and not kept."""

    service_request_id = forms.CharField(max_length=20)
    update_id = forms.CharField(max_length=LONGEST_REFERENCE)
    status = forms.CharField(max_length=40)
    updated_datetime = forms.CharField(max_length=40)
    description = forms.CharField(max_length=LONGEST)

    def clean_status(self) -> str:
        """One of mySociety's, in capitals or not."""
        status = str(self.cleaned_data["status"]).lower()
        if status not in TAKEN:
            raise forms.ValidationError(f"Send one of {', '.join(sorted(TAKEN))}, in capitals.")
        return status


def submit(request: HttpRequest) -> Reply:
    """Pass on what an app adds to a report that it sent, once; raises Refused.

    It moves no report: whether something is fixed is for the team and the reporter to say.
    """
    key = key_that_writes(request)
    if request.FILES:
        raise Refused(errors.BAD, NO_FILES)
    form = UpdateForm(request.POST)
    if not form.is_valid():
        raise Refused(errors.BAD, *reasons(form))
    fields = form.cleaned_data
    queries.moment_in({"updated_datetime": fields["updated_datetime"]}, "updated_datetime")
    number = add(key=key, fields=fields)
    row: Row = {"update_id": str(number)}
    return Reply("service_request_updates", Many("request_update", [row]))


class SentBefore(Exception):
    """The app has sent this update already."""


def add(*, key: ApiKey, fields: dict[str, Any]) -> int:
    """Send the words to the team; our number of the update, the first one where it came before.

    Raises Refused (404) for a report that this key did not send.
    """
    sent = Report.objects.filter(submissions__key=key).select_related("delivery__destination")
    report = sent.filter(reference=fields["service_request_id"]).first()
    if report is None:
        raise Refused(errors.MISSING, "There is no such service_request_id among those you sent.")
    same = {"key": key, "report": report, "update_id": fields["update_id"]}
    try:
        with (
            on_violation("street_reports_submitted_update_once", SentBefore()),
            transaction.atomic(),
        ):
            update = SubmittedUpdate.objects.create(**same)
            said = f"From {key.owner} ({fields['status'].upper()}): {fields['description']}"
            send_note(report=report, text=said)
    except SentBefore:
        update = SubmittedUpdate.objects.get(**same)
    return update.pk
