"""The processes of a site on one machine, and honcho around them."""

from __future__ import annotations

import os
import shlex
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from honcho.manager import Manager
from honcho.printer import Message, Printer

# Celery warns whoever is root at length; here root is somebody in a container of their own.
QUIET = ("-W", "ignore:You're running the worker")


@dataclass(frozen=True)
class Process:
    """One process; the site stops with it unless it may be missing. A patient one lets the others
    start first.
    """

    name: str
    arguments: tuple[str, ...]
    may_be_missing: bool = False
    patient: bool = False

    @property
    def command(self) -> str:
        """For honcho, which gives it to the shell: replaced by the process, so signals arrive."""
        python = shlex.join((sys.executable, *QUIET, "-m", *self.arguments))
        return f"exec nice {python}" if self.patient else f"exec {python}"


def site(port: int, state: Path) -> list[Process]:
    """Every process as in production; the back office takes the port after the site's, and the
    invented Civica the one after that.

    Both may be stopped and started again by hand, to see deliveries and figures wait for them.
    """
    address = f"127.0.0.1:{port}"
    web = ("gunicorn", "stockport.wsgi", "--bind", address, "--threads", "4", "--workers", "2")
    quick_end = ("--graceful-timeout", "3", "--no-control-socket")
    celery = ("celery", "--app", "stockport", "--quiet")
    alone = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    back_office = ("django", "backoffice", "--folder", str(state / ".demo" / "backoffice"))
    revenues = ("--answers", "council_tax_request", f"http://{address}/webhooks/revenues/")
    civica = ("django", "civica", "--port")
    return [
        Process("web", (*web, "--log-level", "warning", *quick_end)),
        Process("worker", (*celery, "worker", *alone)),
        Process("sweeper", ("django", "sweep")),
        Process("beat", (*celery, "beat", "--schedule", str(state / ".run" / "beat"))),
        Process(
            "backoffice", (*back_office, "--port", str(port + 1), *revenues), may_be_missing=True
        ),
        Process("civica", (*civica, str(port + 2)), may_be_missing=True, patient=True),
    ]


class Console(Printer):  # type: ignore[misc]  # honcho has no types
    """Honcho's printer; calls `started` once when all processes have been forked."""

    def __init__(self, started: Callable[[], None]) -> None:
        super().__init__(sys.stdout)
        self.started: Callable[[], None] | None = started

    def write(self, message: Message) -> None:
        super().write(message)
        if self.started:
            threading.Thread(target=self.started, daemon=True).start()
            self.started = None


class Supervisor(Manager):  # type: ignore[misc]
    """Honcho's manager; knows which process may end alone, and waits to stop until all started."""

    def __init__(self, processes: list[Process], started: Callable[[], None]) -> None:
        super().__init__(Console(started))
        self.optional = {process.name for process in processes if process.may_be_missing}
        for process in processes:
            self.add_process(process.name, process.command, env=dict(os.environ))

    def terminate(self) -> None:
        """Sends SIGTERM; a Ctrl-C in the first moment waits until each process has its number."""
        if self._all_started():
            super().terminate()
        else:
            again = threading.Timer(0.1, self.terminate)
            again.daemon = True
            again.start()

    def _any_stopped(self) -> bool:
        return any(
            state.get("returncode") is not None
            for name, state in self._processes.items()
            if name not in self.optional
        )
