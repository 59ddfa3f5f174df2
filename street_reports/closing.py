"""What staff end, and why it ended: told to who reported it, who follows it, and the team."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from street_reports.models import Report, Update
from street_reports.notes import send_note
from street_reports.progress import tell
from street_reports.workflow import NotAllowed, Status

if TYPE_CHECKING:
    from accounts.models import Resident
    from street_reports.models import ClosureReason, Owner

# How mySociety's extension of Open311 says to the team's system what staff decided here.
WORDS = {
    Status.ACCEPTED: "INVESTIGATING",
    Status.PLANNED: "PLANNED",
    Status.FIXED: "FIXED",
    Status.CLOSED: "CLOSED",
    Status.NOT_OURS: "NOT_COUNCILS_RESPONSIBILITY",
}


@transaction.atomic
def end_report(
    *,
    report: Report,
    staff: Resident,
    token: UUID,
    reason: ClosureReason,
    owner: Owner | None = None,
    text: str = "",
) -> Report:
    """End the report for this reason, or correct why it ended; `text` is for residents.

    The same token again changes nothing. Raises workflow.NotAllowed where an owner is missing or
    out of place, and where nothing would change.
    """
    if bool(owner) != reason.names_an_owner:
        raise NotAllowed(f"“{reason}” {'needs an' if reason.names_an_owner else 'has no'} owner.")
    report = Report.objects.select_for_update(of=("self",)).in_full().get(pk=report.pk)
    if report.updates.filter(update_id=str(token)).exists():
        return report
    if report.merged_into_id is not None:
        raise NotAllowed("It is part of another report.")
    moved = _explain(report, reason, owner)
    Update.objects.create(
        report=report,
        update_id=str(token),
        staff=staff,
        status=reason.status if moved else "",
        text=text if moved else f"The reason is now “{reason}”. {text}".strip(),
        updated_at=timezone.now(),
    )
    tell(report, text)
    words = f"Ended by staff: {reason}. {text}".strip()
    send_note(report=report, resident=None, text=words, status=WORDS[Status(reason.status)])
    return report


def _explain(report: Report, reason: ClosureReason, owner: Owner | None) -> bool:
    """Give the report its end and its reason; whether that changed its state."""
    if (report.closure_reason_id, report.owner_id) == (reason.slug, owner and owner.pk):
        raise NotAllowed("It has ended for this reason already.")
    moved = report.status != reason.status
    if moved:
        report.move_to(reason.status, reason=reason.slug, owner=owner)
    else:
        report.explain(reason=reason.slug, owner=owner)
    report.closure_reason = reason
    return moved
