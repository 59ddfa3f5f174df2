"""What a resident may ask of the data held about them: a copy of all of it, and its erasure.

UK GDPR, articles 15 and 20 (copy) and 17 (erasure, and what the law says must be kept).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

from accounts.devices import sign_out_elsewhere
from accounts.models import (
    AuditEvent,
    FailedSignIn,
    LetterPin,
    LinkAttempt,
    LinkRequest,
    Person,
    PersonLink,
    Resident,
    SecondStepRemoval,
)
from stockport.outbox.actions import send_email
from stockport.outbox.models import Delivery
from stockport.services import services

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from stockport.services import Kept


Row = Mapping[str, Any]


def messages_to(resident: Resident) -> QuerySet[Delivery]:
    """E-mails and texts to the resident, also from before anybody knew whose address it was."""
    addressed = Q(payload__to__contains=[resident.email])
    to_them = Delivery.objects.filter(addressed | Q(resident=resident))
    return to_them.filter(kind__in=["email", "text"])


def own_data(resident: Resident) -> Iterable[tuple[str, list[Row]]]:
    """What this app holds: (name of the set, rows)."""
    yield "account", [account_of(resident)]
    addresses = EmailAddress.objects.filter(user=resident).order_by("pk")
    yield "email_addresses", list(addresses.values("email", "verified", "primary"))
    yield "people", [person_of(person) for person in Person.objects.for_resident(resident)]
    links = PersonLink.objects.for_resident(resident).order_by("pk")
    names = ["person__reference", "method", "level", "linked_at", "revoked_at"]
    yield "links", list(links.values(*names))
    sessions = UserSession.objects.filter(user=resident).order_by("created_at")
    yield "sessions", list(sessions.values("created_at", "ip", "user_agent"))
    steps = Authenticator.objects.filter(user=resident).order_by("pk")
    yield "second_steps", list(steps.values("type", "created_at", "last_used_at"))
    lost = SecondStepRemoval.objects.for_resident(resident)
    yield "second_steps_to_be_removed", list(lost.values("asked_at"))
    elsewhere = SocialAccount.objects.filter(user=resident).order_by("pk")
    yield (
        "accounts_elsewhere",
        list(elsewhere.values("provider", "uid", "date_joined", "extra_data")),
    )
    messages = Delivery.objects.for_resident(resident).order_by("created_at")
    names = ["kind", "reference", "state", "created_at", "sent_at"]
    yield "messages", list(messages.values(*names))
    yield from linking_data(resident)


def linking_data(resident: Resident) -> Iterable[tuple[str, list[Row]]]:
    """What they asked and tried, without what was answered, and what was done."""
    asked = LinkRequest.objects.for_resident(resident).order_by("made_at", "pk")
    names = ["service", "reference", "forenames", "surname", "postcode", "tells", "made_at"]
    yield "requests_to_link", list(asked.values(*names, "state", "reason", "decided_at"))
    tries = LinkAttempt.objects.filter(resident=resident).order_by("at", "pk")
    yield "tries_to_link", list(tries.values("at", "way", "matched"))
    events = AuditEvent.objects.about_resident(resident).order_by("at", "pk")
    failed = FailedSignIn.objects.for_resident(resident).order_by("last_at", "pk")
    yield "failed_sign_ins_of_this_hour", list(failed.values("last_at", "kind", "tries"))
    yield "what_happened", list(events.values("at", "kind", "role", "why", "detail"))


def account_of(resident: Resident) -> Row:
    """The log-in, without the password."""
    return {
        "email": resident.email,
        "signed_up": resident.date_joined,
        "last_signed_in": resident.last_login,
        "calendar_has_an_address": resident.calendar_key is not None,
    }


def person_of(person: Person) -> Row:
    """The council's record, as this portal has it."""
    return {
        "reference": person.reference,
        "name": person.full_name,
        "date_of_birth": person.date_of_birth,
        "postcode": person.postcode,
        "figures_last_asked_for": person.refreshed_at,
    }


def section(title: str, sets: Iterable[tuple[str, list[Row]]]) -> dict[str, Any]:
    """One part of the export: its title and its sets by name."""
    return {"title": title, "data": dict(sets)}


def export(resident: Resident) -> dict[str, Any]:
    """Everything held about the resident, in plain values for JSON."""
    return {
        "council": settings.COUNCIL_NAME,
        "exported_at": timezone.now(),
        "sections": [
            section("Account", own_data(resident)),
            *(section(service.title, service.export(resident)) for service in services()),
        ],
    }


def sentence(kept: Kept) -> str:
    """What is kept, why and until when, for the resident to read."""
    until = f", until {date_format(kept.until, 'j F Y')}" if kept.until else ""
    return f"{capfirst(kept.what)}: {kept.rule.rstrip('.')}{until}"


def erase_own(resident: Resident) -> None:
    """Delete what this app holds; a row without personal data stays behind kept records."""
    messages_to(resident).delete()
    PersonLink.objects.for_resident(resident).delete()
    LinkRequest.objects.for_resident(resident).delete()
    FailedSignIn.objects.for_resident(resident).delete()
    SecondStepRemoval.objects.for_resident(resident).delete()
    LinkAttempt.objects.filter(resident=resident).delete()
    LetterPin.objects.filter(resident=resident).delete()
    AuditEvent.objects.for_resident(resident).update(resident=None)
    AuditEvent.objects.filter(actor=resident).update(actor=None)
    EmailAddress.objects.filter(user=resident).delete()
    Authenticator.objects.filter(user=resident).delete()
    SocialAccount.objects.filter(user=resident).delete()
    sign_out_elsewhere(resident=resident, current="")
    resident.groups.clear()
    resident.user_permissions.clear()
    resident.email = f"{resident.public_id}@closed.invalid"
    resident.set_unusable_password()
    resident.is_active = resident.is_staff = resident.is_superuser = False
    resident.last_login = resident.calendar_key = None
    resident.closed_at = timezone.now()
    resident.save()


@transaction.atomic
def close_account(*, resident: Resident) -> list[Kept]:
    """Erase the resident from every service and from here, or from nowhere where one fails.

    Gives what the law makes the council keep, and sends it to the resident's address.
    """
    resident = Resident.objects.select_for_update(of=("self",)).get(pk=resident.pk)
    email = resident.email
    kept = [entry for service in services() for entry in service.erase(resident).kept]
    erase_own(resident)
    context = {
        "service_name": settings.SERVICE_NAME,
        "council_name": settings.COUNCIL_NAME,
        "kept": [sentence(entry) for entry in kept],
    }
    body = render_to_string("accounts/email/closed_message.txt", context)
    send_email(to=[email], subject="Your account is closed", body=body)
    return kept
