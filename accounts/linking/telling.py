"""Telling by e-mail whoever is linked to a record that somebody else is, or tries to be."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEvent, Person, PersonLink, Resident
from stockport.outbox.actions import send_email

TOLD = "link_told"
QUIET = timedelta(days=1)  # between two e-mails about tries


def tell_others(person: Person, *, but: Resident, linked: bool) -> None:
    """Write to each resident who is linked, of tries at most once a day; who it is stays unsaid."""
    links = PersonLink.objects.active().filter(person=person).exclude(resident=but)
    for link in links.select_related("resident"):
        if linked or not _told_lately(link.resident, person):
            send(link.resident, "linked" if linked else "tried", person=person)
            if not linked:
                audit.record(TOLD, resident=link.resident, person=person)


def _told_lately(resident: Resident, person: Person) -> bool:
    since = timezone.now() - QUIET
    told = AuditEvent.objects.for_resident(resident).filter(kind=TOLD, person=person)
    return told.filter(at__gt=since).exists()


SUBJECTS = {
    "linked": "Somebody else can now see your council records",
    "tried": "Somebody tried to link to your council records",
    "approved": "Your account is linked to the council’s records",
    "refused": "We could not link your account",
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
