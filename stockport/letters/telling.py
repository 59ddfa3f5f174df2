"""The e-mail that a letter has come. It says neither what about nor how much: mail is read by
others too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.utils import timezone

from stockport.letters.models import Letter
from stockport.outbox.actions import send_email

if TYPE_CHECKING:
    from accounts.models import Resident

# Older letters come with the first load, or with a link: they are no news.
RECENT: Final = timedelta(days=14)
SUBJECT = "You have a new letter"


def tell_of(letter: Letter, told: set[int]) -> None:
    """Write to whoever may open a recent letter and is not among those `told`, and add them.

    In the caller's transaction, in which the letter's file was found.
    """
    if letter.issued < timezone.localdate() - RECENT:
        return
    for resident in _readers(letter):
        if resident.pk not in told:
            told.add(resident.pk)
            _send(resident)


def _readers(letter: Letter) -> Iterator[Resident]:
    # Not everybody who is linked to the addressee: a former partner sees nothing of a claim.
    letters: Any = type(letter)._default_manager
    links = {"person_links__person": letter.person_id, "person_links__revoked_at": None}
    for resident in get_user_model().objects.filter(is_active=True, **links):
        if letters.for_resident(resident).filter(pk=letter.pk).exists():
            yield resident


def _send(resident: Resident) -> None:
    values = {
        "service_name": settings.SERVICE_NAME,
        "council_name": settings.COUNCIL_NAME,
        "site_url": settings.SITE_URL,
    }
    body = render_to_string("letters/email/letter_message.txt", values)
    send_email(to=[resident.email], subject=SUBJECT, body=body, resident=resident)
