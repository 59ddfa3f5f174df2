"""What staff write to who reported a fault and who follows it, in the name of the team."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from stockport.db import on_violation
from stockport.templatetags.portal import day
from street_reports.closing import WORDS
from street_reports.models import Report, Update
from street_reports.notes import send_note
from street_reports.placeholders import fill
from street_reports.progress import tell
from street_reports.workflow import NotAllowed, Status

if TYPE_CHECKING:
    from accounts.models import Resident
    from street_reports.models import ReplyTemplate


def written(template: ReplyTemplate, report: Report) -> str:
    """The template about this report; everybody may read it, so nobody's words are in it."""
    return fill(
        template.text,
        {
            "reference": report.reference,
            "fault": report.fault.name,
            "place": report.place_for_others,
            "target": day(report.due_on) if report.due_on else "a day that we cannot name yet",
            "team": report.team,
        },
    )


@transaction.atomic
def reply(*, report: Report, staff: Resident, token: UUID, text: str, status: str = "") -> Report:
    """Write to everybody who reads the report, and take it a step on where `status` says so.

    What ends a report has a reason: closing.end_report. The same token again changes nothing.
    Raises workflow.NotAllowed where the report is part of another one, or has no such step.
    """
    report = Report.objects.select_for_update(of=("self",)).in_full().get(pk=report.pk)
    if report.updates.filter(update_id=str(token)).exists():
        return report
    if report.merged_into_id is not None:
        raise NotAllowed("It is part of another report: write there.")
    if status:
        other = NotAllowed("Somebody has reported this fault again: write there.")
        with on_violation("street_reports_one_open_report", other):
            report.move_to(status)
        note = f"Staff wrote to residents: {text}"
        send_note(report=report, resident=None, text=note, status=WORDS[Status(status)])
    Update.objects.create(
        report=report,
        update_id=str(token),
        staff=staff,
        status=status,
        text=text,
        updated_at=timezone.now(),
    )
    tell(report, text, is_message=not status)
    return report
