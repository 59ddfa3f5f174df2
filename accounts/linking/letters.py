"""PIN by post: to the address that the council holds, never to one that somebody typed."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hmac import compare_digest

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import audit
from accounts.linking.budgets import take_turns
from accounts.linking.claim import Claim
from accounts.models import AuditEvent, LetterPin, Person, Resident
from stockport.keyed import keyed
from stockport.outbox.actions import email_payload, enqueue
from stockport.outbox.models import Destination

# Until staff give it another connector, whoever prints letters gets them by e-mail.
PRINT_ROOM, BY_EMAIL = "letters", {"name": "Letters to print", "connector": "email"}
DIGITS = 8
LIVES = timedelta(days=28)
ASKED = "letter_asked"
LIVE_OF_PERSON = 3  # letters on their way to one person, each for another account
LETTERS_A_WEEK = 2  # of one resident, sent or not
WEEK = timedelta(days=7)


@transaction.atomic
def ask_for_letter(*, resident: Resident, claim: Claim) -> None:
    """Post a PIN where the claim is right for one person; whether it was is told to nobody.

    A letter that is still on its way stays the one that counts.
    """
    take_turns(f"letters {resident.pk}", claim.target)
    since = timezone.now() - WEEK
    asked = AuditEvent.objects.for_resident(resident).filter(kind=ASKED, at__gt=since).count()
    audit.record(ASKED, resident=resident, actor=resident)
    people = claim.people()
    if asked < LETTERS_A_WEEK and len(people) == 1 and people[0].address:
        _end_expired(people[0])
        live = LetterPin.objects.filter(person=people[0], ended_at=None)
        if live.count() < LIVE_OF_PERSON and not live.filter(resident=resident).exists():
            _post(resident, people[0])


def try_pin(*, resident: Resident, person: Person, pin: str) -> bool:
    """Whether it is the PIN of the letter that this resident asked for; it works once."""
    live = LetterPin.objects.select_for_update().filter(resident=resident, person=person)
    letter = live.filter(ended_at=None, expires_at__gt=timezone.now()).first()
    if letter is None:
        return False
    right = compare_digest(letter.pin, _hashed(person, pin))
    letter.tries += not right  # the row is locked
    if right or letter.tries == LetterPin.TRIES:
        letter.ended_at = timezone.now()
    letter.save(update_fields=["tries", "ended_at"])
    return right


def _end_expired(person: Person) -> None:
    now = timezone.now()
    LetterPin.objects.filter(person=person, ended_at=None, expires_at__lte=now).update(ended_at=now)


def _post(resident: Resident, person: Person) -> None:
    pin = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    expires = timezone.now() + LIVES
    LetterPin.objects.create(
        resident=resident, person=person, pin=_hashed(person, pin), expires_at=expires
    )
    lines = [person.full_name, *person.address.split(", "), person.postcode]
    values = {"lines": lines, "pin": pin, "expires": expires, "site_url": settings.SITE_URL}
    values |= {"service_name": settings.SERVICE_NAME, "council_name": settings.COUNCIL_NAME}
    body = render_to_string("accounts/letters/pin.txt", values)
    payload = email_payload(settings.LETTERS_EMAIL, "Letter to print and post", body)
    # No resident: whoever asks for their data must not find that a letter was sent, nor its PIN.
    Destination.objects.get_or_create(slug=PRINT_ROOM, defaults=BY_EMAIL)
    enqueue(destination=PRINT_ROOM, kind="letter", payload=payload | {"address": lines})


def _hashed(person: Person, pin: str) -> str:
    return keyed(f"pin {person.pk} {pin}")
