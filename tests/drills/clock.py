"""A clock that jumps, for the processes that are started with it (libfaketime)."""

from __future__ import annotations

from pathlib import Path

PLACES = ("/usr/lib/*/faketime", "/usr/lib/faketime", "/usr/local/lib/faketime")
LIBRARY = "libfaketimeMT.so.1"


def library() -> Path | None:
    """Debian's package `faketime`, where it is installed."""
    for place in PLACES:
        for found in Path("/").glob(f"{place[1:]}/{LIBRARY}"):
            return found
    return None


class Clock:
    """The time of day of some processes; that of the machine, until it jumps."""

    def __init__(self, file: Path, library: Path) -> None:
        self.file = file
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            # What measures durations goes on, as it does when a real clock is set. The times of
            # files stay real too: gunicorn keeps its own sign of life in one.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            "FAKE_UTIME": "0",
        }
        self.jump(0)

    def jump(self, hours: int) -> None:
        """From now on it is so many hours later than it is, or earlier."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{hours * 3600:+d}\n")
        new.replace(self.file)
