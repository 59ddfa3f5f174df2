"""Several reports of one fault become one: it stays, the others are part of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from stockport.db import on_violation
from stockport.outbox.models import Delivery
from stockport.outbox.staff import cancel, try_again
from stockport.outbox.workflow import IllegalMove
from street_reports import workflow
from street_reports.joining import follow_survivor
from street_reports.models import Contact, Follower, Report, Update
from street_reports.notes import send_note
from street_reports.progress import tell
from street_reports.withholding import WITHHELD, withhold
from street_reports.workflow import NotAllowed, Status

if TYPE_CHECKING:
    from accounts.models import Resident

MARK = "DUPLICATE"  # mySociety's word for it


@transaction.atomic
def merge(*, survivor: Report, others: Sequence[Report], staff: Resident) -> Report:
    """Make the other reports part of the survivor, with all that was part of them.

    Who made or follows them follows the survivor and is told; the team's system learns that their
    jobs are duplicates, and gets none that it does not have yet. Raises workflow.NotAllowed,
    and changes nothing, where one of them cannot be merged.
    """
    family = Report.objects.locked([survivor.pk, *(other.pk for other in others)])
    survivor = family[survivor.pk]
    merged = [family[pk] for pk in sorted({other.pk for other in others})]
    _check(survivor, merged)
    # Not held, because it came while we waited: to wait for it now could be to wait for ever.
    if Report.objects.filter(merged_into__in=merged).exclude(pk__in=family).exists():
        raise NotAllowed(
            "Somebody has merged another report into one of these just now. Look again."
        )
    for report in merged:
        _merge_one(report, survivor, staff)
    return survivor


def _check(survivor: Report, merged: list[Report]) -> None:
    if not merged or survivor in merged:
        raise NotAllowed("Choose one report that stays and at least one other.")
    for report in (survivor, *merged):
        if not report.is_open:
            raise NotAllowed(f"{report.reference} has ended: {report.get_status_display()}.")
        if report.kind != survivor.kind:
            raise NotAllowed(f"{report.reference} is about another kind of thing.")
    if survivor.delivery.state == Delivery.State.CANCELLED:
        raise NotAllowed(f"{survivor.reference} is never sent to the team, so it cannot stay.")


def _merge_one(report: Report, survivor: Report, staff: Resident) -> None:
    follow_survivor(report, survivor)
    for part in report.merged.all():
        part.merged_into = survivor
        part.save(update_fields=["merged_into"])
    report.move_to(Status.CLOSED, reason=workflow.DUPLICATE)
    report.merged_into = survivor
    report.save(update_fields=["merged_into"])
    text = f"It is now part of report {survivor.reference}, which is about the same fault."
    _record(report, staff, Status.CLOSED, text)
    withhold(report, survivor)
    # Also where it is withheld: if somebody sends it after all, it does not stay a job.
    send_note(report=report, resident=None, text=_known_as(survivor), status=MARK)
    tell(report, "")


def _known_as(survivor: Report) -> str:
    """For the team: which of their jobs it is a duplicate of."""
    theirs = survivor.delivery.remote_reference
    known = f" (your reference {theirs})" if theirs else ""
    return f"This is a duplicate of our report {survivor.reference}{known}."


def _record(report: Report, staff: Resident, status: str, text: str) -> None:
    Update.objects.create(
        report=report,
        update_id=str(uuid.uuid4()),
        staff=staff,
        status=status,
        text=text,
        updated_at=timezone.now(),
    )


@transaction.atomic
def take_back(*, report: Report, staff: Resident) -> Report:
    """Make a merged report one of its own again, as open as it was, and send it if it was not.

    What was part of it stays with the survivor. Raises workflow.NotAllowed where it is not
    merged, or the fault of its asset has another open report by now.
    """
    survivor_pk = report.merged_into_id or report.pk
    report = Report.objects.locked([report.pk, survivor_pk])[report.pk]
    if report.merged_into_id is None or report.merged_into_id != survivor_pk:
        raise NotAllowed("It is not part of that report any more.")
    taken = NotAllowed("Somebody has reported this fault again. Merge the two instead.")
    with on_violation("street_reports_one_open_report", taken):
        report.separate(_status_before(report))
    Follower.objects.filter(report=survivor_pk, merged_from=report).delete()
    Contact.objects.filter(report=survivor_pk, merged_from=report).delete()
    _record(report, staff, "", "This report is on its own again.")
    _unmark(report)
    if report.delivery.reason.startswith(WITHHELD):
        with suppress(IllegalMove):  # staff have sent it, or decided otherwise
            try_again(delivery=report.delivery)
    return report


def _status_before(report: Report) -> str:
    """How far it was when it was merged, as the team had said."""
    said = report.updates.filter(status__in=workflow.OPEN).order_by("-updated_at", "-pk")
    return said.values_list("status", flat=True).first() or Status.RECEIVED


def _unmark(report: Report) -> None:
    """The team's system does not learn that it is a duplicate, or learns that it is none."""
    marks = report.delivery.followers.filter(kind="note", payload__status=MARK)
    for mark in marks.exclude(state=Delivery.State.CANCELLED):
        try:
            cancel(delivery=mark, reason="The merging was taken back.")
        except IllegalMove:  # it is there, or on its way
            text = "This is not a duplicate after all."
            send_note(report=report, resident=None, text=text, status="REOPEN")
