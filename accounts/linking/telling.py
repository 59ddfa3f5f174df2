"""Telling by e-mail whoever is linked to a record that somebody else is, or tried to be."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import audit
from accounts.linking.budgets import take_turns
from accounts.models import AuditEvent, Person, PersonLink, Resident
from stockport.outbox.actions import send_email

FAILED, TOLD = "link_failed", "link_told"
QUIET = timedelta(days=1)  # between two e-mails about tries


def tell_others(person: Person, *, but: Resident) -> None:
    """Write to each resident who is linked that somebody else is now; who it is stays unsaid."""
    links = PersonLink.objects.active().filter(person=person).exclude(resident=but)
    for link in links.select_related("resident"):
        send(link.resident, "linked", person=person)


@transaction.atomic
def tell_of_tries() -> int:
    """Write to whoever is linked to a record that others tried in vain; how many were written to.

    It is done by the clock and not by the try, which would take longer where somebody is linked.
    Nobody is written to about the same record twice a day.
    """
    take_turns("tell of tries")
    lately = AuditEvent.objects.filter(at__gt=timezone.now() - QUIET)
    failed = lately.filter(kind=FAILED, person__isnull=False)
    by_others = failed.filter(person=OuterRef("person")).exclude(resident=OuterRef("resident"))
    told = lately.filter(kind=TOLD, person=OuterRef("person"), resident=OuterRef("resident"))
    links = PersonLink.objects.active().filter(person__in=failed.values("person"))
    links = links.filter(Exists(by_others), ~Exists(told)).select_related("resident", "person")
    for link in links:
        send(link.resident, "tried", person=link.person)
        audit.record(TOLD, resident=link.resident, person=link.person)
    return len(links)


SUBJECTS = {
    "linked": "Somebody else can now see your council records",
    "tried": "Somebody tried to link to your council records",
    "approved": "Your account is linked to the council’s records",
    "refused": "We could not link your account",
    "revoked": "Your account is no longer linked to the council’s records",
}


def send(resident: Resident, what: str, **context: object) -> None:
    """One of the e-mails of linking, in the caller's transaction."""
    values = {
        "service_name": settings.SERVICE_NAME,
        "council_name": settings.COUNCIL_NAME,
        "contact_url": settings.CONTACT_URL,
        "site_url": settings.SITE_URL,
        "what": what,
        **context,
    }
    body = render_to_string("accounts/email/linking_message.txt", values)
    send_email(to=[resident.email], subject=SUBJECTS[what], body=body, resident=resident)
