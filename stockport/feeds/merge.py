"""Phase four: the staged rows become the portal's rows, and only differences are written."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from stockport.feeds.changes import (
    changes,
    compare,
    compared_columns,
    is_held,
    join,
    values_of,
)
from stockport.feeds.confirming import confirm
from stockport.feeds.control import HELD
from stockport.feeds.extract import Extract
from stockport.feeds.models import FeedRun
from stockport.feeds.sql import located, names, rows, run, staged, target
from stockport.feeds.tables import Table, declared, owners_of


@dataclass(frozen=True)
class Counts:
    """What the merge did to one file's table."""

    rows: int
    added: int
    changed: int
    removed: int

    @property
    def differences(self) -> int:
        """The rows that are not as they were."""
        return self.added + self.changed + self.removed


def find_changes(extract: Extract) -> None:
    """Hold every file against its rows of the database; nothing is written yet."""
    _hold_owners_in_use(extract)
    for table in extract.tables:
        compare(extract, table)


def merge(extract: Extract) -> dict[str, Counts]:
    """Remove, add and change rows, as was found; what was done, by file."""
    removed = {table.file: _remove(extract, table) for table in reversed(extract.tables)}
    counts = {}
    for table in extract.tables:
        added, changed = _write(extract, table)
        total = extract.files[table.file].rows
        counts[table.file] = Counts(total, added, changed, removed[table.file])
    for table in extract.tables:
        if table.is_confirmed:
            _confirm(extract, table)
    return counts


def take_out_held(extract: Extract) -> dict[str, Counts]:
    """Tables that were filled at once lose the rows of held owners; what was done, by file."""
    counts = {}
    for table in reversed(extract.tables):
        removed = 0
        if table.owner and _holds_any():
            place = located(table)
            removed = run(
                sql.SQL("DELETE FROM {} WHERE id IN (SELECT t.id FROM {} WHERE {})").format(
                    target(table), place.tables, is_held(table, place.keys[table.owner])
                )
            )
        total = extract.files[table.file].rows
        counts[table.file] = Counts(total, total - removed, 0, 0)
    return counts


def _holds_any() -> bool:
    return bool(rows(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(HELD))[0][0])


def is_staged(table: Table) -> sql.Composable:
    """That a row of the database is in the file."""
    keys = located(table).keys
    equal = [sql.SQL("{} = {}").format(sql.Identifier("s", name), keys[name]) for name in table.key]
    return sql.SQL("EXISTS (SELECT FROM {} AS s WHERE {})").format(
        staged(table), sql.SQL(" AND ").join(equal)
    )


def _is_used(table: Table, *, by_declared: bool) -> sql.Composable:
    """That a row of another table points to a row of this one."""
    files = {other.model_class for other in declared().values()}
    uses = [
        sql.SQL("EXISTS (SELECT FROM {} AS u WHERE {} = t.id)").format(
            sql.Identifier(link.related_model._meta.db_table),
            sql.Identifier("u", f"{link.field.name}_id"),
        )
        for link in table.model_class._meta.related_objects
        if by_declared or link.related_model not in files
    ]
    return sql.SQL("({})").format(sql.SQL(" OR ").join(uses)) if uses else sql.SQL("false")


def _hold_owners_in_use(extract: Extract) -> None:
    """An owner that the portal's own rows point to stays whole, though the extract lacks it."""
    for table in extract.tables:
        if table.lists_owners and extract.kind == FeedRun.Kind.FULL:
            place = located(table)
            run(
                sql.SQL(
                    "INSERT INTO {} SELECT {}, {}::text FROM {} WHERE {} AND NOT {} AND {}"
                    " ON CONFLICT DO NOTHING"
                ).format(
                    HELD,
                    sql.Literal(table.name),
                    place.keys[table.owner],
                    place.tables,
                    place.of_source(extract.source),
                    is_staged(table),
                    _is_used(table, by_declared=False),
                )
            )


def _remove(extract: Extract, table: Table) -> int:
    """Rows that the extract no longer has, unless something else points to them."""
    lost = sql.SQL("SELECT id FROM {} WHERE csv_line IS NULL").format(changes(table))
    kept: sql.Composable = sql.SQL("false")
    if owners_of(table) is None:
        kept = _is_used(table, by_declared=True)
    return run(
        sql.SQL("DELETE FROM {} AS t WHERE id IN ({}) AND NOT {}").format(target(table), lost, kept)
    )


INSERT = """
    INSERT INTO {table} ({columns}) SELECT {values} FROM {staged} AS s {joins}
    WHERE csv_line IN (SELECT csv_line FROM {changes} WHERE id IS NULL) ORDER BY csv_line
"""
UPDATE = """
    UPDATE {table} AS t SET {settings}
    FROM {changes} AS c JOIN {staged} AS s USING (csv_line) {joins}
    WHERE t.id = c.id
"""


def _write(extract: Extract, table: Table) -> tuple[int, int]:
    """How many rows were added and changed."""
    return _add(extract, table), _change(extract, table)


def _add(extract: Extract, table: Table) -> int:
    """Rows that are new, as they lie in the file: those of an owner side by side."""
    values = values_of(extract, table)
    return run(
        sql.SQL(INSERT).format(
            table=target(table),
            columns=names(values),
            values=sql.SQL(", ").join(values.values()),
            staged=staged(table),
            joins=sql.SQL(" ").join(join(extract, link) for link in table.references),
            changes=changes(table),
        )
    )


def _change(extract: Extract, table: Table) -> int:
    """Rows that differ."""
    values = values_of(extract, table)
    compared = compared_columns(extract, table)
    if not compared:
        return 0
    return run(
        sql.SQL(UPDATE).format(
            table=target(table),
            settings=sql.SQL(", ").join(
                sql.SQL("{} = {}").format(sql.Identifier(name), values[name]) for name in compared
            ),
            changes=changes(table),
            staged=staged(table),
            joins=sql.SQL(" ").join(
                join(extract, link) for link in table.references if f"{link.field}_id" in compared
            ),
        )
    )


def _confirm(extract: Extract, table: Table) -> None:
    """A delta confirms what it leaves out too."""
    conditions: list[sql.Composable] = []
    if table.owner:
        held = is_held(table, located(table).keys[table.owner])
        conditions.append(sql.SQL("NOT {}").format(held))
    if extract.kind != FeedRun.Kind.DELTA:
        conditions.append(is_staged(table))
    confirm(extract, table, sql.SQL(" AND ").join(conditions or [sql.SQL("true")]))
