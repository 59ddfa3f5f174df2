"""The database of the tests, for processes that they start."""

from __future__ import annotations

from urllib.parse import quote

from django.db import connection


def url() -> str:
    """Its address, as DATABASE_URL names it."""
    database = connection.settings_dict
    user, password, host = (quote(database[key], safe="") for key in ("USER", "PASSWORD", "HOST"))
    who = f"{user}:{password}" if password else user
    return f"postgresql://{who}@{host}:{database['PORT']}/{database['NAME']}"
