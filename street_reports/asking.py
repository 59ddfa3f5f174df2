"""Asking once more whether what was fixed is: those who want e-mails and have not said so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from stockport.outbox.actions import destinations, email_payload, enqueue_all
from stockport.outbox.models import Delivery
from street_reports import messages
from street_reports.models import Report
from street_reports.progress import readers

if TYPE_CHECKING:
    from accounts.models import Resident


def ask_again() -> int:
    """Ask about everything that was fixed some days ago; of how many reports."""
    pks = list(Report.objects.to_ask_again().values_list("pk", flat=True))
    return sum(_ask(pk) for pk in pks)


@transaction.atomic
def _ask(pk: int) -> bool:
    """Ask about one report; False where another worker does it, or has done it just now."""
    waiting = Report.objects.to_ask_again().in_full()
    locked = waiting.select_for_update(of=("self",), skip_locked=True)
    report = locked.filter(pk=pk).first()
    if report is None:
        return False
    report.reminded_at = timezone.now()
    report.save(update_fields=["reminded_at"])
    said = set(report.acts.filter(fixed_at=report.fixed_at).values_list("resident_id", flat=True))
    _send(report, {who: what for who, what in readers(report).items() if who.pk not in said})
    return True


def _send(report: Report, people: dict[Resident, str]) -> None:
    if not people:
        return
    [post] = destinations("email")
    enqueue_all(
        [
            Delivery(
                destination=post,
                kind="email",
                payload=email_payload(
                    resident.email, f"Is it fixed? {what}", messages.ask_again(report, resident)
                ),
                reference=report.reference,
                resident=resident,
            )
            for resident, what in people.items()
        ]
    )
