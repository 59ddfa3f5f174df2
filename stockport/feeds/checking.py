"""Phase two: every value that cannot be read, every unknown code, repeated key and orphan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection, models
from psycopg import sql

from stockport.feeds.extract import SHOWN, Extract, Refusal
from stockport.feeds.models import FeedRun
from stockport.feeds.sql import located, names, raw, rows, run, same, staged
from stockport.feeds.tables import Column, Reference, Table, Type, declared

DATE = (
    "CASE WHEN {0} IS NULL THEN false"
    " WHEN {0} ~ '^[0-9]{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'"
    " AND left({0}, 4) >= '1000'"
    " THEN substr({0}, 9)::int > extract(day FROM"
    " make_date(left({0}, 4)::int, substr({0}, 6, 2)::int, 1)"
    " + interval '1 month - 1 day') ELSE true END"
)
BAD = {
    Type.MONEY: ("{0} !~ '^-?[0-9]{{1,8}}[.][0-9]{{2}}$'", "must be pounds as 1234.50"),
    Type.DECIMAL: ("{0} !~ '^-?[0-9]{{1,9}}([.][0-9]{{1,9}})?$'", "must be a number as 53.41"),
    Type.INTEGER: ("{0} !~ '^(0|-?[1-9][0-9]{{0,17}})$'", "must be a whole number"),
    Type.DATE: (DATE, "must be a real date as 2026-11-23"),
    Type.BOOLEAN: ("{0} NOT IN ('true', 'false')", "must be true or false"),
    Type.TEXT: ("{0} ~ '[[:cntrl:]]'", "must not hold line breaks or control characters"),
}


# Which of a file's temporary tables: `raw` or `staged`.
Rows = Callable[[Table], sql.Identifier]


@dataclass(frozen=True)
class Rule:
    """What must not be true of a value, as SQL with its parameters, and how to say so."""

    bad: sql.Composable
    reason: str
    params: tuple[object, ...] = ()


def check(extract: Extract, broken: set[str]) -> list[Refusal]:
    """Every refusal of the staged rows; what `broken` files (by name) lack may be in them."""
    refusals: list[Refusal] = []
    for table in extract.tables:
        for column in table.columns:
            _replace_unknown_codes(table, column)
        for column_name, rule in _broken_rules(table):
            refusals.extend(_breaking(table, column_name, rule))
        refusals.extend(_repeated_keys(table))
        for reference in table.references:
            if reference.to not in broken:
                refusals.extend(_orphans(extract, table, reference, raw))
    return refusals


def _replace_unknown_codes(table: Table, column: Column) -> None:
    if column.other:
        name = sql.Identifier(column.name)
        run(
            sql.SQL("UPDATE {} SET {} = %s WHERE {} <> ALL(%s)").format(raw(table), name, name),
            [column.other, table.choices(column)],
        )


def _broken_rules(table: Table) -> list[tuple[str, Rule]]:
    """The rules that some row breaks, with their columns: one scan for all of them together."""
    rules = [(column.name, rule) for column in table.columns for rule in _rules(table, column)]
    asked = sql.SQL(", ").join(sql.SQL("bool_or({})").format(rule.bad) for _, rule in rules)
    params = [value for _, rule in rules for value in rule.params]
    (broken,) = rows(sql.SQL("SELECT {} FROM {}").format(asked, raw(table)), params or None)
    return [rule for rule, is_broken in zip(rules, broken, strict=True) if is_broken]


def _rules(table: Table, column: Column) -> Iterator[Rule]:
    name = sql.Identifier(column.name)
    if table.needs(column):
        yield Rule(sql.SQL("{} IS NULL").format(name), "must not be empty")
    bad, reason = BAD[column.type]
    yield Rule(sql.SQL(bad).format(name), reason)
    if column.pattern:
        yield Rule(sql.SQL("{} !~ %s").format(name), column.pattern_hint, (column.pattern,))
    if choices := table.choices(column):
        yield Rule(
            sql.SQL("{} <> ALL(%s)").format(name),
            f"must be one of {', '.join(choices)}",
            (choices,),
        )
    elif field := table.fields.get(column.name):
        yield from _limits(name, field, column.type)


def _limits(
    name: sql.Identifier, field: models.Field[object, object], kind: Type
) -> Iterator[Rule]:
    """What the model's field cannot hold."""
    if kind is Type.TEXT and field.max_length:
        yield Rule(
            sql.SQL("length({}) > %s").format(name),
            f"must have {field.max_length} characters or fewer",
            (field.max_length,),
        )
    if kind is Type.INTEGER:
        low, high = connection.ops.integer_field_range(field.get_internal_type())
        if low is not None and high is not None:
            yield Rule(
                sql.SQL(
                    "CASE WHEN {} ~ '^-?[0-9]{{1,18}}$' THEN {}::bigint NOT BETWEEN %s AND %s END"
                ).format(name, name),
                f"must be between {low} and {high}",
                (low, high),
            )
    if isinstance(field, models.DecimalField) and field.max_digits and field.decimal_places:
        whole = field.max_digits - field.decimal_places
        yield Rule(
            sql.SQL("length(split_part(ltrim({}, '-'), '.', 1)) > %s").format(name),
            f"must have {whole} digits or fewer before the point",
            (whole,),
        )


def _breaking(table: Table, column: str, rule: Rule) -> list[Refusal]:
    found = rows(
        sql.SQL("SELECT csv_line, count(*) OVER () FROM {} WHERE {} ORDER BY 1 LIMIT {}").format(
            raw(table), rule.bad, sql.Literal(SHOWN)
        ),
        rule.params or None,
    )
    return _refusals(table, column, rule.reason, found)


def _refusals(
    table: Table, column: str, reason: str, found: list[tuple[int, int]]
) -> list[Refusal]:
    refusals = [Refusal(table.file, line, column, reason) for line, _ in found]
    if found and found[0][1] > SHOWN:
        more = f"{reason} ({found[0][1] - SHOWN} more lines)"
        refusals.append(Refusal(table.file, None, column, more))
    return refusals


def _repeated_keys(table: Table) -> list[Refusal]:
    found = rows(
        sql.SQL(
            "SELECT csv_line, count(*) OVER () FROM ("
            "SELECT csv_line, row_number() OVER (PARTITION BY {} ORDER BY csv_line) AS place"
            " FROM {}) AS numbered WHERE place > 1 ORDER BY 1 LIMIT {}"
        ).format(names(table.key), raw(table), sql.Literal(SHOWN))
    )
    return _refusals(table, " + ".join(table.key), "the same key is on an earlier line", found)


def has_twins_or_orphans(extract: Extract, table: Table) -> bool:
    """Whether the typed rows repeat a key or name what is nowhere: `check` finds out which."""
    twins = sql.SQL("SELECT EXISTS (SELECT FROM {} GROUP BY {} HAVING count(*) > 1)").format(
        staged(table), names(table.key)
    )
    return bool(rows(twins)[0][0]) or any(
        _orphans(extract, table, reference, staged) for reference in table.references
    )


def _orphans(extract: Extract, table: Table, reference: Reference, at: Rows) -> list[Refusal]:
    """Rows that name what is neither in the extract nor, where that may be, in the database."""
    parent = declared()[reference.to]
    pairs = list(zip(parent.key, reference.columns, strict=True))
    known: list[sql.Composable] = []
    if parent.file in extract.files:
        known.append(
            sql.SQL("EXISTS (SELECT FROM {} AS p WHERE {})").format(
                at(parent), same("p", "c", pairs)
            )
        )
    # A delta brings an owner whole, so only what stands by itself may be there already.
    if not parent.owner and (parent.file not in extract.files or extract.kind != FeedRun.Kind.FULL):
        known.append(_in_database(extract, parent, pairs))
    named = [
        sql.SQL("{} IS NOT NULL").format(sql.Identifier("c", name)) for name in reference.columns
    ]
    found = rows(
        sql.SQL(
            "SELECT csv_line, count(*) OVER () FROM {} AS c WHERE {} AND NOT ({})"
            " ORDER BY 1 LIMIT {}"
        ).format(
            at(table),
            sql.SQL(" AND ").join(named),
            sql.SQL(" OR ").join(known or [sql.SQL("false")]),
            sql.Literal(SHOWN),
        )
    )
    return _refusals(table, " + ".join(reference.columns), f"no such row in {reference.to}", found)


def _in_database(extract: Extract, parent: Table, pairs: list[tuple[str, str]]) -> sql.Composed:
    place = located(parent)
    equal = [
        sql.SQL("{}::text = {}::text").format(place.keys[key], sql.Identifier("c", column))
        for key, column in pairs
    ]
    return sql.SQL("EXISTS (SELECT FROM {} WHERE {} AND {})").format(
        place.tables, place.of_source(extract.source), sql.SQL(" AND ").join(equal)
    )
