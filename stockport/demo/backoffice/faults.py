"""What can go wrong with a real back office, switched on by hand."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from threading import Event, Lock

# Before anything was taken: the report is not there.
NOT_TAKEN = ("500", "429", "503", "403", "hang", "login-page")
# After it was taken: the report is there, whatever the answer looks like.
TAKEN = ("drop", "slow", "garbage", "truncated", "500-after", "token")
NAMES = (*NOT_TAKEN, *TAKEN)
SLOW_SECONDS = 12
HANG_SECONDS = 60
RETRY_AFTER_SECONDS = 2

LOGIN_PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>"
GARBAGE = b"\x00\xff<<<not what you asked for"


@dataclass
class Faults:
    """Which fault is on, for how many calls more (None: for ever) and for which share of them."""

    name: str = ""
    times: int | None = None
    share: float = 1.0
    # Also for calls that only read; otherwise reports and updates alone are hit.
    everywhere: bool = False
    woken: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    def switch(self, name: str, times: int | None, share: float, everywhere: bool) -> None:
        """Switch to another fault, or with an empty name to none; those that hang are let go."""
        if name and name not in NAMES:
            raise ValueError(f"The faults are {', '.join(NAMES)}.")
        with self.lock:
            self.name, self.times, self.share, self.everywhere = name, times, share, everywhere
            self.woken.set()
            self.woken = Event()

    def next(self, *, writes: bool) -> str:
        """The fault that hits this call, or an empty string."""
        with self.lock:
            hit = self.name and (writes or self.everywhere) and self.times != 0
            if not hit or random.random() >= self.share:  # noqa: S311
                return ""
            if self.times is not None:
                self.times -= 1
            return self.name

    def sleep(self, seconds: float) -> None:
        """Wait so long, or until the fault is switched."""
        self.woken.wait(seconds)
