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
from zoneinfo import ZoneInfo

from stockport.demo.rows import Row, Value

LONDON = ZoneInfo("Europe/London")
CLOSE_OF_DAY = time(23, 30)


def extracted_at(today: date) -> datetime:
    """When the night's extract was made: late on the day before."""
    return datetime.combine(today - timedelta(days=1), CLOSE_OF_DAY, LONDON)


def write(
    folder: Path, source: str, at: datetime, files: Mapping[str, tuple[str, Iterable[Row]]]
) -> Path:
    """A full extract in this folder: file name to its header and rows. Gives the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    listed: dict[str, dict[str, int | str]] = {}
    for name, (header, rows) in files.items():
        text, count = _csv(header, rows)
        (folder / f"{name}.csv").write_bytes(text)
        listed[f"{name}.csv"] = {"rows": count, "sha256": hashlib.sha256(text).hexdigest()}
    manifest = {
        "source": source,
        "extracted_at": at.isoformat(),
        "kind": "full",
        "files": listed,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    return folder


def _csv(header: str, rows: Iterable[Row]) -> tuple[bytes, int]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header.split(","))
    count = 0
    for row in rows:
        writer.writerow([_text(value) for value in row])
        count += 1
    return out.getvalue().encode(), count


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
