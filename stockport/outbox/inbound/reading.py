"""Reads what a destination pushes, and says what is wrong with an update (pure).

A webhook's body is JSON: one update or a list of them, with the names that mySociety's extension of
Open311 GeoReport v2 gives to `request_update`.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, NoReturn

from stockport.outbox.connectors.base import Update
from stockport.outbox.connectors.georeport import CONTROL, read_moment

LONGEST_WORD = 100
# What a wrong time zone over there cannot explain.
FURTHEST_AHEAD = timedelta(days=1)
IDS = ("update_id", "service_request_id")
NUMBERS = (*IDS, "external_status_code")  # that a system may write without quotes


class Malformed(Exception):
    """The body is no update and no list of updates; the message says what is wrong."""


def fault(update: Update, now: datetime) -> str:
    """Why this update cannot be kept, in a sentence that names no value; empty where it can."""
    words = {
        "update_id": update.update_id,
        "service_request_id": update.remote_reference,
        "status": update.status,
        "external_status_code": update.code,
    }
    for name, word in words.items():
        if name in IDS and not word:
            return f"{name} is missing."
        if len(word) > LONGEST_WORD:
            return f"{name} is longer than {LONGEST_WORD} characters."
        if CONTROL.search(word):
            return f"{name} has characters that no text has."
    if not all(_is_unicode(word) for word in (*words.values(), update.description)):
        return "There is half a character in it."
    if update.updated_at - now > FURTHEST_AHEAD:
        return "updated_datetime is in the future."
    return ""


def _is_unicode(word: str) -> bool:
    """Whether it can be stored: JSON can name halves of characters."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_updates(body: bytes, now: datetime) -> list[Update]:
    """The updates in a webhook's body, oldest first; raises Malformed."""
    try:
        found = json.loads(body.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Malformed("The body is not JSON in UTF-8.") from None
    rows = found if isinstance(found, list) else [found]
    updates = [_read(row) for row in rows]
    for update in updates:
        if wrong := fault(update, now):
            raise Malformed(wrong)
    return sorted(updates, key=lambda update: update.updated_at)


def _refuse(constant: str) -> NoReturn:
    """NaN and the infinities, which are not JSON (RFC 8259)."""
    raise ValueError(constant)


def _read(row: object) -> Update:
    if not isinstance(row, dict):
        raise Malformed("The body must be an object, or a list of objects.")
    updated_at = read_moment(_text(row, "updated_datetime"))
    if updated_at is None:
        raise Malformed("updated_datetime must look like 2026-11-23T10:02:00Z.")
    return Update(
        update_id=_text(row, "update_id"),
        remote_reference=_text(row, "service_request_id"),
        status=_text(row, "status"),
        description=_text(row, "description"),
        updated_at=updated_at,
        code=_text(row, "external_status_code"),
    )


def _text(row: dict[str, Any], name: str) -> str:
    """The text under this name; an id or a code may be a whole number; what is absent is empty."""
    value = row.get(name)
    if name in NUMBERS and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed(f"{name} must be a text.")
    return value.strip()
