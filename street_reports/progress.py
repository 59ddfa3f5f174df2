"""What back offices say about reports: taken in any order, each once, and told to the resident."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from stockport.db import on_violation
from stockport.outbox.actions import destinations, email_payload, enqueue_all
from stockport.outbox.models import Delivery
from street_reports import messages, workflow
from street_reports.actions import AlreadyReported
from street_reports.models import ClosureReason, Contact, Owner, Report, Update
from street_reports.workflow import NotAllowed, Status

if TYPE_CHECKING:
    from accounts.models import Resident
    from stockport.outbox.connectors import base as outbox

logger = logging.getLogger(__name__)


def hear(*, delivery: Delivery, update: outbox.Update) -> bool:
    """Apply what a team's system says of this delivery; False where it is not a report's."""
    report = Report.objects.filter(delivery=delivery).first()
    if report is None:
        return False
    apply_update(
        report=report,
        update_id=update.update_id,
        status=update.status,
        text=update.description,
        updated_at=update.updated_at,
        code=update.code,
    )
    return True


@transaction.atomic
def apply_update(
    *,
    report: Report,
    update_id: str,
    status: str,
    text: str,
    updated_at: datetime,
    code: str = "",
) -> Update:
    """Record what the back office said, once, and move the report if nothing newer is known.

    `status` is the back office's own word, and `code` its own reason where staff have said what
    that means. A word that is unknown, or that the workflow has no step
    for, is recorded without moving the report, and logged.
    """
    report = Report.objects.select_for_update(of=("self",)).in_full().get(pk=report.pk)
    ours = workflow.from_open311(status) or ""
    update, is_new = Update.objects.get_or_create(
        report=report,
        update_id=update_id,
        defaults={"status": ours, "text": text, "updated_at": updated_at},
    )
    if is_new and not workflow.is_known(status):
        logger.warning("Report %s: nobody knows the status “%s”.", report.reference, status)
    if is_new and ours not in ("", report.status) and _is_newest(update):
        _move(report, ours, text, code, workflow.reason_of(status))
    return update


def _is_newest(update: Update) -> bool:
    """Whether nothing later was said about the state."""
    later = update.report.updates.exclude(status="").filter(updated_at__gt=update.updated_at)
    return not later.exists()


def _move(report: Report, status: str, text: str, code: str, reason: str) -> None:
    owner = Owner.objects.known_of(report.asset) if status == Status.NOT_OURS else None
    meant = ClosureReason.objects.meant_by(code, status)
    if meant and meant.names_an_owner == bool(owner):
        reason = meant.slug
    try:
        with on_violation("street_reports_one_open_report", AlreadyReported()):
            report.move_to(status, reason=reason, owner=owner)
    except (NotAllowed, AlreadyReported) as error:
        logger.warning("Report %s does not become %s: %s", report.reference, status, error)
        return
    tell(report, text)


def readers(report: Report) -> dict[Resident, str]:
    """Every resident who wants e-mails about the report, with what it is to them."""
    people = {}
    if report.wants_updates and report.resident:
        people[report.resident] = f"your report {report.reference}"
    for follower in report.followers.filter(wants_updates=True).select_related("resident"):
        people[follower.resident] = f"report {report.reference}, which you follow"
    return people


def tell(report: Report, text: str, *, is_message: bool = False) -> None:
    """The news, or a mere message, to all readers: one e-mail each, so nobody sees an address."""
    people: list[tuple[Resident | Contact, str]] = list(readers(report).items())
    for contact in report.contacts.filter(wants_updates=True):
        which = "your report {}" if contact.is_reporter else "report {}, which you follow"
        people.append((contact, which.format(report.reference)))
    if people:
        [post] = destinations("email")
        title = (messages.message_title if is_message else messages.progress_title)(report)
        enqueue_all(
            [
                Delivery(
                    destination=post,
                    kind="email",
                    payload=_news(report, text, title, to, what),
                    reference=report.reference,
                    resident=None if isinstance(to, Contact) else to,
                )
                for to, what in people
            ]
        )


def _news(
    report: Report, text: str, title: str, to: Resident | Contact, what: str
) -> dict[str, Any]:
    """The e-mail to one of them; who has no account is told how to stop it (RFC 2369)."""
    contact = to if isinstance(to, Contact) else None
    return email_payload(
        to.email,
        f"{title}: {what}",
        messages.progress(report, text, to, title),
        headers={"List-Unsubscribe": f"<{messages.stop_url(contact)}>"} if contact else {},
    )
