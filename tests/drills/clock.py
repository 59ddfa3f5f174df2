"""A clock that jumps, for the processes that are told to follow it.

It is set from inside each process (time-machine), like the clock of a machine: the time of day
jumps and what measures durations goes on. libfaketime 0.9.10 cannot do that to Python, whose
sleeps then end with an error or never.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import time_machine

from tests.drills.process import POLL, wait_for

FILE = "DRILL_CLOCK"


class Clock:
    """The time of day of its followers; that of the machine until it jumps."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.environment = {FILE: str(file)}
        self._set(0)

    def _set(self, hours: int) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(str(hours))
        new.replace(self.file)

    def jump(self, hours: int) -> None:
        """Make it so many hours later, or earlier; returns once every follower has it."""
        self._set(hours)
        followers = list(self.file.parent.glob(f"{self.file.name}.*"))
        wait_for(lambda: all(one.read_text() == str(hours) for one in followers), "the clocks jump")


def follow() -> None:
    """Have this process follow the clock that its environment names, if any."""
    if file := os.environ.get(FILE):
        clock = time_machine.travel(datetime.now(UTC), tick=True).start()
        follower = Path(f"{file}.{os.getpid()}")
        follower.write_text("0")
        Thread(target=_follow, args=(clock, Path(file), follower), daemon=True).start()


def _follow(clock: time_machine.Coordinates, file: Path, follower: Path) -> None:
    hours = 0
    while True:
        if (now := int(file.read_text())) != hours:
            clock.shift(timedelta(hours=now - hours))
            hours = now
            follower.write_text(str(hours))
        time.sleep(POLL)
