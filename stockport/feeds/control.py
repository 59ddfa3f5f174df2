"""Phase three: typed rows, and the owners whose rows or control totals are wrong.

Such an owner is held: none of its new rows is taken, and its old ones stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from stockport.feeds.extract import SHOWN, Extract, Refusal
from stockport.feeds.sql import TYPES, names, numbered, raw, records, rows, run, staged
from stockport.feeds.tables import Check, Column, Table, owners_of
from stockport.keyed import keyed_sql

HELD = sql.Identifier("feed_held")


# So many broken rows of a rule are told one by one; after them each owner's first alone.
ENOUGH = 10_000


@dataclass(frozen=True)
class Fault:
    """Why one owner is held, by which rule, and for how many lines that is said."""

    table: str
    owner: str
    rule: str
    reason: Refusal
    lines: int = 1


def told(faults: list[Fault]) -> list[Refusal]:
    """As many reasons as people can read; the last then gives the number left out."""
    reasons = [fault.reason for fault in faults[:SHOWN]]
    if left_out := sum(fault.lines for fault in faults[SHOWN:]):
        more = f"{left_out} more reasons are left out"
        reasons.append(Refusal(reasons[0].file, None, "", more))
    return reasons


def make_typed(extract: Extract) -> None:
    """The staged rows again, typed, under the file's own column names."""
    for table in extract.tables:
        columns = [_cast(table, column) for column in table.columns]
        run(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(staged(table)))
        run(
            sql.SQL(
                "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT csv_line, {} FROM {}"
            ).format(staged(table), sql.SQL(", ").join(columns), raw(table))
        )
        run(sql.SQL("DROP TABLE pg_temp.{}").format(raw(table)))
        run(sql.SQL("ANALYZE {} (csv_line, {})").format(staged(table), names(table.key)))


def _cast(table: Table, column: Column) -> sql.Composable:
    name = sql.Identifier(column.name)
    if column.keyed:
        return sql.SQL("{} AS {}").format(keyed_sql(name), name)
    if table.is_never_null(column):
        return sql.SQL("coalesce({}, '') AS {}").format(name, name)
    return sql.SQL("{}::{} AS {}").format(name, TYPES[column.type], name)


def find_faults(extract: Extract) -> tuple[list[Refusal], list[Fault]]:
    """Broken row rules (a refusal where the row has no owner) and control totals, all of them."""
    refusals: list[Refusal] = []
    faults: list[Fault] = []
    for table in extract.tables:
        for line, owner, rule, reason, lines in _broken_rows(table):
            refusal = Refusal(table.file, line, "", reason)
            if owners := owners_of(table):
                faults.append(Fault(owners.name, owner, rule, refusal, lines))
            else:
                refusals.append(refusal)
    return refusals, faults + wrong_totals(extract)


def _broken_rows(table: Table) -> Iterator[tuple[int | None, str, str, str, int]]:
    """Rows that break a check constraint of the model's table, in its own words.

    Of every owner at least one, with the number of those that are left out.
    """
    # Proofs of identity become hashes with the merge: what is staged is not what is stored.
    ours = {column.name for column in table.stored if not column.keyed}
    said = {
        constraint.name: str(constraint.get_violation_error_message())
        for constraint in table.model_class._meta.constraints
    }
    owner = sql.Identifier(table.owner) if table.owner else sql.Literal("")
    # The conditions are the database's own words.
    found = {
        name: sql.SQL(condition)
        for name, condition, columns in _constraints(table)
        if set(columns) <= ours
    }
    if not found or not _breaks_any(table, list(found.values())):
        return
    for name, condition in found.items():
        broken = sql.SQL(
            "SELECT csv_line, {}::text AS owner, csv_line AS feed_line FROM {} WHERE NOT {}"
        ).format(owner, staged(table), condition)
        reason = said.get(name, f"breaks the rule {name}")
        for record in _some_of_each(broken):
            yield record["csv_line"], record["owner"], name, reason, 1
            if lines := record["feed_left_out"]:
                yield None, record["owner"], name, f"{reason} ({lines} more lines)", lines


def _some_of_each(found: sql.Composable) -> list[dict[str, Any]]:
    """Of these (an owner and a line each) as many as can be read; an owner's last counts the rest.

    A file with millions of wrong rows must fit into memory.
    """
    return records(
        sql.SQL(
            "SELECT *, CASE WHEN feed_nth = max(feed_nth) OVER (PARTITION BY owner)"
            " THEN feed_times - feed_nth END AS feed_left_out FROM (SELECT *,"
            " row_number() OVER (ORDER BY feed_line, owner) AS feed_place,"
            " row_number() OVER (PARTITION BY owner ORDER BY feed_line) AS feed_nth,"
            " count(*) OVER (PARTITION BY owner) AS feed_times FROM ({}) AS found) AS numbered"
            " WHERE feed_nth = 1 OR (feed_nth <= {} AND feed_place <= {}) ORDER BY feed_place"
        ).format(found, sql.Literal(SHOWN), sql.Literal(ENOUGH))
    )


def _breaks_any(table: Table, conditions: list[sql.SQL]) -> bool:
    """Whether any row breaks any of them: one scan, as most nights none does."""
    every = sql.SQL(" AND ").join(conditions)
    statement = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE NOT ({}))")
    return bool(rows(statement.format(staged(table), every))[0][0])


def _constraints(table: Table) -> list[tuple[str, str, list[str]]]:
    return rows(
        sql.SQL(
            "SELECT conname, '(' || pg_get_expr(conbin, conrelid) || ')',"
            " (SELECT array_agg(attname::text) FROM pg_attribute"
            "  WHERE attrelid = conrelid AND attnum = ANY(conkey))"
            " FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass ORDER BY conname"
        ),
        [table.model_class._meta.db_table],
    )


def wrong_totals(extract: Extract, *, first: bool = False) -> list[Fault]:
    """Owners whose control totals are wrong.

    After the `first` load's filling rows know their owners by number: millions of references need
    not be looked up to add up.
    """
    place = numbered if first else staged
    tables = {table.name: place(table) for table in extract.tables}
    return [
        fault
        for table in extract.tables
        for check in table.checks
        for fault in _wrong_totals(table, check, sql.SQL(check.sql).format(**tables), first=first)
    ]


def _wrong_totals(
    table: Table, check: Check, totals: sql.Composable, *, first: bool
) -> Iterator[Fault]:
    """Owners whose totals are wrong by this check, each with the line that lists it."""
    owner = sql.Identifier("o", table.owner)
    found = sql.SQL(
        "SELECT f.*, coalesce({}::text, f.owner::text) AS feed_owner,"
        " o.csv_line, o.csv_line AS feed_line FROM ({}) AS f LEFT JOIN {} AS o ON {} = f.owner"
    ).format(owner, totals, staged(table), sql.Identifier("o", "feed_number") if first else owner)
    for record in _some_of_each(found):
        reason = check.reason.format(**record)
        if more := record["feed_left_out"] or 0:
            reason += f" ({more} more)"
        refusal = Refusal(table.file, record["csv_line"], "", reason)
        yield Fault(table.name, record["feed_owner"], check.reason, refusal, 1 + more)


def hold(owners: set[tuple[str, str]]) -> None:
    """Note these owners (list and key) for the merge."""
    run(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(HELD))
    run(
        sql.SQL(
            "CREATE TEMPORARY TABLE {} (owners text, key text, PRIMARY KEY (owners, key))"
            " ON COMMIT DROP"
        ).format(HELD)
    )
    held = sorted(owners)
    run(
        sql.SQL("INSERT INTO {} SELECT * FROM unnest(%s::text[], %s::text[])").format(HELD),
        [[table for table, _ in held], [owner for _, owner in held]],
    )
