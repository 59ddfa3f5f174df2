"""Phase one, the quick way: plain files, copied straight into temporary tables of their types."""

from __future__ import annotations

import psycopg
from django.db import connection, transaction
from psycopg import sql

from stockport.feeds.checking import has_twins_or_orphans
from stockport.feeds.extract import Extract
from stockport.feeds.plain import (
    NotPlain,
    counting_alone,
    header_of_plain,
    line_pattern,
    plain_rows,
)
from stockport.feeds.sql import TYPES, copy_csv, names, run, staged
from stockport.feeds.staging import make_table
from stockport.feeds.tables import Column, Table
from stockport.keyed import keyed_sql


def stage_plainly(extract: Extract) -> bool:
    """Whether every file is plain and copied; nothing is where one is not."""
    try:
        with transaction.atomic():
            with counting_alone():
                for table in extract.tables:
                    _copy(extract, table)
            if any(has_twins_or_orphans(extract, table) for table in extract.tables):
                raise NotPlain
    except (NotPlain, psycopg.DataError):
        return False
    return True


def _copy(extract: Extract, table: Table) -> None:
    path = extract.folder / table.file
    header = header_of_plain(path, table)
    make_table(staged(table), {column.name: _type(table, column) for column in table.columns})
    pattern = line_pattern(table, (tuple(header),))
    statement = copy_csv(staged(table), header, table)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for found in plain_rows(path, extract.files[table.file], pattern):
            copy.write(b"".join(line + b"\n" for (line,) in found))
    if keyed := [sql.Identifier(column.name) for column in table.columns if column.keyed]:
        hashes = [sql.SQL("{} = {}").format(name, keyed_sql(name)) for name in keyed]
        run(sql.SQL("UPDATE {} SET {}").format(staged(table), sql.SQL(", ").join(hashes)))
    run(sql.SQL("ANALYZE {} (csv_line, {})").format(staged(table), names(table.key)))


def _type(table: Table, column: Column) -> sql.Composable:
    """As the model's field has it, so that what this cannot hold is noticed here."""
    field = table.fields.get(column.name)
    if field is None or field.is_relation:
        return TYPES[column.type]
    return sql.SQL(field.db_type(connection) or "text")
