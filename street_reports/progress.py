"""What back offices say about reports: taken in any order, each once, and told to the resident."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from stockport.db import on_violation
from stockport.outbox.actions import confirm_updates, fetch_updates, send_email
from street_reports import messages, workflow
from street_reports.actions import AlreadyReported
from street_reports.models import Report, Update
from street_reports.workflow import NotAllowed

if TYPE_CHECKING:
    from stockport.outbox.models import Destination

logger = logging.getLogger(__name__)


def bring_news(*, destination: Destination) -> int:
    """Ask the destination for updates and apply what is new; how many were.

    News of what this app did not send is logged by its reference, which is no personal data.
    """
    updates = fetch_updates(destination)
    reports = _reports(destination, {update.remote_reference for update in updates})
    known = set(
        Update.objects.filter(
            report__in=reports.values(), update_id__in={update.update_id for update in updates}
        ).values_list("report_id", "update_id")
    )
    applied = 0
    for update in updates:
        report = reports.get(update.remote_reference)
        if report is None:
            logger.info("%s has news of %s, unknown.", destination.slug, update.remote_reference)
        elif (report.pk, update.update_id) not in known:
            apply_update(
                report=report,
                update_id=update.update_id,
                status=update.status,
                text=update.description,
                updated_at=update.updated_at,
            )
            applied += 1
    confirm_updates(destination, updates)
    return applied


def _reports(destination: Destination, references: set[str]) -> dict[str, Report]:
    """The reports that the destination knows under these references of its own."""
    found = Report.objects.filter(
        delivery__destination=destination, delivery__remote_reference__in=references - {""}
    )
    return {report.delivery.remote_reference: report for report in found.select_related("delivery")}


@transaction.atomic
def apply_update(
    *, report: Report, update_id: str, status: str, text: str, updated_at: datetime
) -> Update:
    """Record what the back office said, once, and move the report if nothing newer is known.

    `status` is the back office's own word. One that is unknown, or that the workflow has no step
    for, is recorded without moving the report, and logged.
    """
    report = Report.objects.select_for_update(of=("self",)).in_full().get(pk=report.pk)
    ours = workflow.from_open311(status) or ""
    update, is_new = Update.objects.get_or_create(
        report=report,
        update_id=update_id,
        defaults={"status": ours, "text": text, "updated_at": updated_at},
    )
    if is_new and ours not in ("", report.status) and _is_newest(update):
        _move(report, ours, text)
    return update


def _is_newest(update: Update) -> bool:
    """Whether nothing later was said about the state."""
    later = update.report.updates.exclude(status="").filter(updated_at__gt=update.updated_at)
    return not later.exists()


def _move(report: Report, status: str, text: str) -> None:
    try:
        with on_violation("street_reports_one_open_report", AlreadyReported()):
            report.move_to(status)
    except (NotAllowed, AlreadyReported) as error:
        logger.warning("Report %s does not become %s: %s", report.reference, status, error)
        return
    if report.wants_updates and report.resident:
        send_email(
            to=report.resident.email,
            subject=f"{messages.progress_title(report)}: your report {report.reference}",
            body=messages.progress(report, text),
            resident=report.resident,
            reference=report.reference,
        )
