"""SQL put together from declared names: every name is quoted, every value is a parameter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from stockport.feeds.tables import Table, Type, declared

# The share of changed rows from which autovacuum would look again too, by default.
ENOUGH_TO_LOOK_AGAIN = 0.1

# Values that psycopg adapts: text, numbers, and lists of them for arrays.
Params = Sequence[Any] | None

TYPES = {
    Type.TEXT: sql.SQL("text"),
    Type.MONEY: sql.SQL("numeric"),
    Type.DECIMAL: sql.SQL("numeric"),
    Type.INTEGER: sql.SQL("bigint"),
    Type.DATE: sql.SQL("date"),
    Type.BOOLEAN: sql.SQL("boolean"),
}


def raw(table: Table) -> sql.Identifier:
    """The temporary table with the file's rows as text."""
    return sql.Identifier(f"feed_raw_{table.name}")


def staged(table: Table) -> sql.Identifier:
    """The temporary table with the file's rows typed."""
    return sql.Identifier(f"feed_{table.name}")


def numbered(table: Table) -> sql.Identifier:
    """After a first load: the same, but for owners, who go by the numbers of their rows."""
    return sql.Identifier(f"feed_numbered_{table.name}")


def target(table: Table) -> sql.Identifier:
    """The model's own table."""
    return sql.Identifier(table.model_class._meta.db_table)


def names(columns: Iterable[str], alias: str = "") -> sql.Composed:
    """The columns, quoted, with commas between."""
    return sql.SQL(", ").join(
        sql.Identifier(alias, column) if alias else sql.Identifier(column) for column in columns
    )


def same(left: str, right: str, pairs: Iterable[tuple[str, str]]) -> sql.Composed:
    """That the columns of two aliases are equal, pair by pair."""
    return sql.SQL(" AND ").join(
        sql.SQL("{} = {}").format(sql.Identifier(left, ours), sql.Identifier(right, theirs))
        for ours, theirs in pairs
    )


def copy_csv(place: sql.Identifier, columns: Sequence[str], table: Table) -> sql.Composed:
    """COPY of plain lines of the table's file: an empty cell is null, or an empty text."""
    never_null = [each.name for each in table.columns if table.is_never_null(each)]
    force = [name for name in columns if name in never_null]
    return sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, ENCODING 'UTF8'{})").format(
        place,
        names(columns),
        sql.SQL(", FORCE_NOT_NULL ({})").format(names(force)) if force else sql.SQL(""),
    )


def run(statement: sql.Composable, params: Params = None) -> int:
    """Carry it out; the number of rows that it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(), params)
        return int(cursor.rowcount)


def settle_in() -> None:
    """Memory for sorts, joins and new indexes, for this transaction alone.

    No just-in-time compiling: its start costs more than any of these statements saves by it.
    """
    for setting in (
        "work_mem = '64MB'",
        "maintenance_work_mem = '512MB'",
        "jit = off",
        "random_page_cost = 1.1",
    ):
        run(sql.SQL("SET LOCAL " + setting))


@contextmanager
def in_order_of_keys() -> Iterator[None]:
    """Inside, rows are added up in the order of a key, which after a first load is theirs on the
    disk: PostgreSQL would hash them, which takes half as long again.
    """
    run(sql.SQL("SET LOCAL enable_hashagg = off"))
    yield
    run(sql.SQL("SET LOCAL enable_hashagg = DEFAULT"))


def rows(statement: sql.Composable, params: Params = None) -> list[tuple[Any, ...]]:
    """Carry it out; the rows that it gives."""
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(), params)
        return list(cursor.fetchall())


def records(statement: sql.Composable) -> list[dict[str, Any]]:
    """Carry it out; the rows that it gives, by column name."""
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string())
        columns = [column.name for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Located:
    """Rows of a table in the database with the columns of their key, as the file names them."""

    first: sql.Composable
    joins: tuple[sql.Composable, ...]
    keys: dict[str, sql.Composable]
    source: sql.Composable | None

    @property
    def tables(self) -> sql.Composable:
        """For FROM: the table and what its key refers to."""
        return sql.SQL(" ").join([self.first, *self.joins])

    def of_source(self, source: str) -> sql.Composable:
        """That a row belongs to this source; every row, where the model knows no source."""
        if self.source is None:
            return sql.SQL("true")
        return sql.SQL("{} = {}").format(self.source, sql.Literal(source))


def located(table: Table, alias: str = "t", *, by_number: bool = False) -> Located:
    """The table under this alias, joined to what its key refers to.

    `by_number` an owner goes by the id of its row, which needs no join, in place of its reference.
    """
    keys: dict[str, sql.Composable] = {
        column.name: sql.Identifier(alias, column.name)
        for column in table.stored
        if column.name in table.key
    }
    joins: list[sql.Composable] = []
    source: sql.Composable | None = sql.Identifier(alias, "source") if table.has_source else None
    if by_number and table.lists_owners:
        keys[table.owner] = sql.Identifier(alias, "id")
    for reference in table.references:
        foreign_key = f"{reference.field}_id"
        if foreign_key not in table.unique_columns:
            continue
        if by_number and declared()[reference.to].lists_owners:
            keys[reference.columns[0]] = sql.Identifier(alias, foreign_key)
            continue
        parent_alias = f"{alias}_{reference.field}"
        parent = located(declared()[reference.to], parent_alias, by_number=by_number)
        on = same(parent_alias, alias, [("id", foreign_key)])
        joins += [sql.SQL("JOIN {} ON {}").format(parent.first, on), *parent.joins]
        parent_key = declared()[reference.to].key
        keys |= {
            ours: parent.keys[theirs]
            for theirs, ours in zip(parent_key, reference.columns, strict=True)
        }
        source = source or parent.source
    first = sql.SQL("{} AS {}").format(target(table), sql.Identifier(alias))
    return Located(first, tuple(joins), keys, source)


def is_empty(table: Table) -> bool:
    """Whether the model's own table holds no row at all, of any source."""
    return bool(rows(sql.SQL("SELECT NOT EXISTS (SELECT FROM {})").format(target(table)))[0][0])


def look_briefly(table: Table) -> None:
    """Let PostgreSQL look at a few rows of the table's key and of what the files brought: control
    totals ask for these.

    It counts no look at named columns as one of the table: autovacuum soon takes a thorough one.
    """
    looked_at = dict.fromkeys((*table.unique_columns, *(column.name for column in table.stored)))
    run(sql.SQL("SET LOCAL default_statistics_target = 10"))
    run(sql.SQL("ANALYZE {} ({})").format(target(table), names(looked_at)))
    run(sql.SQL("SET LOCAL default_statistics_target = DEFAULT"))


def renew_statistics(table: Table, changed: int) -> None:
    """Let PostgreSQL look at the table again, where so many changed rows may mislead its plans.

    Pages asked for right after a first load would be planned for tables that were empty. What an
    ordinary night changes is left to autovacuum.
    """
    known = rows(
        sql.SQL("SELECT reltuples FROM pg_class WHERE oid = %s::regclass"),
        [table.model_class._meta.db_table],
    )[0][0]
    if changed > known * ENOUGH_TO_LOOK_AGAIN:
        run(sql.SQL("ANALYZE {}").format(target(table)))
