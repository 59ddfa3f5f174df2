"""The first load of a borough: plain files go straight into the portal's own tables.

Where these hold nothing yet, there is nothing to compare with, and writing each row twice takes
longer than all the rest (docs/adr/0016). The keys of the tables are built once the rows are there.
"""

from __future__ import annotations

from collections.abc import Sequence

import psycopg
from django.db import DataError, IntegrityError, connection, transaction
from psycopg import sql

from stockport.feeds.ahead import File, Reader, reading_ahead
from stockport.feeds.direct import Ids, Lines
from stockport.feeds.extract import Extract
from stockport.feeds.held import as_in_file
from stockport.feeds.plain import NotPlain, header_of_plain
from stockport.feeds.sql import (
    copy_csv,
    is_empty,
    look_briefly,
    numbered,
    rows,
    run,
    staged,
    target,
)
from stockport.feeds.tables import Table

# What says that the files are not for this way: they may still be sound.
NOT_SO = (
    NotPlain,
    UnicodeDecodeError,
    DataError,
    IntegrityError,
    psycopg.DataError,
    psycopg.IntegrityError,
)
# Below so many rows nothing is won.
WORTH_IT = 50_000
FIRST_LINE = 2

# Unique keys and references, and primary keys that only tables of the same load refer to.
CONSTRAINTS = sql.SQL(
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint AS c"
    " WHERE conrelid = %s::regclass AND (contype IN ('f', 'u') OR contype = 'p' AND NOT EXISTS ("
    "SELECT FROM pg_constraint AS r WHERE r.confrelid = c.conrelid"
    " AND r.conrelid <> ALL(%s::text[]::regclass[])))"
    " ORDER BY contype = 'f', conname"
)
# Indexes of no constraint, which writing each row would have to keep up too.
INDEXES = sql.SQL(
    "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
    " WHERE indrelid = %s::regclass"
    " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid) ORDER BY 1"
)
OWNED = sql.SQL("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = %s::regclass")
# Numbers for so many rows, of the table's own: the last of them.
NUMBERS = sql.SQL(
    "SELECT setval(seq, nextval(seq) + %s) FROM pg_get_serial_sequence(%s, 'id') AS seq"
)


def fill(extract: Extract) -> bool:
    """Whether the empty tables were filled; where not, nothing is done, and staging is needed.

    Afterwards each file's rows can be read under its own column names, as if they were staged.
    """
    if not all(_is_ours_and_empty(table) for table in extract.tables):
        return False
    if not any(_has_many(extract, table) for table in extract.tables):
        return False
    try:
        with transaction.atomic():
            _fill_all(extract)
    except NOT_SO:
        return False
    return True


def _fill_all(extract: Extract) -> None:
    """Each table's keys are built right after its rows, while the next file is being read.

    A brief look at them too: without it PostgreSQL adds up the control totals in a slower way.
    """
    tables = _slow_ones_last(extract.tables)
    ids = {table.file: Ids() for table in tables}
    files = [_file(extract, table, ids) for table in tables]
    rebuild = _without_keys(tables)
    with reading_ahead(files) as reader:
        for table, file in zip(tables, files, strict=True):
            _fill(table, file, reader)
            for statement in rebuild[table.file]:
                run(statement)
            look_briefly(table)
            _show(table, extract.source, file.first_number - FIRST_LINE)


def _slow_ones_last(tables: Sequence[Table]) -> list[Table]:
    """Files with proofs of identity, and those that refer to them, come after all others.

    Each hash takes the reader longer than the row takes PostgreSQL, which would wait for it. So
    late, the reader is far ahead.
    """
    slow = {table.file for table in tables if any(column.keyed for column in table.columns)}
    for table in tables:  # parents come first
        if any(link.to in slow for link in table.references):
            slow.add(table.file)
    return sorted(tables, key=lambda table: table.file in slow)


def _file(extract: Extract, table: Table, ids: dict[str, Ids]) -> File:
    path, entry = extract.folder / table.file, extract.files[table.file]
    lines = Lines(extract, table, header_of_plain(path, table), ids)
    first_number = rows(NUMBERS, [entry.rows, _name(table)])[0][0] - entry.rows
    return File(path, entry, lines, first_number)


def _fill(table: Table, file: File, reader: Reader) -> None:
    statement = copy_csv(target(table), file.lines.columns, table)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for lines in reader.next_file():
            copy.write(lines)


def _show(table: Table, source: str, offset: int) -> None:
    """Views of the rows as they stand in the file, line by line, and by the owners' numbers."""
    for view, by_number in ((staged(table), False), (numbered(table), True)):
        values, tables = as_in_file(table, source, by_number=by_number)
        columns = [
            sql.SQL("{} AS {}").format(values[each.name], sql.Identifier(each.name))
            for each in table.columns
        ]
        run(
            sql.SQL(
                "CREATE TEMPORARY VIEW {} AS"
                " SELECT t.id AS feed_number, t.id - {} AS csv_line, {} FROM {}"
            ).format(view, sql.Literal(offset), sql.SQL(", ").join(columns), tables)
        )


def forget(extract: Extract) -> None:
    """Drop the views."""
    for table in reversed(extract.tables):
        run(sql.SQL("DROP VIEW pg_temp.{}, pg_temp.{}").format(staged(table), numbered(table)))


def _without_keys(tables: Sequence[Table]) -> dict[str, list[sql.Composable]]:
    """Drop the tables' indexes and references, but for keys that others refer to.

    Gives for each file how to build its table's again. That raises IntegrityError for rows that
    break one, as they would have at once.
    """
    indexes = {table.file: _drop_indexes(table) for table in tables}
    constraints = _drop_constraints(tables)
    return {table.file: indexes[table.file] + constraints[table.file] for table in tables}


def _drop_indexes(table: Table) -> list[sql.Composable]:
    """How to build them again."""
    found = rows(INDEXES, [_name(table)])
    for name, _ in found:
        run(sql.SQL("DROP INDEX {}").format(sql.SQL(name)))  # the database's own quoting
    return [sql.SQL(definition) for _, definition in found]


def _drop_constraints(tables: Sequence[Table]) -> dict[str, list[sql.Composable]]:
    """How to build each file's again: its references are to itself or to files before it."""
    filled = [_name(table) for table in tables]
    found = [(table, *row) for table in tables for row in rows(CONSTRAINTS, [_name(table), filled])]
    for table, name, _ in reversed(found):
        run(
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(target(table), sql.Identifier(name))
        )
    rebuild: dict[str, list[sql.Composable]] = {table.file: [] for table in tables}
    for table, name, definition in found:
        add = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}")
        rebuild[table.file].append(
            add.format(target(table), sql.Identifier(name), sql.SQL(definition))
        )
    return rebuild


def _name(table: Table) -> str:
    return table.model_class._meta.db_table


def _has_many(extract: Extract, table: Table) -> bool:
    return extract.files[table.file].rows >= WORTH_IT


def _is_ours_and_empty(table: Table) -> bool:
    """Whether the portal's database user may alter the table, and it holds nothing."""
    return is_empty(table) and bool(rows(OWNED, [_name(table)])[0][0])
