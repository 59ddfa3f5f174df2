"""References that people read out on the phone."""

from __future__ import annotations

import secrets
from typing import Final

# Without vowels, which make words, and without what looks like something else.
REFERENCE_ALPHABET: Final = "23456789BCDFGHJKMNPQRTVWXYZ"


def new_reference(prefix: str) -> str:
    """A reference nobody can guess and everybody can read out: “SL-7K3M-9QRT” (38 bits)."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))
    return f"{prefix}-{letters[:4]}-{letters[4:]}"
