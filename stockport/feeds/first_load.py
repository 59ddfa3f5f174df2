"""The first load of a borough: keys and references are built once the rows are there.

Checking millions of references one by one takes longer than all the rest. Only tables that hold
nothing yet are built so, and only for many rows: they are locked until the load is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from psycopg import sql

from stockport.feeds.sql import is_empty, rows, run, staged, target
from stockport.feeds.tables import Table

# Below so many rows nothing is won.
WORTH_IT = 50_000

CONSTRAINTS = sql.SQL(
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE conrelid = %s::regclass AND contype IN ('f', 'u') ORDER BY contype DESC, conname"
)
OWNED = sql.SQL("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = %s::regclass")


@contextmanager
def built_afterwards(tables: Sequence[Table]) -> Iterator[None]:
    """Inside, empty tables that are to hold many rows have no unique keys and no references.

    Raises IntegrityError at the end for rows that break one, as they would have at once.
    """
    dropped: list[tuple[Table, str, str]] = []
    for table in tables:
        if _is_worth_it(table):
            dropped += [(table, *found) for found in rows(CONSTRAINTS, [_name(table)])]
    for table, name, _ in dropped:
        run(
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(target(table), sql.Identifier(name))
        )
    yield
    for table, name, definition in dropped:
        run(
            sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                target(table), sql.Identifier(name), sql.SQL(definition)
            )
        )


def _name(table: Table) -> str:
    return table.model_class._meta.db_table


def _is_worth_it(table: Table) -> bool:
    """Many rows for an empty table that the portal's database user may alter."""
    counted = sql.SQL("SELECT count(*) >= {} FROM {}").format(sql.Literal(WORTH_IT), staged(table))
    return is_empty(table) and bool(rows(counted)[0][0]) and bool(rows(OWNED, [_name(table)])[0][0])
