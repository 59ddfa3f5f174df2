"""The migrated database that the databases of tests are copies of, kept until the code changes.

To migrate an empty one takes 24 seconds of a processor, for each worker and for the stories.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql


def template() -> str:
    """Its name. The first worker makes it where it is not there; the others wait."""
    family = f"migrated_{connection.settings_dict['NAME'][:40]}_"
    name = family + digest()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [family])  # until it disconnects
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [family])
        there = {row[0] for row in cursor}
        if name not in there:
            for old in there:
                run(cursor, "DROP DATABASE IF EXISTS {}", old)
            make(cursor, family + "half", name)
    return name


def digest() -> str:
    """Of all that migrations are made of: our code, and what is installed."""
    root, seen = Path(settings.BASE_DIR), sha256()
    folders = ("stockport", "accounts", *settings.SERVICES)
    sources = sorted(path for folder in folders for path in (root / folder).rglob("*.py"))
    for path in (*sources, root / "requirements-dev.txt"):
        seen.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return seen.hexdigest()[:12]


def make(cursor: Any, half: str, name: str) -> None:
    """Migrate a new database; it has its name only once it is complete."""
    run(cursor, "CREATE DATABASE {}", half)
    with connected_to(half):
        call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    run(cursor, "ALTER DATABASE {} RENAME TO {}", half, name)


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Django's connection leads to another database meanwhile."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def run(cursor: Any, statement: str, *names: str) -> None:
    """A statement about databases, whose names it has in braces."""
    cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
