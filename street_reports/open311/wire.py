"""An answer, described once and written as XML or as JSON: the two cannot say different things.

JSON is the “Spark” mapping that GeoReport v2 asks for: the outer element goes, a container of
repeats is a list, and what is empty is null. There are neither namespaces nor XML attributes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias
from xml.sax.saxutils import escape

CONTENT_TYPES: Final = {
    "xml": "text/xml; charset=utf-8",
    "json": "application/json; charset=utf-8",
}
DECLARATION: Final = '<?xml version="1.0" encoding="utf-8"?>\n'
# What XML 1.0 has no way to write: JSON does without it too.
UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A bare carriage return would be read as a line's end.
KEPT: Final = {"\r": "&#13;"}
# How JSON spells what may be unwritable: then its words are looked at one by one.
ESCAPED: Final = "\\u00"


@dataclass(frozen=True)
class Many:
    """A container of repeats: what each of them is called, and the repeats."""

    name: str
    items: Sequence[Value]


Row: TypeAlias = dict[str, "Value"]
Said: TypeAlias = str | int | float | bool | datetime | Many | Row
Value: TypeAlias = Said | None


@dataclass(frozen=True)
class Reply:
    """The answer to a call: its outer element and what is in it."""

    name: str
    body: Many | Row
    status: int = 200


def write(reply: Reply, form: str) -> str:
    """The answer as “xml” or “json”."""
    if form == "xml":
        return f"{DECLARATION}{_element(reply.name, reply.body)}"
    text = _json(reply.body)
    # The first question takes no time, and most lists are answered by it.
    if (text.isascii() or text.isprintable()) and ESCAPED not in text:
        return text
    return _json(_writable(json.loads(text)))


def moment(value: datetime) -> str:
    """A time to the second, in UTC: “2026-11-23T10:02:00Z”."""
    # Not strftime, which takes as long as the rest of a row.
    return f"{value.astimezone(UTC).isoformat('T', 'seconds')[:19]}Z"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Many | datetime) -> Any:
    """What JSON has no type of its own for."""
    return value.items if isinstance(value, Many) else moment(value)


def _writable(value: Any) -> Any:
    """The same without what XML cannot write."""
    if isinstance(value, list):
        return [_writable(item) for item in value]
    if isinstance(value, dict):
        return {name: _writable(item) for name, item in value.items()}
    return UNWRITABLE.sub("", value) if isinstance(value, str) else value


def _element(name: str, value: Value) -> str:
    """The value as an element of this name."""
    # A thousand reports have as many values without a word as with one.
    inside = None if value is None else _inside(value)
    return f"<{name}>{inside}</{name}>" if inside else f"<{name}/>"


def _inside(value: Said) -> str:
    if isinstance(value, str):
        # Printable is all that needs no look at its single characters, but for these three.
        if value.isprintable() and not ("&" in value or "<" in value or ">" in value):
            return value
        return escape(UNWRITABLE.sub("", value), KEPT)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return "".join([_element(name, item) for name, item in value.items()])
    if isinstance(value, Many):
        return "".join([_element(value.name, item) for item in value.items])
    return _word(value)


def _word(value: float | bool | datetime) -> str:
    if isinstance(value, datetime):
        return moment(value)
    return str(value).lower() if isinstance(value, bool) else repr(value)
