"""Emptying tables between tests: what happened stays on record, for everybody but their owner.

The portal never does this. A test does it openly, as the owner of the database could.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connection

from tests.kept_rows import put_back

if TYPE_CHECKING:
    from django.db.backends.base.operations import BaseDatabaseOperations

# Of every trigger that refuses TRUNCATE (bit 5 of tgtype), in the transaction that empties.
TRIGGERS = """DO $$
DECLARE each record;
BEGIN
    FOR each IN SELECT tgrelid::regclass AS of, tgname AS name FROM pg_trigger
        WHERE tgtype & 32 <> 0
    LOOP EXECUTE format('ALTER TABLE %s {act} TRIGGER %I', each.of, each.name); END LOOP;
END $$"""
OFF, ON = TRIGGERS.replace("{act}", "DISABLE"), TRIGGERS.replace("{act}", "ENABLE")
# TRUNCATE writes new files for every table and index, most of a second; few tables have rows.
DELETE_ALL = """DO $$
DECLARE
    each regclass;
    has_rows boolean;
    emptied regclass[] := '{}';
BEGIN
    FOR each IN SELECT oid FROM pg_class
        WHERE relkind = 'r' AND relnamespace = current_schema::regnamespace
        AND relname <> 'django_migrations'
        -- What is referred to by a key that does not wait for the end goes last.
        ORDER BY EXISTS (SELECT FROM pg_constraint
            WHERE confrelid = pg_class.oid AND contype = 'f' AND NOT condeferrable)
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', each) INTO has_rows;
        CONTINUE WHEN NOT has_rows;
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', each);
        EXECUTE format('DELETE FROM %s', each);
        emptied := emptied || each;
    END LOOP;
    SET CONSTRAINTS ALL IMMEDIATE;
    FOREACH each IN ARRAY emptied
    LOOP EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', each); END LOOP;
END $$"""


def emptying(*tables: str) -> list[str]:
    """Statements that empty these tables and all that hangs on them, for one transaction."""
    return [OFF, f"TRUNCATE {', '.join(tables)} CASCADE", ON]


@contextmanager
def flush_may_empty() -> Iterator[None]:
    """Django's flush after a transactional test deletes what there is but for migrations' rows.

    For every connection: browser tests have another (tests/journeys/conftest.py).
    """
    operations = type(connection.ops)
    given = operations.execute_sql_flush

    def flush(ops: BaseDatabaseOperations, statements: list[str]) -> None:
        given(ops, [DELETE_ALL])
        put_back(getattr(ops.connection, "_test_serialized_contents", {}))

    operations.execute_sql_flush = flush
    try:
        yield
    finally:
        operations.execute_sql_flush = given
