"""Following what somebody else reported, instead of reporting it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from street_reports.contacts import join_report
from street_reports.drafts import end_draft
from street_reports.models import Follower, Report
from street_reports.notes import send_note
from street_reports.record import put_on_record

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import Resident
    from street_reports.reporters import Reporter


class OwnReport(Exception):
    """Nobody follows what they reported themselves: they hear of it anyway."""


@transaction.atomic
def follow_report(
    *,
    resident: Resident,
    report: Report,
    information: str = "",
    wants_updates: bool = False,
    form: UUID | None = None,
) -> Follower:
    """Make the resident a follower, and send what they add to the team that has the report.

    Once per report and resident: the second time changes nothing, but that the form that led here
    is over. Raises OwnReport.
    """
    if report.resident_id == resident.pk:
        raise OwnReport
    wanted = {"information": information, "wants_updates": wants_updates}
    follower, is_new = Follower.objects.get_or_create(
        report=report, resident=resident, defaults=wanted
    )
    if is_new and information:
        text = f"From another resident: {information}"
        follower.delivery = send_note(report=report, resident=resident, text=text)
        follower.save(update_fields=["delivery"])
    if form:
        end_draft(resident=resident, key=form, report=report)
    return follower


@transaction.atomic
def add_to_report(
    *,
    reporter: Reporter,
    report: Report,
    information: str = "",
    wants_updates: bool = False,
    form: UUID | None = None,
) -> None:
    """Have who meets the fault follow the report, each in their way. Raises OwnReport.

    Of a caller who gave no address, or has the report in their account, only the words are kept.
    """
    has_it = reporter.taken_by is not None and report.resident == reporter.resident
    if reporter.resident and not has_it:
        follow_report(
            resident=reporter.resident,
            report=report,
            information=information,
            wants_updates=wants_updates,
            form=form,
        )
    elif reporter.email:
        join_report(
            report=report,
            email=reporter.email,
            information=information,
            wants_updates=wants_updates,
        )
    elif information:
        send_note(report=report, text=f"From {reporter.known_as}: {information}")
    if reporter.taken_by:
        put_on_record(report, reporter.taken_by, "A caller told us of it too.")
