"""A process that a drill starts, freezes and kills, and never leaves behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60.0
POLL = 0.05


class DrillError(Exception):
    """The drill itself cannot go on; the message says why."""


def wait_for(
    condition: Callable[[], object], what: str, seconds: float = PATIENCE, poll: float = POLL
) -> None:
    """Returns once the condition holds; DrillError names it where it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise DrillError(f"It did not happen within {seconds:.0f} s: {what}.")
        time.sleep(poll)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Process:
    """One command in a session of its own, so that a Ctrl-C reaches the drill alone.

    Where there is setpriv, the kernel ends it with the drill, however the drill ended. That counts
    for the thread that starts it: start processes in the main thread only.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    running: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it; what it says is added to the log."""
        setpriv = shutil.which("setpriv")
        guard = [setpriv, "--pdeathsig=KILL", "--"] if setpriv else []
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                [*guard, *self.command],
                cwd=PROJECT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def lives(self) -> bool:
        """Whether it was started and has not ended."""
        return self.running is not None and self.running.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and to its children."""
        if self.running is not None and self.lives:
            os.killpg(self.running.pid, number)

    def freeze(self) -> None:
        """Stop its clock: it holds its connections and answers nothing."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """Kill -9: it has no time to put anything right."""
        self.signal(signal.SIGKILL)
        if self.running is not None:
            self.running.wait()

    def end(self) -> None:
        """Ask it to end, and kill it where it does not."""
        self.signal(signal.SIGTERM)
        self.thaw()
        try:
            if self.running is not None:
                self.running.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
