"""Whether a webhook comes from whom it says, and was sent just now (pure).

Source: the Standard Webhooks specification 1.0.0, symmetric signatures (`v1`).
"""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping

PREFIX = "whsec_"
SHORTEST_KEY, LONGEST_KEY = 24, 64  # bytes
REPLAY_SECONDS = 5 * 60
# Checked in place of a secret that is not there, so that both answers take as long.
NOBODYS_KEY = bytes(SHORTEST_KEY)


class NoSecret(ValueError):
    """The text is not a webhook secret; the message says what one looks like."""


def key_of(secret: str) -> bytes:
    """The key that the secret stands for; raises NoSecret."""
    try:
        key = b64decode(secret.removeprefix(PREFIX).encode(), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        key = b""
    if not secret.startswith(PREFIX) or not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        raise NoSecret(
            f"Enter {PREFIX} and {SHORTEST_KEY} to {LONGEST_KEY} random bytes in base64."
        )
    return key


def sign(key: bytes, message_id: str, timestamp: str, body: bytes) -> bytes:
    """The signature of this message, as it stands in the header."""
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    return b"v1," + b64encode(hmac.digest(key, signed, "sha256"))


def is_genuine(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Whether a holder of the secret signed exactly this body within five minutes of `now`.

    `now` is a Unix time. An empty secret is nobody's. A message id with a full stop is refused: the
    signed text would then have two readings.
    """
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    message_id, timestamp, signatures = (headers.get(name, "") for name in names)
    try:
        key = key_of(secret)
    except NoSecret:
        key, signatures = NOBODYS_KEY, ""
    if not (message_id.isascii() and message_id and "." not in message_id):
        return False
    expected = sign(key, message_id, timestamp, body)
    # Every one is compared: how long it takes says nothing of which was close.
    matches = [hmac.compare_digest(expected, one.encode()) for one in signatures.split()]
    return any(matches) and _is_recent(timestamp, now)


def _is_recent(timestamp: str, now: float) -> bool:
    """Whether it is a whole number of seconds, at most five minutes before or after `now`."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(now - int(timestamp)) <= REPLAY_SECONDS
