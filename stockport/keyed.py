"""Texts that are stored only as keyed hashes: equal ones are found, and none can be read back.

HMAC-SHA256 (RFC 2104) under a key made from SECRET_KEY. What was stored under an older one is found
as long as that is among SECRET_KEY_FALLBACKS (`keyed_each`, `was_keyed`). Three digits are soon
guessed by whoever has the key: what protects them is that the portal lets nobody guess
(docs/adr/0019).
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from hmac import compare_digest

from django.conf import settings
from psycopg import sql

BLOCK = 64  # bytes, of SHA-256
INNER, OUTER = 0x36, 0x5C
OTHERS = re.compile("[^0-9A-Za-z]")


def keyed(text: str) -> str:
    """The keyed hash in hexadecimal, of the text's letters and digits in capitals."""
    return _keyed(text, settings.SECRET_KEY)


def keyed_each(text: str) -> list[str]:
    """What the text may have been stored as: under SECRET_KEY, and under each older one."""
    older = map(str, settings.SECRET_KEY_FALLBACKS)
    return [_keyed(text, key) for key in (settings.SECRET_KEY, *older)]


def was_keyed(text: str, held: str) -> bool:
    """Whether the stored hash is this text's, under any key; it takes as long either way."""
    return sum(compare_digest(each, held) for each in keyed_each(text)) > 0


def keyed_sql(column: sql.Composable) -> sql.Composed:
    """What `keyed` gives, computed by PostgreSQL for a column; empty where it is."""
    return sql.SQL(
        "coalesce(encode(sha256({outer} || sha256({inner} || convert_to("
        "upper(nullif(regexp_replace({column}, '[^0-9A-Za-z]', '', 'g'), '')), 'UTF8'))),"
        " 'hex'), '')"
    ).format(
        outer=sql.Literal(_padded(settings.SECRET_KEY, OUTER)),
        inner=sql.Literal(_padded(settings.SECRET_KEY, INNER)),
        column=column,
    )


def _keyed(text: str, secret: str) -> str:
    plain = (text if text.isascii() and text.isalnum() else OTHERS.sub("", text)).upper()
    inner, outer = (half.copy() for half in _begun(secret))
    inner.update(plain.encode())
    outer.update(inner.digest())
    return outer.hexdigest()


@cache
def _begun(secret: str) -> tuple[hashlib._Hash, hashlib._Hash]:
    """The two hashes of HMAC, the key fed in: a borough has hundreds of thousands of texts."""
    return hashlib.sha256(_padded(secret, INNER)), hashlib.sha256(_padded(secret, OUTER))


@cache
def _padded(secret: str, pad: int) -> bytes:
    key = hashlib.sha256(b"stockport.keyed" + secret.encode()).digest()
    return bytes(byte ^ pad for byte in key.ljust(BLOCK, b"\0"))
