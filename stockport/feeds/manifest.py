"""manifest.json: what an extract says of itself, and everything in it that cannot be followed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from stockport.feeds.extract import (
    LONGEST_NAME,
    MANIFEST,
    Extract,
    ExtractRefused,
    FileEntry,
    Refusal,
    refuse,
    shown,
)
from stockport.feeds.models import FeedRun

MOST_BYTES = 1_000_000
# Outside these years a time is a slip, and some offsets lead to years that no calendar has.
YEARS = range(2000, 2100)
# Clocks differ, and a night's extract may be dated at its end. What is loaded from further ahead
# would have every night until then refused as older.
AHEAD = timedelta(days=1)
WHEN = "must be a time with its offset, as 2026-11-23T02:00:00+00:00"

Manifest = dict[str, Any]
Kinds = tuple[FeedRun.Kind, ...]
# What arrives. One person's figures have other brakes and turns: they are asked for, never sent.
NIGHTLY: Kinds = (FeedRun.Kind.FULL, FeedRun.Kind.DELTA)
ASKED_FOR: Kinds = (FeedRun.Kind.PERSON,)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the extract in this folder; raises ExtractRefused where it is none."""
    try:
        with (folder / MANIFEST).open("rb") as file:
            text = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise refuse("the file is missing") from None
    if len(text) > MOST_BYTES:
        raise refuse("the file is larger than one megabyte: it holds more than a manifest does")
    try:
        manifest = json.loads(text.decode("utf-8-sig"))  # some systems begin with a mark
    except (ValueError, RecursionError):
        raise refuse("the file is not JSON in UTF-8") from None
    if not isinstance(manifest, dict):
        raise refuse("the file must hold one JSON object")
    return manifest


def describe(run: FeedRun, manifest: Manifest, kinds: Kinds = NIGHTLY) -> None:
    """Note what the manifest says of the extract; what it says wrongly stays unknown."""
    run.source = _source(manifest) or ""
    run.extracted_at = _moment(manifest, "extracted_at")
    run.kind = _kind(manifest, kinds) or ""


def extract_of(folder: Path, manifest: Manifest, now: datetime, kinds: Kinds = NIGHTLY) -> Extract:
    """The extract; raises ExtractRefused with every reason why it cannot be followed."""
    if reasons := [Refusal(MANIFEST, None, *each) for each in _wrong(manifest, now, kinds)]:
        raise ExtractRefused(shown(reasons, MANIFEST))
    return Extract(
        folder=folder,
        source=manifest["source"],
        extracted_at=datetime.fromisoformat(manifest["extracted_at"]),
        kind=FeedRun.Kind(manifest["kind"]),
        since=_moment(manifest, "since"),
        files={
            name: FileEntry(entry["rows"], entry["sha256"].lower())
            for name, entry in manifest["files"].items()
        },
    )


def _wrong(manifest: Manifest, now: datetime, kinds: Kinds) -> Iterator[tuple[str, str]]:
    """The keys that cannot be followed, each with the reason."""
    if _source(manifest) is None:
        yield "source", "must name the source in 40 characters or fewer"
    extracted_at = _moment(manifest, "extracted_at")
    if extracted_at is None:
        yield "extracted_at", WHEN
    elif extracted_at > now + AHEAD:
        yield "extracted_at", f"is more than a day ahead: it is {now:%Y-%m-%d %H:%M %Z} now"
    if _kind(manifest, kinds) is None:
        yield "kind", f"must be {' or '.join(kinds)}"
    if "since" in manifest and _moment(manifest, "since") is None:
        yield "since", WHEN
    yield from (("files", reason) for reason in _wrong_files(manifest.get("files")))


def _wrong_files(files: object) -> Iterator[str]:
    if not isinstance(files, dict) or not files:
        yield "must list the files"
        return
    for name, entry in files.items():
        if not name.isprintable() or len(name) > LONGEST_NAME:
            yield f"no file of an extract is called {name[:LONGEST_NAME]!a}"
        elif not _is_entry(entry):
            yield f"{name} needs its rows and its sha256"


def _source(manifest: Manifest) -> str | None:
    source = manifest.get("source")
    if not isinstance(source, str) or not 0 < len(source) <= 40 or not source.isprintable():
        return None
    return source


def _kind(manifest: Manifest, kinds: Kinds) -> FeedRun.Kind | None:
    kind = manifest.get("kind")
    return FeedRun.Kind(kind) if kind in kinds else None


def _moment(manifest: Manifest, key: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(manifest.get(key, ""))
    except (TypeError, ValueError):
        return None
    return moment if moment.utcoffset() is not None and moment.year in YEARS else None


def _is_entry(entry: object) -> bool:
    if not isinstance(entry, dict):
        return False
    rows, digest = entry.get("rows"), entry.get("sha256")
    return type(rows) is int and rows >= 0 and isinstance(digest, str)
