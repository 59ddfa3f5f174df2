"""What happens to people without an account: they follow a report, stop e-mails, are forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from stockport.outbox.models import Delivery
from street_reports.models import Contact
from street_reports.notes import send_note

if TYPE_CHECKING:
    from collections.abc import Iterable

    from street_reports.models import Report


@transaction.atomic
def join_report(
    *, report: Report, email: str, information: str = "", wants_updates: bool = False
) -> Contact:
    """Have this address follow the report, and send what they add to the team that has it.

    Somebody whom the report knows already adds to what they said before.
    """
    wanted = {"wants_updates": wants_updates}
    contact, _ = Contact.objects.update_or_create(report=report, email=email, defaults=wanted)
    if information:
        who = "The person who reported this adds" if contact.is_reporter else "From somebody else"
        contact.information = information
        contact.delivery = send_note(report=report, text=f"{who}: {information}")
        contact.save(update_fields=["information", "delivery"])
    return contact


def stop_updates(*, contact: Contact) -> None:
    """Write to them no more."""
    Contact.objects.filter(pk=contact.pk).update(wants_updates=False)


@transaction.atomic
def forget_contacts(*, contacts: Iterable[Contact]) -> int:
    """Delete their addresses, those of the e-mails sent to them included; how many there were."""
    forgotten = list(contacts)
    for contact in forgotten:
        mail = Delivery.objects.filter(kind="email", reference=contact.report.reference)
        mail.filter(payload__to=[contact.email]).delete()
        contact.delete()
    return len(forgotten)
