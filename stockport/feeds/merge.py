"""Phase four: the staged rows become the portal's rows, and only differences are written."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from stockport.feeds.confirming import confirm, confirmation_of
from stockport.feeds.control import HELD
from stockport.feeds.extract import Extract
from stockport.feeds.models import FeedRun
from stockport.feeds.sql import is_empty, located, names, rows, run, same, staged, target
from stockport.feeds.tables import Reference, Table, declared, owners_of


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


def merge(extract: Extract) -> dict[str, Counts]:
    """Remove, add and change rows; what was done, by file."""
    _hold_owners_in_use(extract)
    removed = {table.file: _remove(extract, table) for table in reversed(extract.tables)}
    counts = {}
    for table in extract.tables:
        write = _insert if is_empty(table) else _upsert
        added, changed = write(extract, table)
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
                    target(table), place.tables, _is_held(table, place.keys[table.owner])
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


def _is_held(table: Table, owner: sql.Composable) -> sql.Composable:
    owners = owners_of(table)
    if owners is None:
        return sql.SQL("false")
    return sql.SQL("EXISTS (SELECT FROM {} AS h WHERE h.owners = {} AND h.key = {}::text)").format(
        HELD, sql.Literal(owners.name), owner
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
    """Rows that the extract no longer has: in a delta, only those of the owners that it brings."""
    owners = owners_of(table)
    place = located(table)
    conditions = [place.of_source(extract.source), sql.SQL("NOT {}").format(is_staged(table))]
    if owners is None:
        conditions.append(sql.SQL("NOT {}").format(_is_used(table, by_declared=True)))
    else:
        conditions.append(sql.SQL("NOT {}").format(_is_held(table, place.keys[table.owner])))
    if extract.kind != FeedRun.Kind.FULL:
        if owners is None or table.lists_owners:
            return 0
        conditions.append(
            sql.SQL("{} IN (SELECT {} FROM {})").format(
                place.keys[table.owner], sql.Identifier(owners.owner), staged(owners)
            )
        )
    return run(
        sql.SQL("DELETE FROM {} WHERE id IN (SELECT t.id FROM {} WHERE {})").format(
            target(table), place.tables, sql.SQL(" AND ").join(conditions)
        )
    )


UPSERT = """
    WITH written AS (
        INSERT INTO {table} AS t ({columns})
        SELECT {values} FROM {staged} AS s {joins} WHERE NOT {held} AND NOT {unchanged}
        ON CONFLICT ({key}) {update}
        RETURNING xmax = 0 AS added
    )
    SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written
"""
INSERT = """
    INSERT INTO {table} ({columns}) SELECT {values} FROM {staged} AS s {joins} WHERE NOT {held}
"""


def _insert(extract: Extract, table: Table) -> tuple[int, int]:
    """Fill an empty table: how many rows, and that none was changed."""
    return run(sql.SQL(INSERT).format(**_parts(extract, table))), 0


def _upsert(extract: Extract, table: Table) -> tuple[int, int]:
    """Add what is new and change what differs: how many of each."""
    values = _values(extract, table)
    apart = {*table.unique_columns, "confirmation_id"}
    if extract.kind == FeedRun.Kind.PERSON:
        # Nobody but the nightly extract knows the proofs of identity: they stay as they are.
        apart |= {column.name for column in table.columns if column.keyed}
    compared = [name for name in values if name not in apart]
    statement = sql.SQL(UPSERT).format(
        **_parts(extract, table),
        unchanged=_is_unchanged(table, values, compared),
        key=names(table.unique_columns),
        update=_when_different(compared),
    )
    added, changed = rows(statement)[0]
    return added, changed


def _parts(extract: Extract, table: Table) -> dict[str, sql.Composable]:
    """What both ways of writing rows are made of."""
    values = _values(extract, table)
    held = _is_held(table, sql.Identifier("s", table.owner)) if table.owner else sql.SQL("false")
    return {
        "table": target(table),
        "columns": names(values),
        "values": sql.SQL(", ").join(values.values()),
        "staged": staged(table),
        "joins": sql.SQL(" ").join(_join(extract, link) for link in table.references),
        "held": held,
    }


def _values(extract: Extract, table: Table) -> dict[str, sql.Composable]:
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


def _is_unchanged(
    table: Table, values: dict[str, sql.Composable], compared: list[str]
) -> sql.Composable:
    """That the row is there already, as it is: ON CONFLICT alone would lock every such row."""
    pairs = [(name, values[name], "=") for name in table.unique_columns]
    pairs += [(name, values[name], "IS NOT DISTINCT FROM") for name in compared]
    equal = [
        sql.SQL("{} {} {}").format(sql.Identifier("o", name), sql.SQL(operator), value)
        for name, value, operator in pairs
    ]
    return sql.SQL("EXISTS (SELECT FROM {} AS o WHERE {})").format(
        target(table), sql.SQL(" AND ").join(equal)
    )


def _join(extract: Extract, link: Reference) -> sql.Composable:
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


def _when_different(compared: list[str]) -> sql.Composable:
    if not compared:
        return sql.SQL("DO NOTHING")
    return sql.SQL("DO UPDATE SET {} WHERE ({}) IS DISTINCT FROM ({})").format(
        sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), sql.Identifier("excluded", name))
            for name in compared
        ),
        sql.SQL("ROW({})").format(names(compared, "t")),
        sql.SQL("ROW({})").format(names(compared, "excluded")),
    )


def _confirm(extract: Extract, table: Table) -> None:
    """A delta confirms what it leaves out too."""
    conditions: list[sql.Composable] = []
    if table.owner:
        held = _is_held(table, located(table).keys[table.owner])
        conditions.append(sql.SQL("NOT {}").format(held))
    if extract.kind != FeedRun.Kind.DELTA:
        conditions.append(is_staged(table))
    confirm(extract, table, sql.SQL(" AND ").join(conditions or [sql.SQL("true")]))
