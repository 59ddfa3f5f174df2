"""What who reported a fault may do later: add to it, withdraw it, say that it is not fixed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from stockport.db import on_violation
from street_reports import workflow
from street_reports.following import follow_report
from street_reports.models import Act, Report
from street_reports.notes import send_note
from street_reports.workflow import NotAllowed

if TYPE_CHECKING:
    from accounts.models import Resident

# What the team reads before the resident's words, and the state that Open311 has for it.
NOTES = {
    Act.Kind.ADD: ("The person who reported this adds:", "OPEN"),
    Act.Kind.WITHDRAW: ("The person who reported this has withdrawn it.", "CLOSED"),
    Act.Kind.REOPEN: ("The person who reported this says that it is not fixed.", "REOPEN"),
}

REASONS = {Act.Kind.WITHDRAW: workflow.WITHDRAWN}


class OtherIsOpen(Exception):
    """Somebody has reported the fault again in the meantime."""


def allowed(report: Report) -> list[Act.Kind]:
    """What its reporter may do now. It can be opened again for 28 days after it was fixed."""
    if report.is_open:
        return [Act.Kind.ADD, Act.Kind.WITHDRAW]
    if report.status != workflow.Status.FIXED:
        return []
    fixed_at = report.updates.filter(status=report.status).aggregate(at=Max("received_at"))["at"]
    days = timedelta(days=settings.REOPEN_DAYS)
    return [Act.Kind.REOPEN] if fixed_at and timezone.now() <= fixed_at + days else []


def act(*, report: Report, resident: Resident, kind: Act.Kind, text: str = "") -> Report:
    """Do it, and tell the team; the report that the resident has or follows afterwards.

    Raises workflow.NotAllowed for anybody but its reporter, and where it cannot be done now. Where
    somebody reported the fault again, to open it is to follow the new report.
    """
    try:
        with transaction.atomic():
            return _act(report, resident, kind, text)
    except OtherIsOpen:
        open_ones = Report.objects.open().in_full()
        other = open_ones.filter(asset=report.asset, fault=report.fault).first()
        if other is None:  # it ended in this very moment
            raise NotAllowed("The other report has just ended. Try again.") from None
        if other.resident_id != resident.pk:
            follow_report(resident=resident, report=other, information=text, wants_updates=True)
        return other


def _act(report: Report, resident: Resident, kind: Act.Kind, text: str) -> Report:
    report = Report.objects.select_for_update(of=("self",)).in_full().get(pk=report.pk)
    if report.resident_id != resident.pk or kind not in allowed(report):
        raise NotAllowed(f"“{kind}” cannot be done now.")
    if kind == Act.Kind.ADD and Act.objects.filter(report=report, kind=kind, text=text).exists():
        return report
    with on_violation("street_reports_one_open_report", OtherIsOpen()):
        if kind in workflow.BY_REPORTER:
            report.move_to(workflow.BY_REPORTER[kind], reason=REASONS.get(kind, ""))
    Act.objects.create(report=report, resident=resident, kind=kind, text=text)
    words, status = NOTES[kind]
    text = f"{words} {text}".strip()
    send_note(report=report, resident=resident, text=text, status=status)
    return report
