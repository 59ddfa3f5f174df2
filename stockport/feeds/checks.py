"""System checks: every declared file agrees with its model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import models

from stockport.feeds.tables import Table, declared, owners_of


def check_declarations(**kwargs: Any) -> list[CheckMessage]:
    """An error for each declaration that the loader could not follow."""
    tables = declared()
    return [
        Error(f"{table.file}: {fault}", hint=hint, id="stockport.E010")
        for table in tables.values()
        for fault, hint in faults_of(table, tables)
    ]


def faults_of(table: Table, tables: dict[str, Table]) -> Iterator[tuple[str, str]]:
    """What is wrong with a declaration, and what to do."""
    missing = [link.to for link in table.references if link.to not in tables]
    if missing:
        yield f"refers to {', '.join(missing)}, which nobody declares", "Declare it in a feed.py."
        return
    names = [column.name for column in table.columns]
    if unknown := [name for name in (*table.key, *_referring(table)) if name not in names]:
        yield f"has no column {', '.join(unknown)}", "Keys and references use declared columns."
    if lost := [name for name in names if not _is_used(table, name)]:
        yield f"{', '.join(lost)} would not be stored", "Name the columns as the model's fields."
    patterns = [column for column in table.columns if column.pattern]
    if loose := [each.name for each in patterns if not re.fullmatch(r"\^.*\$", each.pattern)]:
        yield f"{', '.join(loose)}: the pattern may match a part", "Write it from ^ to $."
    if table.live and not {*table.live.codes} <= {*_codes(table, table.live.column)}:
        yield f"{table.live.column} has no such codes", "Rows in use have codes of the model."
    if set(table.unique_columns) not in _unique_sets(table):
        yield (
            f"the key is not a unique constraint of {table.model}",
            f"Add a UniqueConstraint on {', '.join(table.unique_columns)}.",
        )
    yield from _owner_faults(table, tables)


def _owner_faults(table: Table, tables: dict[str, Table]) -> Iterator[tuple[str, str]]:
    if table.owner and (table.owner not in table.key or owners_of(table) is None):
        yield "its owner cannot be found", "The owner is in the key and a reference leads to it."
        return
    for link in table.references:
        parent = tables[link.to]
        if parent.owner and owners_of(parent) != owners_of(table):
            yield (
                f"refers to {link.to}, whose rows have other owners",
                "Refer to files without owners, or of the same owner: others may be held back.",
            )


def _codes(table: Table, name: str) -> list[str]:
    return [code for each in table.columns if each.name == name for code in table.choices(each)]


def _referring(table: Table) -> list[str]:
    return [name for link in table.references for name in link.columns]


def _is_used(table: Table, name: str) -> bool:
    return name in _referring(table) or name in {column.name for column in table.stored}


def _unique_sets(table: Table) -> list[set[str]]:
    """The columns of the model's unique constraints that hold for every row."""
    meta = table.model_class._meta
    constraints = [each for each in meta.constraints if isinstance(each, models.UniqueConstraint)]
    return [
        {table.fields[field].attname for field in each.fields}
        for each in constraints
        if each.condition is None
    ]
