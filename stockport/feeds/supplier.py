"""Another supplier's system for the same people: what the portal holds gets the new references."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from django.db import transaction
from psycopg import sql

from stockport.feeds.models import Quarantine
from stockport.feeds.sql import run, target
from stockport.feeds.tables import Table, declared

HEAD = ["old", "new"]
LONGEST_NAMED = 5
RENAME = """
    UPDATE {table} AS t SET source = {new}, {key} = coalesce(m.new, o.{key})
    FROM {table} AS o LEFT JOIN unnest({olds}::text[], {news}::text[]) AS m (old, new)
        ON m.old = o.{key}
    WHERE o.id = t.id AND o.source = {old}
"""


class SupplierRefused(Exception):
    """Nothing was changed; it says why."""


def with_source() -> list[Table]:
    """The files whose rows belong to a source and have a reference there."""
    return [table for table in declared().values() if table.has_source]


def references_in(folder: Path) -> dict[str, dict[str, str]]:
    """The new reference of each old one, by file: CSVs named as in an extract, with old and new.

    Raises SupplierRefused for a file that is not one of those.
    """
    files = {table.file for table in with_source()}
    found = {}
    for path in sorted(folder.glob("*.csv")):
        if path.name not in files:
            raise SupplierRefused(f"{path.name} is none of {', '.join(sorted(files))}")
        found[path.name] = _pairs(path)
    return found


def _pairs(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        if next(lines, None) != HEAD:
            raise SupplierRefused(f"{path.name} must begin with the line {','.join(HEAD)}")
        rows = [line for line in lines if line]
    if bad := [line for line in rows if len(line) != len(HEAD) or not all(line)]:
        raise SupplierRefused(f"{path.name}: each line is old,new, unlike {_some(map(str, bad))}")
    for column, name in enumerate(HEAD):
        twice = [ref for ref, times in Counter(row[column] for row in rows).items() if times > 1]
        if twice:
            raise SupplierRefused(f"{path.name}: more than once as {name}: {_some(twice)}")
    return dict(rows)


@transaction.atomic
def change_supplier(
    *, old: str, new: str, references: Mapping[str, Mapping[str, str]]
) -> dict[str, int]:
    """Make every row of the source `old` one of `new`; how many, by file.

    A reference that `references` does not name stays. Rows keep their ids, so that whatever points
    to them stays with them: links of residents, requests, letters. Raises SupplierRefused.
    """
    counts = {}
    for table in with_source():
        held = table.model_class._default_manager.filter(source=old)
        if table.model_class._default_manager.filter(source=new).exists():
            raise SupplierRefused(f"{table.file}: there are rows of {new} already")
        mapping = references.get(table.file, {})
        keys = set(held.values_list(table.key[0], flat=True))
        _check(table, keys, mapping)
        counts[table.file] = _rename(table, old, new, mapping)
    if not any(counts.values()):
        raise SupplierRefused(f"There is nothing of {old}")
    # What is wrong with an owner is looked at anew when the new supplier's first extract is loaded.
    Quarantine.objects.filter(source=old, released_at=None).delete()
    return counts


def _check(table: Table, keys: set[str], mapping: Mapping[str, str]) -> None:
    if unknown := sorted(set(mapping) - keys):
        raise SupplierRefused(f"{table.file}: not held: {_some(unknown)}")
    if taken := sorted((keys - set(mapping)) & set(mapping.values())):
        raise SupplierRefused(f"{table.file}: in use, and without a new one: {_some(taken)}")


def _rename(table: Table, old: str, new: str, mapping: Mapping[str, str]) -> int:
    statement = sql.SQL(RENAME).format(
        table=target(table),
        key=sql.Identifier(table.key[0]),
        old=sql.Literal(old),
        new=sql.Literal(new),
        olds=sql.Literal(list(mapping)),
        news=sql.Literal(list(mapping.values())),
    )
    return run(statement)


def _some(references: object) -> str:
    named = list(references)[: LONGEST_NAMED + 1]  # type: ignore[call-overload]
    more = ", …" if len(named) > LONGEST_NAMED else ""
    return ", ".join(named[:LONGEST_NAMED]) + more
