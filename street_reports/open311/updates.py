"""mySociety's updates, as they come to us: what an app adds to a report that it sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.db import transaction

from stockport.db import on_violation
from street_reports import workflow
from street_reports.models import Report, SubmittedUpdate
from street_reports.models.submissions import LONGEST_REFERENCE
from street_reports.notes import send_note
from street_reports.open311 import errors, queries
from street_reports.open311.errors import Refused
from street_reports.open311.files import NO_FILES, LinksField, elsewhere
from street_reports.open311.keys import key_that_writes
from street_reports.open311.requests import LONGEST, reasons
from street_reports.open311.wire import Many, Reply, Row

if TYPE_CHECKING:
    from django.http import HttpRequest

    from street_reports.models import ApiKey

TAKEN: Final = frozenset({*workflow.FROM_OPEN311, *workflow.CHANGE_NOTHING} - {"", "accepted"})


class UpdateForm(forms.Form):
    """The fields of an update. Who wrote it is taken and not kept."""

    service_request_id = forms.CharField(max_length=20)
    update_id = forms.CharField(max_length=LONGEST_REFERENCE)
    status = forms.CharField(max_length=40)
    updated_datetime = forms.CharField(max_length=40)
    description = forms.CharField(max_length=LONGEST)
    media_url = LinksField(required=False, assume_scheme="https")

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
            send_note(report=report, text="\n".join(filter(None, (said, elsewhere(fields, key)))))
    except SentBefore:
        update = SubmittedUpdate.objects.get(**same)
    return update.pk
