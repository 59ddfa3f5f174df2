"""What migrations wrote, put back as soon as a test has emptied the tables.

Django does it before the next test that empties them: those in between would miss it, and workers
that take tests off each other run them in any order. And it writes JSON and saves row by row, which
takes most of a second.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.db.backends.base.creation import BaseDatabaseCreation


def keep_whole_tables() -> None:
    """Every connection from now on copies whole tables, and `put_back` is enough."""
    BaseDatabaseCreation.serialize_db_to_string = _kept
    BaseDatabaseCreation.deserialize_db_from_string = _is_back


def _kept(creation: BaseDatabaseCreation) -> dict[str, bytes]:
    """The rows of each table that has any, as PostgreSQL copies them."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    rows = {table: _copied(table) for table in tables}
    return {table: copied for table, copied in rows.items() if copied}


def _copied(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
        return b"".join(bytes(part) for part in copy)


def _is_back(creation: BaseDatabaseCreation, kept: dict[str, bytes]) -> None:
    """Nothing is left to do: no test leaves the tables empty."""


def put_back(kept: dict[str, bytes]) -> None:
    """Into empty tables; references between them are looked at when all are there."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in kept.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                copy.write(rows)
