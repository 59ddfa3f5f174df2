"""Texts that the database holds sealed: who reads it, or a backup of it, reads nothing.

The keys are Fernet keys (the Fernet specification: AES-128-CBC with HMAC-SHA256) from the
environment. The first seals; all of them open, so that a key can be changed without losing
anything: docs/operations.md, “Second steps, and changing keys”.
"""

from __future__ import annotations

import json
from typing import Any

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


class SealedJson:
    """What a session holds, sealed: codes, secrets being set up, proofs that were just typed.

    A session that no key opens is empty for Django: whoever it was signs in again.
    """

    def dumps(self, held: Any) -> bytes:
        """It as it may be stored."""
        return seal(json.dumps(held, separators=(",", ":"))).encode()

    def loads(self, sealed: bytes) -> Any:
        """It again; raises Unreadable."""
        return json.loads(unseal(sealed.decode()))


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])
