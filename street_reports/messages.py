"""The e-mails about a report; their words are in templates/street_reports/email/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from stockport.outbox.redact import redact
from street_reports.models import Contact
from street_reports.timeline import MESSAGE, NEWS
from street_reports.workflow import Status

if TYPE_CHECKING:
    from accounts.models import Resident
    from street_reports.models import Report, Unconfirmed


def received(report: Report, contact: Contact | None = None) -> str:
    """The body of the copy that goes at once to the resident, or to who has no account."""
    wants_updates = contact.wants_updates if contact else report.wants_updates
    context = _context(report, contact) | {"wants_updates": wants_updates}
    return render_to_string("street_reports/email/received.txt", context)


def confirm(unconfirmed: Unconfirmed, secret: str) -> str:
    """The body of the e-mail that asks whether the address is theirs.

    It says nothing that was typed: anybody may have typed it, with anybody's address.
    """
    path = reverse("street_reports:confirm", args=[secret])
    context = {"unconfirmed": unconfirmed, "hours": settings.CONFIRM_HOURS}
    context |= {"url": f"{settings.SITE_URL}{path}", "council_name": settings.COUNCIL_NAME}
    return render_to_string("street_reports/email/confirm.txt", context)


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


def progress(report: Report, text: str, to: Resident | Contact, title: str) -> str:
    """The body of the e-mail that says what happened, with what the team said.

    Who only follows the report reads nothing that its reporter wrote, the place in words included.
    """
    contact = to if isinstance(to, Contact) else None
    is_own = contact.is_reporter if contact else report.resident_id == to.pk
    context = {
        **_context(report, contact),
        "title": f"{title}.",
        "text": text,
        "is_own": is_own,
        "location": report.location if is_own else report.place_for_others,
    }
    return render_to_string("street_reports/email/progress.txt", context)


def ask_again(report: Report, to: Resident) -> str:
    """The body of the one e-mail that asks again whether it is fixed."""
    context = {**_context(report, None), "location": report.place_for(to)}
    return render_to_string("street_reports/email/ask_again.txt", context)


def stop_url(contact: Contact) -> str:
    """Where somebody without an account stops our e-mails."""
    return f"{settings.SITE_URL}{contact.stop_url}"


def _context(report: Report, contact: Contact | None) -> dict[str, object]:
    """Who has no account gets links of their own, and is not asked whether it is fixed."""
    path = (contact or report).get_absolute_url()
    return {
        "report": report,
        "team": report.team,
        "url": f"{settings.SITE_URL}{path}",
        "fixed_url": "" if contact else f"{settings.SITE_URL}{report.question_url}",
        "stop_url": stop_url(contact) if contact else "",
        "council_name": settings.COUNCIL_NAME,
        "contact_url": settings.CONTACT_URL,
        "emergency_phone": settings.EMERGENCY_PHONE,
    }
