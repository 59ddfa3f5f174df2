"""Takes personal data out of what a destination answered, before it is stored (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

LONGEST_ANSWER = 1000
REMOVED = "[removed]"
PERSONAL = ("email", "first_name", "last_name", "phone", "description")

EMAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
# Two letters, six digits in any grouping, a letter A to D (HMRC manual NIM39110).
NI_NUMBER = re.compile(r"\b[A-Z]{2} ?(?:\d\d ?){3}[A-D]\b", re.I)
# Ten or eleven digits from a 0, or the same after +44, in any grouping.
PHONE = re.compile(r"(?<![\w.-])(?:\+44 ?(?:\(0\) ?)?|\(?0)\d(?:[ ()-]{0,2}\d){8,9}(?![\w-])")


def personal_values(payload: Mapping[str, Any]) -> list[str]:
    """What the payload says about somebody, so that an answer that repeats it can be cleaned."""
    named = [str(payload[key]) for key in PERSONAL if payload.get(key)]
    return named + [str(address) for address in payload.get("to", ())]


def redact(answer: str, known: Iterable[str] = ()) -> str:
    """The start of the answer without e-mail addresses, phone and NI numbers and `known` values."""
    for value in sorted({value for value in known if value.strip()}, key=len, reverse=True):
        answer = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", REMOVED, answer, flags=re.I)
    for pattern in (EMAIL, NI_NUMBER, PHONE):
        answer = pattern.sub(REMOVED, answer)
    # PostgreSQL cannot store NUL.
    return answer.replace("\0", "")[:LONGEST_ANSWER]
