"""Files whose every value is plainly as declared: PostgreSQL reads them straight into types.

Most nights every file is plain. What is plain here is never refused by `checking`, which looks at
each value in SQL and finds the reasons; what is not plain may still be right (a rare character,
a number in quotation marks), and goes that longer way (tests/feeds/test_plain.py).
"""

from __future__ import annotations

import gc
import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from pathlib import Path

from stockport.feeds.extract import FileEntry
from stockport.feeds.staging import header_of, wrong_header
from stockport.feeds.tables import Column, Table, Type

CHUNK = 1 << 18
LONGEST = 1000  # letters, of a text for which no other limit is declared
VALUES = {
    Type.MONEY: r"-?\d{1,8}\.\d\d",
    Type.DECIMAL: r"-?\d{1,9}(?:\.\d{1,9})?",
    Type.INTEGER: r"(?:0|-?[1-9]\d{0,17})",
    Type.DATE: r"[1-9]\d{3}-\d\d-\d\d",
    Type.BOOLEAN: r"(?:true|false)",
}
# What PostgreSQL's [[:cntrl:]] means, but for the ends of lines: in ASCII, and beyond it in UTF-8.
CONTROL = bytes({*range(0x20), 0x7F} - {ord("\n")})
WIDE_CONTROL = re.compile(rb"\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]")

Groups = tuple[bytes, ...]


class NotPlain(Exception):
    """A file needs the longer way: something in it is wrong, or only rare."""


def header_of_plain(path: Path, table: Table) -> list[str]:
    """The file's columns; raises NotPlain where they are not the declared ones."""
    header = header_of(path)
    if wrong_header(table, header):
        raise NotPlain
    return header


@cache
def line_pattern(table: Table, runs: tuple[tuple[str, ...], ...]) -> re.Pattern[bytes]:
    """A line of the file, with a group for each run of columns."""
    columns = {column.name: column for column in table.columns}
    groups = (",".join(_value(table, columns[name]) for name in run) for run in runs)
    return re.compile(f"^({'),('.join(groups)})\n".encode(), re.MULTILINE)


def runs_of(header: Sequence[str], apart: set[str]) -> tuple[tuple[str, ...], ...]:
    """The header's columns in runs: each of `apart` by itself, the others together."""
    grouped = groupby(header, lambda name: name if name in apart else "")
    return tuple(tuple(run) for _, run in grouped)


def _value(table: Table, column: Column) -> str:
    least = 1 if table.needs(column) else 0
    field = table.fields.get(column.name)
    most = (field and field.max_length) or LONGEST
    if column.type is Type.TEXT and not column.pattern and not table.choices(column):
        return _text_of(least, most)
    return f"(?:{_form(table, column, most)}){'' if least else '?'}"


def _text_of(least: int, most: int) -> str:
    """So many bytes, or more that may be so many letters: PostgreSQL drops only spaces unasked."""
    wide = f'[^",\n]{{{most},{2 * most}}}[^" ,\n]'
    return f'(?:[^",\n]{{{least},{most}}}(?=[,\n])|{wide}|"(?:[^"\n]|""){{1,{most}}}")'


def _form(table: Table, column: Column, most: int) -> str:
    """What a column of a certain form holds where it is not empty."""
    if choices := table.choices(column):
        return "|".join(map(re.escape, choices))
    if column.type is not Type.TEXT:
        return VALUES[column.type]
    whole = column.pattern.removeprefix("^").removesuffix("$")
    return f'(?=(?:{whole})[,\n])[^",\n]{{1,{most}}}'


@contextmanager
def counting_alone() -> Iterator[None]:
    """Inside, Python does not look for cycles among the objects that it makes.

    Millions of lines have none, and looking for them took a third of a first load.
    """
    was_looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_looking:
            gc.enable()


def plain_rows(path: Path, entry: FileEntry, pattern: re.Pattern[bytes]) -> Iterator[list[Groups]]:
    """The groups of the file's lines, many lines at a time.

    Raises NotPlain where a line is not plain or the file is not what the manifest says.
    """
    digest, rows = hashlib.sha256(), 0
    for text in _lines(path, digest):
        found = pattern.findall(text)
        if len(found) != text.count(b"\n"):
            raise NotPlain
        rows += len(found)
        if found:
            yield found if pattern.groups > 1 else [(line,) for line in found]
    if rows != entry.rows or digest.hexdigest() != entry.sha256:
        raise NotPlain


def _lines(path: Path, digest: hashlib._Hash) -> Iterator[bytes]:
    """Whole lines, after the header."""
    with path.open("rb") as file:
        digest.update(file.readline())
        left = b""
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            whole, end, left = (left + chunk).rpartition(b"\n")
            if len(left) > CHUNK:  # a line without an end: no more of it is kept in memory
                raise NotPlain
            yield _plain(whole + end)
        if left:
            yield _plain(left + b"\n")


def _plain(lines: bytes) -> bytes:
    lines = lines.replace(b"\r\n", b"\n")
    if len(lines.translate(None, CONTROL)) < len(lines):
        raise NotPlain
    if not lines.isascii() and WIDE_CONTROL.search(lines):
        raise NotPlain
    return lines
