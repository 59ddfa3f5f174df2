"""Plain lines of a file as lines for the portal's own table: numbered, and with the ids of others.

For tables that hold nothing yet, whose rows can name each other by numbers known beforehand.
Column by column, since a borough has millions of lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stockport.feeds.confirming import first_confirmation_of
from stockport.feeds.extract import Extract
from stockport.feeds.plain import Groups, NotPlain, line_pattern, runs_of
from stockport.feeds.tables import Table
from stockport.keyed import keyed

# A key as the file writes it: one text, or one for each of its columns.
Key = bytes | Groups


class Ids(dict[Key, bytes]):
    """The id of each key of a file's rows."""

    def __missing__(self, key: Key) -> bytes:
        """Nothing for a key that is empty in any part, as a foreign key has it."""
        if key == b"" or (isinstance(key, tuple) and b"" in key):
            return b""
        raise NotPlain


class Lines:
    """How a file's lines become lines of COPY into the model's table, of `columns`."""

    def __init__(
        self, extract: Extract, table: Table, header: list[str], ids: dict[str, Ids]
    ) -> None:
        self.key = table.key if _is_named(extract, table) else ()
        self.links = [(ids[link.to], link.columns) for link in table.references]
        self.hashed = [column.name for column in table.columns if column.keyed]
        self.constants = _constants(extract, table)
        self.ids = ids[table.file]

        apart = {*self.key, *self.hashed, *(name for _, names in self.links for name in names)}
        runs = runs_of(header, apart)
        stored = {column.name for column in table.stored}.difference(self.hashed)
        self.verbatim = [place for place, run in enumerate(runs) if run[0] in stored]
        self.places = {name: place for place, run in enumerate(runs) for name in run}
        self.pattern = line_pattern(table, runs)
        self.columns = [
            "id",
            *(f"{link.field}_id" for link in table.references),
            *self.constants,
            *self.hashed,
            *(name for place in self.verbatim for name in runs[place]),
        ]

    def of(self, found: Sequence[Groups], number: int) -> bytes:
        """A line for each of these, numbered from here; raises NotPlain for an unknown key."""
        groups = list(zip(*found, strict=True))
        numbers = [b"%d" % each for each in range(number, number + len(found))]
        if self.key:
            self.ids.update(zip(self._keys(groups, self.key), numbers, strict=True))
        cells: list[Iterable[bytes]] = [
            numbers,
            *(map(ids.__getitem__, self._keys(groups, names)) for ids, names in self.links),
            *([value] * len(found) for value in self.constants.values()),
            *(_hashes(groups[self.places[name]]) for name in self.hashed),
            *(groups[place] for place in self.verbatim),
        ]
        return b"\n".join(map(b",".join, zip(*cells, strict=True))) + b"\n"

    def _keys(self, groups: Sequence[Groups], names: Sequence[str]) -> Iterable[Key]:
        columns = [groups[self.places[name]] for name in names]
        return columns[0] if len(columns) == 1 else zip(*columns, strict=True)


def _is_named(extract: Extract, table: Table) -> bool:
    """Whether rows of another file name rows of this one."""
    return any(link.to == table.file for other in extract.tables for link in other.references)


def _constants(extract: Extract, table: Table) -> dict[str, bytes]:
    """What every row has."""
    constants = {}
    if table.is_confirmed:
        constants["confirmation_id"] = str(first_confirmation_of(extract, table))
    if table.has_source:
        constants["source"] = '"{}"'.format(extract.source.replace('"', '""'))
    return {name: value.encode() for name, value in constants.items()}


def _hashes(texts: Sequence[bytes]) -> Iterable[bytes]:
    """Hashes of proofs, of which many are equal: there are only a thousand of three digits."""
    known = {text: keyed(text.decode()).encode() if text else b"" for text in set(texts)}
    return map(known.__getitem__, texts)
