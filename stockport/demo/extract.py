"""Writes extracts as the council's systems would: CSV files and a manifest (docs/extracts.md)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from stockport.demo.rows import Row, Value

LONDON = ZoneInfo("Europe/London")
CLOSE_OF_DAY = time(23, 30)
MANIFEST = "manifest.json"
FULL = {"kind": "full"}


def extracted_at(today: date) -> datetime:
    """When the night's extract was made: late on the day before."""
    return datetime.combine(today - timedelta(days=1), CLOSE_OF_DAY, LONDON)


class Writer:
    """A folder that becomes an extract row by row: nothing but a few rows is kept in memory.

    Used with `with`; the manifest is written at its end, so that what was cut off has none.
    """

    def __init__(
        self,
        folder: Path,
        source: str,
        at: datetime,
        headers: Mapping[str, str],
        since: datetime | None = None,
    ) -> None:
        self.folder, self.source, self.at, self.since = folder, source, at, since
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MANIFEST).unlink(missing_ok=True)
        self.files = {
            name: CsvFile(folder / f"{name}.csv", header) for name, header in headers.items()
        }

    def add(self, name: str, rows: Iterable[Row]) -> None:
        """More rows of a file."""
        self.files[name].add(rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *error: object) -> None:
        for file in self.files.values():
            file.close()
        if kind is None:
            text = json.dumps(self._manifest(), indent=2)
            (self.folder / MANIFEST).write_text(text, encoding="utf-8")

    def _manifest(self) -> dict[str, object]:
        listed = {
            file.path.name: {"rows": file.rows, "sha256": file.hash.hexdigest()}
            for file in self.files.values()
        }
        kind = {"kind": "delta", "since": self.since.isoformat()} if self.since else FULL
        return {"source": self.source, "extracted_at": self.at.isoformat(), **kind, "files": listed}


class CsvFile:
    """A CSV file that is written and hashed as its rows come."""

    def __init__(self, path: Path, header: str) -> None:
        self.path, self.rows, self.hash = path, 0, hashlib.sha256()
        self.stream = path.open("wb")
        self._write([header.split(",")])

    def add(self, rows: Iterable[Row]) -> None:
        """Write these rows."""
        written = [[_text(value) for value in row] for row in rows]
        self.rows += len(written)
        self._write(written)

    def _write(self, rows: list[list[str]]) -> None:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        text = out.getvalue().encode()
        self.hash.update(text)
        self.stream.write(text)

    def close(self) -> None:
        """The file is complete."""
        self.stream.close()


def write(
    folder: Path, source: str, at: datetime, files: Mapping[str, tuple[str, Iterable[Row]]]
) -> Path:
    """A full extract in this folder: file name to its header and rows. Gives the folder."""
    headers = {name: header for name, (header, _) in files.items()}
    with Writer(folder, source, at, headers) as extract:
        for name, (_, rows) in files.items():
            extract.add(name, rows)
    return folder


def _text(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:.2f}"
        case date():
            return value.isoformat()
        case _:
            return str(value)
