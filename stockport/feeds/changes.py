"""What an extract changes: for each file one temporary table of the rows that are not as they were.

Everything is compared before anything is written: most rows of a night are as they were, and each
is looked up once.
"""

from __future__ import annotations

from psycopg import sql

from stockport.feeds.confirming import confirmation_of
from stockport.feeds.control import HELD
from stockport.feeds.extract import Extract
from stockport.feeds.models import FeedRun
from stockport.feeds.sql import located, names, run, same, staged
from stockport.feeds.tables import Reference, Table, declared, owners_of

COMPARE = """
    CREATE TEMPORARY TABLE {changes} ON COMMIT DROP AS
    SELECT t.feed_id AS id, s.csv_line FROM ({rows}) AS t {how} JOIN {staged} AS s ON {same}
    {joins} WHERE NOT {held} AND {is_change}
"""


def changes(table: Table) -> sql.Identifier:
    """The temporary table: `id` of a row of the database, `csv_line` of one of the file, or both:
    one to remove, one to add, and one to change.
    """
    return sql.Identifier(f"feed_changes_{table.name}")


def compare(extract: Extract, table: Table) -> None:
    """Fill the table of changes; rows of held owners are none."""
    values, compared = values_of(extract, table), compared_columns(extract, table)
    later = [link for link in table.references if f"{link.field}_id" in compared]
    run(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(changes(table)))
    run(
        sql.SQL(COMPARE).format(
            changes=changes(table),
            rows=_rows(extract, table, compared),
            how=sql.SQL("FULL" if removes(extract, table) else "RIGHT"),
            staged=staged(table),
            same=same("t", "s", [(f"key_{name}", name) for name in table.key]),
            joins=sql.SQL(" ").join(join(extract, link) for link in later),
            held=_held(table),
            is_change=_is_change(values, compared, later),
        )
    )


def is_held(table: Table, owner: sql.Composable) -> sql.Composable:
    """That a row's owner keeps what it has."""
    owners = owners_of(table)
    if owners is None:
        return sql.SQL("false")
    return sql.SQL("EXISTS (SELECT FROM {} AS h WHERE h.owners = {} AND h.key = {}::text)").format(
        HELD, sql.Literal(owners.name), owner
    )


def removes(extract: Extract, table: Table) -> bool:
    """Whether a row that the file lacks goes: in a delta, only of an owner that it brings."""
    owners = owners_of(table)
    return extract.kind == FeedRun.Kind.FULL or not (owners is None or table.lists_owners)


def compared_columns(extract: Extract, table: Table) -> list[str]:
    """The database columns by which a row is as it was."""
    apart = {*table.unique_columns, "confirmation_id"}
    if extract.kind == FeedRun.Kind.PERSON:
        # Nobody but the nightly extract knows the proofs of identity: they stay as they are.
        apart |= {column.name for column in table.columns if column.keyed}
    return [name for name in values_of(extract, table) if name not in apart]


def values_of(extract: Extract, table: Table) -> dict[str, sql.Composable]:
    """What goes into each database column."""
    values: dict[str, sql.Composable] = {
        column.name: sql.Identifier("s", column.name) for column in table.stored
    }
    for link in table.references:
        values[f"{link.field}_id"] = sql.Identifier(f"f_{link.field}", "id")
    if table.has_source:
        values["source"] = sql.Literal(extract.source)
    if table.is_confirmed:
        values["confirmation_id"] = sql.Literal(confirmation_of(extract, table))
    return values


def join(extract: Extract, link: Reference) -> sql.Composable:
    """The referenced row's id, as f_<field>."""
    parent = declared()[link.to]
    place = located(parent)
    columns = [
        sql.SQL("{} AS {}").format(place.keys[name], sql.Identifier(name)) for name in parent.key
    ]
    alias = f"f_{link.field}"
    return sql.SQL("LEFT JOIN (SELECT t.id, {} FROM {} WHERE {}) AS {} ON {}").format(
        sql.SQL(", ").join(columns),
        place.tables,
        place.of_source(extract.source),
        sql.Identifier(alias),
        same(alias, "s", zip(parent.key, link.columns, strict=True)),
    )


def _rows(extract: Extract, table: Table, compared: list[str]) -> sql.Composable:
    """Rows of the database that the file is held against."""
    place, owners = located(table), owners_of(table)
    columns = [
        sql.SQL("{} AS {}").format(place.keys[name], sql.Identifier(f"key_{name}"))
        for name in table.key
    ]
    columns += [
        sql.SQL("t.{} AS {}").format(sql.Identifier(name), sql.Identifier(f"is_{name}"))
        for name in compared
    ]
    conditions = [place.of_source(extract.source)]
    if extract.kind != FeedRun.Kind.FULL and owners is not None:
        conditions.append(
            sql.SQL("{} IN (SELECT {} FROM {})").format(
                place.keys[table.owner], sql.Identifier(owners.owner), staged(owners)
            )
        )
    return sql.SQL("SELECT t.id AS feed_id, {} FROM {} WHERE {}").format(
        sql.SQL(", ").join(columns), place.tables, sql.SQL(" AND ").join(conditions)
    )


def _held(table: Table) -> sql.Composable:
    if not table.owner:
        return sql.SQL("false")
    either = sql.Identifier("t", f"key_{table.owner}"), sql.Identifier("s", table.owner)
    return is_held(table, sql.SQL("coalesce({}, {})").format(*either))


def _is_change(
    values: dict[str, sql.Composable], compared: list[str], later: list[Reference]
) -> sql.Composable:
    """That one side is missing, or a column differs: also a reference to a row yet to be added."""
    differences: list[sql.Composable] = [
        sql.SQL("t.feed_id IS NULL"),
        sql.SQL("s.csv_line IS NULL"),
    ]
    differences += [
        sql.SQL("{} IS DISTINCT FROM {}").format(sql.Identifier("t", f"is_{name}"), values[name])
        for name in compared
    ]
    differences += [
        sql.SQL("({} IS NULL AND num_nulls({}) = 0)").format(
            sql.Identifier(f"f_{link.field}", "id"), names(link.columns, "s")
        )
        for link in later
    ]
    return sql.SQL("({})").format(sql.SQL(" OR ").join(differences))
