"""What staff do outside the admin, in the admin's own record of who did what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.admin.models import CHANGE, LogEntry

if TYPE_CHECKING:
    from accounts.models import Resident
    from street_reports.models import Report


def put_on_record(report: Report, staff: Resident, words: str) -> None:
    """That this member of staff did this to the report, in the caller's transaction."""
    LogEntry.objects.log_actions(str(staff.pk), [report], CHANGE, words, single_object=True)
