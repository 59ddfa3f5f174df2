"""Following what somebody else reported, instead of reporting it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from street_reports.drafts import end_draft
from street_reports.models import Follower, Report
from street_reports.notes import send_note

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import Resident


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
