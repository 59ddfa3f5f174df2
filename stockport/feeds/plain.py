"""Files whose every value is plainly as declared: PostgreSQL reads them straight into types.

Most nights every file is plain. What is plain here is never refused by `checking`, which looks at
each value in SQL and finds the reasons; what is not plain may still be right (a rare character,
a number in quotation marks), and goes that longer way (tests/feeds/test_plain.py).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from stockport.feeds.extract import FileEntry
from stockport.feeds.staging import header_of, wrong_header
from stockport.feeds.tables import Column, Table, Type

CHUNK = 1 << 18
VALUES = {
    Type.MONEY: r"-?\d{1,8}\.\d\d",
    Type.DECIMAL: r"-?\d{1,9}(?:\.\d{1,9})?",
    Type.INTEGER: r"(?:0|-?[1-9]\d{0,17})",
    Type.DATE: r"[1-9]\d{3}-\d\d-\d\d",
    Type.BOOLEAN: r"(?:true|false)",
}
# What PostgreSQL's [[:cntrl:]] means, but for the ends of lines.
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")


class NotPlain(Exception):
    """A file needs the longer way: something in it is wrong, or only rare."""


def header_of_plain(path: Path, table: Table) -> list[str]:
    """The file's columns; raises NotPlain where they are not the declared ones."""
    header = header_of(path)
    if wrong_header(table, header):
        raise NotPlain
    return header


@cache
def line_pattern(table: Table, runs: tuple[tuple[str, ...], ...]) -> re.Pattern[str]:
    """A line of the file, with a group for each run of columns."""
    columns = {column.name: column for column in table.columns}
    groups = (",".join(_value(table, columns[name]) for name in run) for run in runs)
    return re.compile(f"^({'),('.join(groups)})\n", re.ASCII | re.MULTILINE)


def runs_of(header: Sequence[str], apart: set[str]) -> tuple[tuple[str, ...], ...]:
    """The header's columns in runs: each of `apart` by itself, the others together."""
    grouped = groupby(header, lambda name: name if name in apart else "")
    return tuple(tuple(run) for _, run in grouped)


def _value(table: Table, column: Column) -> str:
    least = 1 if table.needs(column) else 0
    field = table.fields.get(column.name)
    most = field.max_length if field and field.max_length else ""
    if column.type is Type.TEXT and not column.pattern and not table.choices(column):
        return f'(?:[^",\n]{{{least},{most}}}|"(?:[^"\n]|""){{1,{most}}}")'
    return f"(?:{_form(table, column, most)}){'' if least else '?'}"


def _form(table: Table, column: Column, most: int | str) -> str:
    """What a column of a certain form holds where it is not empty."""
    if choices := table.choices(column):
        return "|".join(map(re.escape, choices))
    if column.type is not Type.TEXT:
        return VALUES[column.type]
    whole = column.pattern.removeprefix("^").removesuffix("$")
    return f'(?=(?:{whole})[,\n])[^",\n]{{1,{most}}}'


def plain_rows(
    path: Path, entry: FileEntry, pattern: re.Pattern[str]
) -> Iterator[list[tuple[str, ...]]]:
    """The groups of the file's lines, many lines at a time.

    Raises NotPlain where a line is not plain or the file is not what the manifest says.
    """
    digest, rows = hashlib.sha256(), 0
    for text in _texts(path, digest):
        found = pattern.findall(text)
        if len(found) != text.count("\n"):
            raise NotPlain
        rows += len(found)
        if found:
            yield found if pattern.groups > 1 else [(line,) for line in found]
    if rows != entry.rows or digest.hexdigest() != entry.sha256:
        raise NotPlain


def _texts(path: Path, digest: hashlib._Hash) -> Iterator[str]:
    """Whole lines, after the header."""
    with path.open("rb") as file:
        digest.update(file.readline())
        left = b""
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            whole, end, left = (left + chunk).rpartition(b"\n")
            yield _text(whole + end)
        if left:
            yield _text(left + b"\n")


def _text(lines: bytes) -> str:
    try:
        text = lines.decode().replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise NotPlain from None
    if CONTROL.search(text):
        raise NotPlain
    return text
