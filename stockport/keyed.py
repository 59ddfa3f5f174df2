"""Texts that are stored only as keyed hashes: equal ones are found, and none can be read back.

HMAC-SHA256 (RFC 2104) under a key made from SECRET_KEY. With a new SECRET_KEY nothing matches
until the next extract is loaded, which stores the hashes anew. Three digits are soon guessed by
whoever has the key: what protects them is that the portal lets nobody guess (docs/adr/0019).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import cache

from django.conf import settings
from psycopg import sql

BLOCK = 64  # bytes, of SHA-256
INNER, OUTER = 0x36, 0x5C
OTHERS = re.compile("[^0-9A-Za-z]")


def keyed(text: str) -> str:
    """The keyed hash in hexadecimal, of the text's letters and digits in capitals."""
    plain = OTHERS.sub("", text).upper()
    return hmac.digest(_key(settings.SECRET_KEY), plain.encode(), "sha256").hex()


def keyed_sql(column: sql.Composable) -> sql.Composed:
    """What `keyed` gives, computed by PostgreSQL for a column; empty where it is."""
    return sql.SQL(
        "coalesce(encode(sha256({outer} || sha256({inner} || convert_to("
        "upper(nullif(regexp_replace({column}, '[^0-9A-Za-z]', '', 'g'), '')), 'UTF8'))),"
        " 'hex'), '')"
    ).format(
        outer=sql.Literal(_padded(OUTER)),
        inner=sql.Literal(_padded(INNER)),
        column=column,
    )


@cache
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"stockport.keyed" + secret.encode()).digest()


def _padded(pad: int) -> bytes:
    return bytes(byte ^ pad for byte in _key(settings.SECRET_KEY).ljust(BLOCK, b"\0"))
