"""Phase one, the thorough way: the files as they are, in temporary tables of text.

Temporary tables are private to the load and gone with it, however it ends.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

import psycopg
from django.db import connection, transaction
from psycopg import sql

from stockport.feeds.extract import LONGEST_NAME, Extract, Refusal, shown
from stockport.feeds.sql import names, raw, run
from stockport.feeds.tables import Table
from stockport.feeds.unreadable import Bad, good_lines

CHUNK = 1 << 16
LONGEST_HEADER = 1 << 16  # characters: of a file without lines no more is read
COPY = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, {}ENCODING 'UTF8', FORCE_NULL ({}))")
BAD_FILE = (
    psycopg.errors.BadCopyFileFormat,
    psycopg.errors.CharacterNotInRepertoire,
    psycopg.errors.UntranslatableCharacter,
)


def stage(extract: Extract) -> list[Refusal]:
    """Copy every file; the refusals of files that are not what the manifest says."""
    return [refusal for table in extract.tables for refusal in _stage_file(extract, table)]


def _stage_file(extract: Extract, table: Table) -> list[Refusal]:
    path = extract.folder / table.file
    make_table(raw(table), {column.name: sql.SQL("text") for column in table.columns})
    header = header_of(path)
    if wrong := wrong_header(table, header):
        return wrong
    entry = extract.files[table.file]
    refusals = []
    if _digest(path) != entry.sha256:
        refusals.append(
            Refusal(table.file, None, "", "its SHA-256 is not the manifest's: changed or cut off")
        )
    bad = Bad(table.file)
    try:
        copied = _copy(path, table, header)
    except BAD_FILE:
        copied = _copy_good_lines(path, table, header, bad) + bad.rows
    refusals += bad.refusals()
    if copied != entry.rows:
        refusals.append(
            Refusal(table.file, None, "", f"{copied} rows, but the manifest says {entry.rows}")
        )
    return refusals


def make_table(name: sql.Identifier, types: Mapping[str, sql.Composable]) -> None:
    """A temporary table of these columns and the line of the file, for this transaction."""
    columns = [sql.SQL("{} {}").format(sql.Identifier(each), types[each]) for each in types]
    run(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(name))
    run(
        sql.SQL(
            "CREATE TEMPORARY TABLE {}"
            " (csv_line bigint GENERATED ALWAYS AS IDENTITY (START WITH 2), {}) ON COMMIT DROP"
        ).format(name, sql.SQL(", ").join(columns))
    )


def header_of(path: Path) -> list[str]:
    """The names in the file's first line."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return next(csv.reader([file.readline(LONGEST_HEADER)]), [])


def wrong_header(table: Table, header: list[str]) -> list[Refusal]:
    """Columns that are missing, unknown, or there twice."""
    expected = [column.name for column in table.columns]
    missing = [
        Refusal(table.file, 1, name, "the column is missing")
        for name in expected
        if name not in header
    ]
    unknown = [
        Refusal(table.file, 1, _legible(name), "nobody declares this column")
        for name in header
        if name not in expected
    ]
    twice = [
        Refusal(table.file, 1, name, "the column is there twice")
        for name in expected
        if header.count(name) > 1
    ]
    return [*missing, *shown(unknown, table.file), *twice]


def _legible(name: str) -> str:
    """Of what need not be a name at all."""
    return name[:LONGEST_NAME] if name.isprintable() else ascii(name[:LONGEST_NAME])


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(path: Path, table: Table, header: list[str]) -> int:
    """The number of rows copied; a savepoint, so that the other files can still be checked."""
    statement = COPY.format(raw(table), names(header), sql.SQL("HEADER, "), names(header))
    with transaction.atomic(), path.open("rb") as file:
        return _copied(statement, _with_one_ending(file))


def _copy_good_lines(path: Path, table: Table, header: list[str], bad: Bad) -> int:
    """The number of rows copied from a file that COPY stopped at; the lines that are `bad` not."""
    columns = names(["csv_line", *header])
    statement = COPY.format(raw(table), columns, sql.SQL(""), names(header))
    return _copied(statement, good_lines(path, len(header), bad))


def _copied(statement: sql.Composed, chunks: Iterable[bytes]) -> int:
    with connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            for chunk in chunks:
                copy.write(chunk)
        return int(cursor.rowcount)


def _with_one_ending(file: IO[bytes]) -> Iterator[bytes]:
    """The file, with lines that end as on Windows ending as all others: COPY takes no mixture."""
    held = b""
    while chunk := file.read(CHUNK):
        chunk = held + chunk
        held = b"\r" if chunk.endswith(b"\r") else b""
        yield chunk.removesuffix(b"\r").replace(b"\r\n", b"\n")
    yield held
