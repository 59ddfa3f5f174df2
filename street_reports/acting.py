"""What residents may do later: add to a report, withdraw it, say whether it is fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from stockport.db import on_violation
from street_reports import workflow
from street_reports.following import follow_report
from street_reports.models import Act, Report
from street_reports.notes import send_note
from street_reports.workflow import NotAllowed

if TYPE_CHECKING:
    from accounts.models import Resident

# What the team reads before the resident's words, and the state that Open311 has for it. That it
# is fixed is no news to the team, and many systems take nothing more about a case that is closed.
NOTES = {
    Act.Kind.ADD: ("The person who reported this adds:", "OPEN"),
    Act.Kind.WITHDRAW: ("The person who reported this has withdrawn it.", "CLOSED"),
    Act.Kind.REOPEN: ("The person who reported this says that it is not fixed.", "REOPEN"),
}
REASONS = {Act.Kind.WITHDRAW: workflow.WITHDRAWN}
FROM_FOLLOWER = "Another resident, who follows this, says that it is not fixed."


class OtherIsOpen(Exception):
    """Somebody has reported the fault again in the meantime."""


def allowed(report: Report, resident: Resident) -> list[Act.Kind]:
    """What who made it or follows it may do now. They say once whether it is fixed, within 28 days.

    A follower's “no” opens it again as the reporter's does: following was offered instead of a
    report of their own, and words about a case that stays closed would reach nobody.
    """
    if report.is_open:
        if report.resident_id != resident.pk:
            return []
        return [Act.Kind.ADD] if others_follow(report) else [Act.Kind.ADD, Act.Kind.WITHDRAW]
    if not report.is_asked_about:
        return []
    said = any(
        act.resident_id == resident.pk and act.fixed_at == report.fixed_at
        for act in report.acts.all()
    )
    return [] if said else [Act.Kind.CONFIRM, Act.Kind.REOPEN]


def others_follow(report: Report) -> bool:
    """Whether somebody else waits for it, with an account or without: it is theirs to end too."""
    without_account = report.contacts.filter(is_reporter=False).values("pk")
    return report.followers.values("pk").union(without_account).exists()


def act(*, report: Report, resident: Resident, kind: Act.Kind, text: str = "") -> Report:
    """Do it, and tell the team; the report that the resident has or follows afterwards.

    Raises workflow.NotAllowed for who neither made it nor follows it, and where it cannot be done
    now. Where somebody reported the fault again, to open it is to follow the new report.
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
    if not report.is_seen_by(resident) or kind not in allowed(report, resident):
        raise NotAllowed(f"“{kind}” cannot be done now.")
    if kind == Act.Kind.ADD and report.acts.filter(kind=kind, text=text).exists():
        return report
    done = Act(report=report, resident=resident, kind=kind, text=text, fixed_at=report.fixed_at)
    done.by_follower = report.resident_id != resident.pk
    with on_violation("street_reports_one_open_report", OtherIsOpen()):
        if kind in workflow.BY_RESIDENT:
            report.move_to(workflow.BY_RESIDENT[kind], reason=REASONS.get(kind, ""))
    done.save(force_insert=True)
    if kind in NOTES:
        words, status = NOTES[kind]
        words = FROM_FOLLOWER if done.by_follower else words
        text = f"{words} {text}".strip()
        send_note(report=report, resident=resident, text=text, status=status)
    return report
