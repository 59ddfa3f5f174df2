"""The process that started this one: `make`, as a rule."""

from __future__ import annotations

import os
import signal
from pathlib import Path


class Parent:
    """Knows whether the parent still wants its child; made before any work is begun.

    A Ctrl-C goes to both. A SIGINT sent to make alone goes to nobody else: make then only waits,
    and on Linux the one sign of it is that it no longer catches that signal.
    """

    def __init__(self) -> None:
        self.process = os.getppid()
        self.catches = self._catches_interrupt()

    def has_given_up(self) -> bool:
        """Whether the parent has ended, or has had an interrupt of its own."""
        return os.getppid() != self.process or self._catches_interrupt() != self.catches

    def _catches_interrupt(self) -> bool:
        try:
            status = Path(f"/proc/{self.process}/status").read_text()
        except OSError:  # not Linux, or the parent is gone
            return False
        caught = int(status.partition("SigCgt:")[2].split()[0], 16)
        return bool(caught >> (signal.SIGINT - 1) & 1)
