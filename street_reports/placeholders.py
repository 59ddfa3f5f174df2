"""What stands in curly brackets in a template of staff, and what takes its place (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

NAMES: Final = {
    "reference": "our reference of the report",
    "fault": "what is wrong",
    "place": "where it is, without the words of who reported it",
    "target": "the day by which we aim to deal with it",
    "team": "who deals with it",
}
KNOWN: Final = re.compile(rf"\{{({'|'.join(NAMES)})\}}")
# Text in which nothing else stands in curly brackets; also the database's own rule.
ONLY_KNOWN: Final = rf"^([^{{}}]|\{{({'|'.join(NAMES)})\}})*$"


def unknown(text: str) -> list[str]:
    """Whatever else stands in curly brackets, and brackets that are left over."""
    rest = KNOWN.sub("", text)
    return re.findall(r"\{[^{}]*\}", rest) or re.findall(r"[{}]", rest)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with the values in place. What stands in a value is not looked at."""
    return KNOWN.sub(lambda found: values[found[1]], text)
