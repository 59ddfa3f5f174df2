"""An amount that two services show must be the same on both: those who disagree are held together.

Each service says in SQL, over its own files, which amounts it gives (tables.Shared). They are
compared as they would stand after the load: whoever is held keeps what the database has, and so
does whoever a delta leaves out. So holding one may mean that the other waits too (docs/adr/0030).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Literal

from psycopg import sql

from stockport.feeds.control import Fault
from stockport.feeds.extract import Extract, Refusal
from stockport.feeds.held import as_in_file
from stockport.feeds.models import FeedRun
from stockport.feeds.sql import located, rows, staged
from stockport.feeds.tables import Shared, Table

Part = tuple[str, str]  # what it is about, such as an account, and which part of it, such as a year
Given = dict[str, dict[Part, Decimal]]  # by owner


def disagreements(extract: Extract, faults: list[Fault], *, first: bool) -> list[Fault]:
    """Owners who must wait because another service would show another amount.

    `faults` are of those who are held already; on the `first` load the database has nothing else.
    """
    return [
        fault
        for table, repeated in _shared(extract, "repeats")
        for other, stated in _shared(extract, "states")
        if stated.fact == repeated.fact
        for fault in _Comparison.of(
            _Side(extract, table, repeated, faults, first=first),
            _Side(extract, other, stated, faults, first=first),
        ).faults()
    ]


def _shared(extract: Extract, kind: Literal["states", "repeats"]) -> list[tuple[Table, Shared]]:
    return [(table, shared) for table in extract.tables for shared in getattr(table, kind)]


@dataclass
class _Side:
    """The amounts of one service, before the load and in the extract."""

    extract: Extract
    table: Table
    shared: Shared
    faults: list[Fault]
    first: bool = field(kw_only=True)
    # Of many thousands of accounts few are said anything of.
    only_about: list[str] | None = None

    @cached_property
    def held(self) -> set[str]:
        """Who keeps what the database has."""
        return {fault.owner for fault in self.faults if fault.table == self.table.name}

    @cached_property
    def brought(self) -> set[str]:
        """The owners in the extract."""
        statement = sql.SQL("SELECT {}::text FROM {}")
        owner = sql.Identifier(self.table.owner)
        return {key for (key,) in rows(statement.format(owner, staged(self.table)))}

    @cached_property
    def new(self) -> Given:
        """What the extract gives."""
        return self._given({each.name: staged(each) for each in self.extract.tables})

    @cached_property
    def old(self) -> Given:
        """What the database has."""
        if self.first:
            return {}
        source = self.extract.source
        return self._given({each.name: _stored(each, source) for each in self.extract.tables})

    def _given(self, tables: Mapping[str, sql.Composable]) -> Given:
        asked = sql.SQL(self.shared.sql).format(**tables)
        if self.only_about is not None:
            asked = sql.SQL("SELECT * FROM ({}) AS g WHERE subject = ANY({})").format(
                asked, sql.Literal(self.only_about)
            )
        given: Given = defaultdict(dict)
        for owner, subject, part, amount in rows(asked):
            given[owner][subject, part] = amount
        return given

    @property
    def subjects(self) -> list[str]:
        """What it says anything of."""
        given = [*self.new.values(), *self.old.values()]
        return sorted({subject for found in given for subject, _ in found})

    @property
    def _leaves_out(self) -> bool:
        return self.extract.kind != FeedRun.Kind.FULL

    @property
    def afterwards(self) -> Given:
        """What pages would show."""
        taken = {owner: found for owner, found in self.new.items() if owner not in self.held}
        if not self.held and not self._leaves_out:
            return taken
        kept = {
            owner: found
            for owner, found in self.old.items()
            if owner in self.held or (self._leaves_out and owner not in self.brought)
        }
        return taken | kept

    def hold(self, owners: set[str]) -> set[str]:
        """Hold those of them that the extract brings; gives who was not held yet."""
        more = (owners & self.brought) - self.held
        self.held |= more
        return more


@dataclass
class _Comparison:
    """What one service repeats, against what the other states."""

    repeating: _Side
    stating: _Side

    @classmethod
    def of(cls, repeating: _Side, stating: _Side) -> _Comparison:
        """The two, the second about nothing but what the first is about."""
        return cls(repeating, replace(stating, only_about=repeating.subjects))

    def faults(self) -> Iterator[Fault]:
        """Hold those who disagree, until those who are left agree."""
        found = True
        while found:
            found = False
            for part, sayers, (repeated, stated) in list(self._different()):
                for side, owners in ((self.repeating, sayers), (self.stating, {part[0]})):
                    for owner in sorted(side.hold(owners)):
                        found = True
                        yield self._fault(side, owner, part, repeated, stated)

    def _different(self) -> Iterator[tuple[Part, set[str], tuple[Decimal, Decimal]]]:
        """Every part with two amounts, and who repeats it; one that is not stated has one."""
        sums: dict[Part, Decimal] = defaultdict(Decimal)
        sayers: dict[Part, set[str]] = defaultdict(set)
        for owner, found in self.repeating.afterwards.items():
            for part, amount in found.items():
                sums[part] += amount
                sayers[part].add(owner)
        stated = self.stating.afterwards
        for part, amount in sums.items():
            other = stated.get(part[0], {}).get(part, amount)
            if other != amount:
                yield part, sayers[part], (amount, other)

    def _fault(
        self, side: _Side, owner: str, part: Part, repeated: Decimal, stated: Decimal
    ) -> Fault:
        words = (
            f"{part[1]}: {side.shared.fact} for {part[0]} would be {repeated} in"
            f" {self.repeating.table.file}, but {stated} in {self.stating.table.file}"
        )
        reason = Refusal(side.table.file, None, "", words)
        return Fault(side.table.name, owner, side.shared.fact, reason)


def _stored(table: Table, source: str) -> sql.Composable:
    """The table's rows in the database, under the file's own column names."""
    values, tables = as_in_file(table, source)
    columns = [
        sql.SQL("{} AS {}").format(values[each.name], sql.Identifier(each.name))
        for each in table.columns
        if each.name in values
    ]
    return sql.SQL("(SELECT {} FROM {} WHERE {})").format(
        sql.SQL(", ").join(columns), tables, located(table).of_source(source)
    )
