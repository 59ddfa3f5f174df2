"""What an authenticator app shows: RFC 6238 with SHA-1, 30 seconds and 6 digits."""

from __future__ import annotations

import base64
import hmac
import struct
from datetime import datetime


def code_at(secret: str, moment: datetime) -> str:
    """The code of the secret (in base 32) at this moment."""
    counter = struct.pack(">Q", int(moment.timestamp()) // 30)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"
