"""The e-mails about a report; their words are in templates/street_reports/email/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from stockport.outbox.redact import redact
from street_reports.timeline import MESSAGE, NEWS
from street_reports.workflow import Status

if TYPE_CHECKING:
    from accounts.models import Resident
    from street_reports.models import Report


def received(report: Report) -> str:
    """The body of the copy that the resident gets at once."""
    return render_to_string("street_reports/email/received.txt", _context(report))


def urgent(report: Report) -> str:
    """The body of the e-mail to the duty officers: what, where and when, but not from whom."""
    address = reverse("admin:street_reports_report_change", args=[report.pk])
    context = {
        "report": report,
        "team": report.team,
        # Somebody may have typed a name to call or a number into “where”.
        "location": redact(report.location),
        "url": f"{settings.SITE_URL}{address}",
    }
    return render_to_string("street_reports/email/urgent.txt", context)


def progress_title(report: Report) -> str:
    """What happened, in a few words: “Work is planned”."""
    if report.merged_into:
        return "Put together with another report of the same fault"
    return NEWS[Status(report.status)].format(team=report.team)


def message_title(report: Report) -> str:
    """That somebody wrote, where nothing else happened."""
    return MESSAGE.format(team=report.team)


def progress(report: Report, text: str, to: Resident, title: str) -> str:
    """The body of the e-mail that says what happened, with what the team said.

    Who only follows the report reads nothing that its reporter wrote, the place in words included.
    """
    context = {
        **_context(report),
        "title": f"{title}.",
        "text": text,
        "is_own": report.resident_id == to.pk,
        "location": report.place_for(to),
    }
    return render_to_string("street_reports/email/progress.txt", context)


def ask_again(report: Report, to: Resident) -> str:
    """The body of the one e-mail that asks again whether it is fixed."""
    context = {**_context(report), "location": report.place_for(to)}
    return render_to_string("street_reports/email/ask_again.txt", context)


def _context(report: Report) -> dict[str, object]:
    return {
        "report": report,
        "team": report.team,
        "url": f"{settings.SITE_URL}{report.get_absolute_url()}",
        "fixed_url": f"{settings.SITE_URL}{report.question_url}",
        "council_name": settings.COUNCIL_NAME,
        "contact_url": settings.CONTACT_URL,
        "emergency_phone": settings.EMERGENCY_PHONE,
    }
