"""What the demo back office has accepted, in one SQLite file that outlives the process."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from time import time
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS cases (
    id INTEGER PRIMARY KEY AUTOINCREMENT, idempotency_key TEXT, token TEXT,
    service_code TEXT NOT NULL, fields TEXT NOT NULL, attributes TEXT NOT NULL, at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, update_id TEXT NOT NULL UNIQUE, case_id INTEGER NOT NULL,
    status TEXT NOT NULL, description TEXT NOT NULL, files TEXT NOT NULL, at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT NOT NULL UNIQUE, type TEXT NOT NULL,
    data TEXT NOT NULL, at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT, method TEXT NOT NULL, path TEXT NOT NULL,
    idempotency_key TEXT, reference TEXT, answer TEXT NOT NULL, at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS cases_by_key ON cases (idempotency_key);
CREATE INDEX IF NOT EXISTS cases_by_token ON cases (token) WHERE token <> '';
CREATE INDEX IF NOT EXISTS cases_by_time ON cases (at);
"""
SUMMARY = """
SELECT json_extract(attributes, '$.report_reference[0]') AS reference, COUNT(*), MIN(at)
FROM cases GROUP BY reference
"""
# Ids look like those of a highways system, never short enough to be mistaken for a count.
FIRST_CASE = 101_000_000
# A portal never takes one number for two reports, so a new file does not begin again at 1.
EPOCH = 1_700_000_000  # seconds since 1970
NUMBERS_BEGIN = """
INSERT INTO sqlite_sequence (name, seq) SELECT 'cases', ?
WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'cases')
"""


@dataclass(frozen=True)
class Case:
    """One accepted report."""

    number: int
    token: str
    service_code: str
    fields: dict[str, str]
    attributes: dict[str, list[str]]
    at: float

    @property
    def reference(self) -> str:
        """The caller's own reference."""
        return self.attributes.get("report_reference", [""])[0]

    @property
    def request_id(self) -> str:
        """The id that callers see."""
        return str(FIRST_CASE + self.number)


@dataclass
class Store:
    """The file. One caller at a time: its answers must be as sure as a real system's.

    What was accepted outlives a killed process, though not a power cut: WAL writes it to the file
    at every commit, but does not wait for the disk.
    """

    folder: Path
    lock: RLock = field(default_factory=RLock)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        # Every statement commits by itself, and the lock keeps threads apart.
        self.connection = sqlite3.connect(
            self.folder / "backoffice.sqlite3",
            timeout=10,
            isolation_level=None,
            check_same_thread=False,
        )
        self.connection.row_factory = sqlite3.Row
        self.connection.executescript(
            f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;{TABLES}"
        )
        self._write(NUMBERS_BEGIN, (int(time()) - EPOCH,))

    def _write(self, sql: str, values: tuple[Any, ...]) -> int:
        with self.lock:
            return self.connection.execute(sql, values).lastrowid or 0

    def _read(self, sql: str, values: tuple[Any, ...] = ()) -> list[sqlite3.Row]:
        with self.lock:
            return self.connection.execute(sql, values).fetchall()

    def accept(
        self,
        service_code: str,
        fields: Mapping[str, str],
        attributes: Mapping[str, list[str]],
        *,
        key: str | None,
        batch: bool,
    ) -> Case:
        """The case for this report: a new one, or the first one made under the same key."""
        with self.lock:
            if key and (known := self.cases("WHERE idempotency_key = ?", key)):
                return known[0]
            number = self._write(
                "INSERT INTO cases (idempotency_key, token, service_code, fields, attributes, at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    key,
                    uuid.uuid4().hex if batch else "",
                    service_code,
                    json.dumps(fields),
                    json.dumps(attributes),
                    time(),
                ),
            )
            return self.cases("WHERE id = ?", number)[0]

    def cases(self, where: str = "", *values: object, size: int = -1, skip: int = 0) -> list[Case]:
        """Accepted reports, oldest first: `size` of them (-1: all) after these many.

        `where` is our own SQL.
        """
        sql = f"SELECT * FROM cases {where} ORDER BY id LIMIT ? OFFSET ?"  # noqa: S608
        return [
            Case(
                number=row["id"],
                token=row["token"],
                service_code=row["service_code"],
                fields=json.loads(row["fields"]),
                attributes=json.loads(row["attributes"]),
                at=row["at"],
            )
            for row in self._read(sql, (*values, size, skip))
        ]

    def case(self, request_id: str) -> Case | None:
        """The report with this id."""
        if not request_id.isascii() or not request_id.isdigit():
            return None
        found = self.cases("WHERE id = ?", int(request_id) - FIRST_CASE)
        return found[0] if found else None

    def note(
        self, update_id: str, case: Case, status: str, description: str, files: list[str]
    ) -> int:
        """The number of the caller's update: a new one, or the first one with this id."""
        with self.lock:
            if known := self._read("SELECT id FROM notes WHERE update_id = ?", (update_id,)):
                return int(known[0]["id"])
            return self._write(
                "INSERT INTO notes (update_id, case_id, status, description, files, at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (update_id, case.number, status, description, json.dumps(files), time()),
            )

    def keep(self, message_id: str, type: str, data: Mapping[str, Any]) -> str:
        """Our reference of the webhook's message: a new one, or that of the first with this id."""
        with self.lock:
            known = self._read("SELECT id FROM messages WHERE message_id = ?", (message_id,))
            number = (
                known[0]["id"]
                if known
                else self._write(
                    "INSERT INTO messages (message_id, type, data, at) VALUES (?, ?, ?, ?)",
                    (message_id, type, json.dumps(data), time()),
                )
            )
            return _message_reference(number)

    def messages(self, type: str, since: float) -> list[tuple[str, float]]:
        """Our reference of each message of this type that came since then, and when it came."""
        found = self._read("SELECT id, at FROM messages WHERE type = ? AND at >= ?", (type, since))
        return [(_message_reference(row["id"]), row["at"]) for row in found]

    def log(self, method: str, path: str, key: str | None, reference: str, answer: str) -> None:
        """Remember that somebody called, and what they were told."""
        self._write(
            "INSERT INTO calls (method, path, idempotency_key, reference, answer, at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (method, path, key, reference, answer, time()),
        )

    def summary(self) -> dict[str, Any]:
        """How many cases and calls, and [cases, time of the first] for each reference."""
        references = {row[0]: [row[1], row[2]] for row in self._read(SUMMARY)}
        return {
            "cases": sum(cases for cases, _ in references.values()),
            "calls": self._read("SELECT COUNT(*) FROM calls")[0][0],
            "references": references,
        }

    def ledger(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, for people and tests to look at."""
        return {
            "cases": [
                {
                    "id": case.request_id,
                    "reference": case.reference,
                    "service_code": case.service_code,
                    "fields": case.fields,
                    "attributes": case.attributes,
                    "at": case.at,
                }
                for case in self.cases()
            ],
            "notes": [
                {
                    **dict(row),
                    "case": str(FIRST_CASE + row["case_id"]),
                    "files": json.loads(row["files"]),
                }
                for row in self._read("SELECT * FROM notes ORDER BY id")
            ],
            "messages": [
                {**dict(row), "data": json.loads(row["data"])}
                for row in self._read("SELECT * FROM messages ORDER BY id")
            ],
            "calls": [dict(row) for row in self._read("SELECT * FROM calls ORDER BY id")],
        }


def _message_reference(number: int) -> str:
    return f"M{FIRST_CASE + number}"
