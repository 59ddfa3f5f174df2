"""An extract of the demo borough, read back from its files."""

import csv
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from stockport.demo.borough import write_highways, write_revenues

DAYS = [
    date(2026, 11, 23),
    date(2026, 4, 1),
    date(2027, 3, 31),
    date(2027, 4, 2),
    date(2028, 2, 29),
]


@dataclass(frozen=True)
class Files:
    """The rows of each file, as text, and the folder that they are in."""

    folder: Path
    rows: dict[str, list[dict[str, str]]]

    def of(self, file: str, **values: str) -> list[dict[str, str]]:
        """The rows of a file that have these values."""
        return [row for row in self.rows[file] if all(row[k] == v for k, v in values.items())]

    def by(self, file: str, *columns: str) -> dict[tuple[str, ...], list[dict[str, str]]]:
        """The rows of a file by the values of these columns."""
        found = defaultdict(list)
        for row in self.rows[file]:
            found[tuple(row[column] for column in columns)].append(row)
        return found


def writer(folder: Path) -> Callable[..., Files]:
    """A function that gives the extract of a day and source, written to this folder once."""

    @cache
    def extract_of(day: date, source: str = "revenues") -> Files:
        write = write_highways if source == "highways" else write_revenues
        written = write(folder / f"{source}-{day}", day)
        return Files(written, {path.stem: read(path) for path in written.glob("*.csv")})

    return extract_of


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
