"""What can go wrong with a real back office, switched on by hand."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from threading import Event, Lock

# Before anything was taken: the report is not there.
NOT_TAKEN = ("500", "429", "503", "403", "hang", "drip", "login-page")
# After it was taken: the report is there, whatever the answer looks like.
TAKEN = ("drop", "slow", "accept-late", "garbage", "truncated", "500-after", "token")
NAMES = (*NOT_TAKEN, *TAKEN)
# Strikes connections, not calls, and ends by itself: nobody can switch it off.
REFUSE = "refuse"
# How long each lasts, or between two bytes, or what it asks for in Retry-After.
SECONDS = {
    "hang": 60.0, "slow": 12.0, "accept-late": 12.0, "drip": 0.5, REFUSE: 10.0,
    "500": 2.0, "429": 2.0, "503": 2.0, "403": 2.0,
}  # fmt: skip

LOGIN_PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>"
GARBAGE = b"\x00\xff<<<not what you asked for"
DRIP = b"HTTP/1.1 200 OK\r\nX-Wait: "


@dataclass(frozen=True)
class Strike:
    """The fault that hits one call; without a name, none does."""

    name: str = ""
    seconds: float = 0
    switched: Event = field(default_factory=Event)

    def sleep(self) -> bool:
        """Wait its time, or until the fault is switched; whether its time was waited out."""
        return not self.switched.wait(self.seconds)


@dataclass
class Faults:
    """Which fault is on, for how many calls more (None: for ever) and for which share of them."""

    name: str = ""
    times: int | None = None
    share: float = 1.0
    # Also for calls that only read; otherwise reports and updates alone are hit.
    everywhere: bool = False
    # How long it lasts; None for its usual time.
    seconds: float | None = None
    switched: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    def switch(
        self,
        name: str = "",
        *,
        times: int | None = None,
        share: float = 1.0,
        everywhere: bool = False,
        seconds: float | None = None,
    ) -> None:
        """Switch to another fault, or with an empty name to none; those that hang are let go."""
        if name and name not in NAMES:
            raise ValueError(f"The faults are {', '.join((*NAMES, REFUSE))}.")
        with self.lock:
            self.name, self.times, self.share, self.everywhere = name, times, share, everywhere
            self.seconds = seconds
            self.switched.set()
            self.switched = Event()

    def next(self, *, writes: bool) -> Strike:
        """The fault that hits this call, if any."""
        with self.lock:
            hit = self.name and (writes or self.everywhere) and self.times != 0
            if not hit or random.random() >= self.share:  # noqa: S311
                return Strike()
            if self.times is not None:
                self.times -= 1
            seconds = SECONDS.get(self.name, 0) if self.seconds is None else self.seconds
            return Strike(self.name, seconds, self.switched)
