"""Files that COPY cannot read: every line that is not one, and the others for what is checked next.

COPY stops at the first such line. Only where it did is the file looked through in Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from stockport.feeds.extract import SHOWN, Refusal

LONGEST_LINE = 1 << 20

EMPTY = "the line is empty"
NOT_UTF8 = "the line is not UTF-8"
QUOTES = "a quotation mark is left open"
TOO_LONG = "the line is longer than a megabyte: nothing after it is read"
COLUMNS = "the line does not have the header's columns"


@dataclass
class Bad:
    """The lines that are none, by reason: how many, and as many as people can read."""

    file: str
    lines: dict[str, list[int]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, line: int, reason: str) -> None:
        """One more."""
        self.counts[reason] = self.counts.get(reason, 0) + 1
        if self.counts[reason] <= SHOWN:
            self.lines.setdefault(reason, []).append(line)

    @property
    def rows(self) -> int:
        """How many of them stand for a row."""
        return sum(self.counts.values()) - self.counts.get(EMPTY, 0)

    def refusals(self) -> Iterator[Refusal]:
        """A reason for each line, and how many are left out."""
        for reason, lines in self.lines.items():
            yield from (Refusal(self.file, line, "", reason) for line in lines)
            if more := self.counts[reason] - len(lines):
                yield Refusal(self.file, None, "", f"{reason} ({more} more lines)")


def good_lines(path: Path, columns: int, bad: Bad) -> Iterator[bytes]:
    """The lines after the header that COPY can read, each with its number before it.

    What is wrong with the others is put into `bad`.
    """
    # Every byte is a letter of Latin-1, and no line ends for Python where it would not for COPY.
    with path.open(encoding="latin-1", newline=None) as file:
        file.readline(LONGEST_LINE)
        for number, text in enumerate(iter(lambda: file.readline(LONGEST_LINE), ""), 2):
            if len(text) == LONGEST_LINE:
                bad.add(number, TOO_LONG)
                return
            line = text.removesuffix("\n").encode("latin-1")
            if reason := _wrong(line, columns):
                bad.add(number, reason)
            else:
                yield b"%d,%s\n" % (number, line)


def _wrong(line: bytes, columns: int) -> str:
    """Why COPY cannot read the line; nothing where it can."""
    if not line:
        return EMPTY
    if b"\0" in line or not _is_utf8(line):
        return NOT_UTF8
    outside = line.split(b'"')[::2]
    if line.count(b'"') % 2:
        return QUOTES
    return "" if sum(part.count(b",") for part in outside) == columns - 1 else COLUMNS


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
