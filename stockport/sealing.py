"""Texts that the database holds sealed: who reads it, or a backup of it, reads nothing.

The keys are Fernet keys (the Fernet specification: AES-128-CBC with HMAC-SHA256) from the
environment. The first seals; all of them open, so that a key can be changed without losing
anything: docs/operations.md, “Changing keys”.
"""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """None of the keys opens it: a key was lost, or it was not sealed here."""


def seal(text: str) -> str:
    """The text as it may be stored."""
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again; raises Unreadable."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable("None of FIELD_KEYS opens it.") from error


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])
