"""An extract on disk: a folder with manifest.json and CSV files, and why one is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import BadZipFile, ZipFile

from stockport.feeds.models import FeedRun
from stockport.feeds.tables import Table, app_of, declared

MANIFEST = "manifest.json"


@dataclass(frozen=True, order=True)
class Refusal:
    """One reason to refuse an extract: where it is (as far as known) and what is wrong."""

    file: str
    line: int | None
    column: str
    reason: str

    def __str__(self) -> str:
        where = [self.file]
        if self.line is not None:
            where.append(f"line {self.line}")
        if self.column:
            where.append(f"column {self.column}")
        return f"{', '.join(where)}: {self.reason}"


class ExtractRefused(Exception):
    """The extract was not loaded: the figures before it stay. `reasons` holds every reason."""

    def __init__(self, reasons: list[Refusal]) -> None:
        self.reasons = reasons
        super().__init__("\n".join(str(reason) for reason in reasons))


@dataclass(frozen=True)
class FileEntry:
    """What the manifest says about one file."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Extract:
    """A readable extract."""

    folder: Path
    source: str
    extracted_at: datetime
    kind: FeedRun.Kind
    since: datetime | None
    files: dict[str, FileEntry]

    @property
    def tables(self) -> list[Table]:
        """The declared tables that it carries, parents first."""
        return [table for file, table in declared().items() if file in self.files]


def refuse(reason: str, file: str = MANIFEST, column: str = "") -> ExtractRefused:
    """The exception for one reason that concerns a whole file."""
    return ExtractRefused([Refusal(file, None, column, reason)])


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The folder of an extract, unpacked for the time being where it is a zip file.

    Raises ExtractRefused for a file that is not a zip file.
    """
    if not path.is_file():
        yield path
        return
    with TemporaryDirectory(prefix="extract-") as folder:
        try:
            with ZipFile(path) as archive:
                archive.extractall(folder)
        except BadZipFile:
            raise refuse("neither a folder nor a whole zip file", file=path.name) from None
        yield Path(folder)


def read_extract(folder: Path) -> Extract:
    """The extract in this folder; raises ExtractRefused where the manifest cannot be followed."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise refuse("the file is missing") from None
    except ValueError:
        raise refuse("the file is not JSON in UTF-8") from None
    if not isinstance(manifest, dict):
        raise refuse("the file must hold one JSON object")
    return Extract(
        folder=folder,
        source=_source(manifest),
        extracted_at=_moment(manifest, "extracted_at"),
        kind=_kind(manifest),
        since=_moment(manifest, "since") if "since" in manifest else None,
        files=_files(manifest),
    )


def _source(manifest: dict[str, Any]) -> str:
    source = manifest.get("source")
    if not isinstance(source, str) or not 0 < len(source) <= 40:
        raise refuse("must name the source in 40 characters or fewer", column="source")
    return source


def _kind(manifest: dict[str, Any]) -> FeedRun.Kind:
    if manifest.get("kind") not in FeedRun.Kind.values:
        raise refuse("must be full or delta", column="kind")
    return FeedRun.Kind(manifest["kind"])


def _moment(manifest: dict[str, Any], key: str) -> datetime:
    try:
        moment = datetime.fromisoformat(manifest.get(key, ""))
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.utcoffset() is None:
        raise refuse("must be a time with its offset, as 2026-11-23T02:00:00+00:00", column=key)
    return moment


def _files(manifest: dict[str, Any]) -> dict[str, FileEntry]:
    files = manifest.get("files")
    if not isinstance(files, dict) or not files:
        raise refuse("must list the files", column="files")
    entries = {}
    for name, entry in files.items():
        rows = entry.get("rows") if isinstance(entry, dict) else None
        digest = entry.get("sha256") if isinstance(entry, dict) else None
        if type(rows) is not int or rows < 0 or not isinstance(digest, str):
            raise refuse(f"{name} needs its rows and its sha256", column="files")
        entries[name] = FileEntry(rows, digest.lower())
    return entries


def wrong_files(extract: Extract) -> list[Refusal]:
    """Files that nobody declared, that are not there, or that their companions need."""
    tables = declared()
    apps = {app_of(table) for table in extract.tables}
    needed = [table.file for table in tables.values() if app_of(table) in apps]
    on_disk = {path.name for path in extract.folder.glob("*.csv")}
    unknown = [
        Refusal(file, None, "", "no app of the portal declares this file")
        for file in sorted(extract.files)
        if file not in tables
    ]
    return [
        *unknown,
        *(
            Refusal(file, None, "", "the file is missing from the manifest")
            for file in needed
            if file not in extract.files
        ),
        *(
            Refusal(table.file, None, "", "the manifest lists the file, but it is missing")
            for table in extract.tables
            if table.file not in on_disk
        ),
        *(
            Refusal(file, None, "", "the manifest does not list this file")
            for file in sorted(on_disk - set(extract.files))
        ),
    ]
