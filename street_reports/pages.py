"""What the pages about reports show, row by row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Max

from stockport.components import SummaryRow
from stockport.templatetags.portal import day, moment
from street_reports.models import Follower
from street_reports.timeline import Entry, Headline, headline, timeline

if TYPE_CHECKING:
    from accounts.models import Resident
    from street_reports.models import Report


def listed(reports: Iterable[Report]) -> list[tuple[Report, Headline]]:
    """Each report with how far it is."""
    return [(report, headline(report.status, report.delivery.state)) for report in reports]


def summary(report: Report, resident: Resident) -> list[SummaryRow]:
    """What was reported; who only follows it reads their own words, and none of the reporter's."""
    if report.resident_id != resident.pk:
        return _followed(report, Follower.objects.for_resident(resident).get(report=report))
    return [
        SummaryRow("What is wrong", report.fault.name),
        SummaryRow("Where", report.location),
        SummaryRow("Reported", moment(report.created_at)),
        SummaryRow("Description", report.description or "Not given"),
        SummaryRow("E-mails about what happens", "Yes" if report.wants_updates else "No"),
    ]


def expected(report: Report) -> str:
    """By when it is dealt with, in plain words; nothing once it has ended."""
    if not report.is_open:
        return ""
    if report.due_on is None:
        return "We cannot say how long it takes."
    if report.is_overdue:
        return f"We aimed to deal with it by {day(report.due_on)}. It is late. We are sorry."
    return f"We aim to deal with it by {day(report.due_on)}."


def _followed(report: Report, mine: Follower) -> list[SummaryRow]:
    return [
        SummaryRow("What is wrong", report.fault.name),
        SummaryRow("Where", report.place_for_others),
        SummaryRow("First reported", moment(report.created_at)),
        SummaryRow("What you added", mine.information or "Nothing"),
        SummaryRow("E-mails about what happens", "Yes" if mine.wants_updates else "No"),
    ]


def history(report: Report) -> list[Entry]:
    """The timeline: two queries, for the tries to send it and for the updates."""
    tried = report.delivery.attempts.aggregate(latest=Max("started_at"))["latest"]
    return timeline(
        created_at=report.created_at,
        sending=report.delivery,
        tried_at=tried,
        news=report.updates.all(),
        team=report.team,
        duty_told_at=report.duty_email.sent_at if report.duty_email else None,
    )
