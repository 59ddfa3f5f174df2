"""An extract on disk: a folder with manifest.json and CSV files, and why one is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from stockport.feeds.models import FeedRun
from stockport.feeds.tables import Table, app_of, declared

MANIFEST = "manifest.json"
LONGEST_NAME = 100
# More reasons of one kind say nothing new.
SHOWN = 100


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


def shown(reasons: list[Refusal], file: str) -> list[Refusal]:
    """As many as people can read; the last then gives the number left out, under this file."""
    left_out = len(reasons) - SHOWN
    if left_out <= 0:
        return reasons
    return [*reasons[:SHOWN], Refusal(file, None, "", f"{left_out} more reasons are left out")]


def wrong_files(extract: Extract) -> list[Refusal]:
    """Files that nobody declared, that are not there, or that their companions need."""
    tables = declared()
    apps = {app_of(table) for table in extract.tables}
    needed = [table.file for table in tables.values() if app_of(table) in apps]
    on_disk = {path.name for path in extract.folder.glob("*.csv") if path.is_file()}
    folders = {path.name for path in extract.folder.glob("*.csv") if path.is_dir()}
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
            if table.file not in on_disk | folders
        ),
        *(Refusal(name, None, "", "must be a file, but is a folder") for name in sorted(folders)),
        *(
            Refusal(file, None, "", "the manifest does not list this file")
            for file in sorted(on_disk - set(extract.files))
        ),
    ]
