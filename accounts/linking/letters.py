"""PIN by post: to the address that the council holds, never to one that somebody typed."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import audit
from accounts.linking.budgets import take_turns
from accounts.linking.claim import NOBODY, Claim
from accounts.models import AuditEvent, LetterPin, Person, Resident
from stockport.keyed import keyed, was_keyed
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


class _NotPosted(Exception):
    """Takes back what was done so that a letter that does not go takes as long as one that does."""


@transaction.atomic
def ask_for_letter(*, resident: Resident, claim: Claim) -> None:
    """Post a PIN where the claim is right for one person; whether it was is told to nobody.

    A letter that is still on its way stays the one that counts.
    """
    take_turns(f"letters {resident.pk}", claim.target)
    since = timezone.now() - WEEK
    asked = AuditEvent.objects.for_resident(resident).filter(kind=ASKED, at__gt=since).count()
    people = claim.people()
    person = people[0] if len(people) == 1 else Person(pk=NOBODY)
    goes = _may_have_one(resident, person) and asked < LETTERS_A_WEEK
    if asked < LETTERS_A_WEEK:
        to = person if goes else None
        audit.record(ASKED, resident=resident, actor=resident, person=to)
    with suppress(_NotPosted), transaction.atomic():
        _post(resident, person if goes else Person(pk=NOBODY))
        if not goes:
            raise _NotPosted


def _may_have_one(resident: Resident, person: Person) -> bool:
    """Whether there is an address, and neither a letter of theirs on its way nor many of others."""
    now = timezone.now()
    LetterPin.objects.filter(person=person, ended_at=None, expires_at__lte=now).update(ended_at=now)
    live = LetterPin.objects.filter(person=person, ended_at=None)
    holders = list(live.values_list("resident_id", flat=True))
    return bool(person.address) and len(holders) < LIVE_OF_PERSON and resident.pk not in holders


def try_pin(*, resident: Resident, person: Person, pin: str) -> bool:
    """Whether it is the PIN of the letter that this resident asked for; it works once."""
    now = timezone.now()
    live = LetterPin.objects.select_for_update().filter(resident=resident, person=person)
    held = live.filter(ended_at=None, expires_at__gt=now).first()
    letter = held or LetterPin(pk=NOBODY)  # the same is done about none: time tells nothing
    right = was_keyed(_named(person, pin), letter.pin)
    letter.tries += not right  # the row is locked
    ended = now if right or letter.tries == LetterPin.TRIES else None
    LetterPin.objects.filter(pk=letter.pk).update(tries=letter.tries, ended_at=ended)
    return right


def _post(resident: Resident, person: Person) -> None:
    pin = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    expires = timezone.now() + LIVES
    LetterPin.objects.create(
        resident=resident, person=person, pin=keyed(_named(person, pin)), expires_at=expires
    )
    lines = [person.full_name, *person.address.split(", "), person.postcode]
    values = {
        "lines": lines,
        "pin": pin,
        "today": timezone.now(),
        "expires": expires,
        "site_url": settings.SITE_URL,
    }
    values |= {"service_name": settings.SERVICE_NAME, "council_name": settings.COUNCIL_NAME}
    body = render_to_string("accounts/letters/pin.txt", values)
    payload = email_payload(settings.LETTERS_EMAIL, "Letter to print and post", body)
    # No resident: whoever asks for their data must not find that a letter was sent, nor its PIN.
    Destination.objects.get_or_create(slug=PRINT_ROOM, defaults=BY_EMAIL)
    enqueue(destination=PRINT_ROOM, kind="letter", payload=payload | {"address": lines})


def _named(person: Person, pin: str) -> str:
    return f"pin {person.pk} {pin}"
