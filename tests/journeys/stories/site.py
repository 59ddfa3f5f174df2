"""The whole portal as `make run` starts it, on ports of its own."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import requests

if TYPE_CHECKING:
    from typing import IO

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 120.0  # seconds, on a machine that is busy with other tests


def free_ports() -> int:
    """A port that is free with the next two: the site's, the back office's and Civica's.

    Below those that systems give to whoever calls: one that stops for a while finds its own again.
    """
    while True:
        with socket.socket() as first, socket.socket() as second, socket.socket() as third:
            port = random.randrange(20_000, 30_000)
            try:
                for number, tried in enumerate((first, second, third)):
                    tried.bind(("127.0.0.1", port + number))
            except OSError:
                continue
            return port


@dataclass
class Site:
    """A running portal; its back office can be stopped and started again."""

    folder: Path
    environment: dict[str, str]
    port: int = field(default_factory=free_ports)
    process: subprocess.Popen[bytes] | None = None
    office: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "site.log"

    def start(self) -> None:
        """Start everything, and return when the portal says that it is ready."""
        self.process = self._run(["-m", "stockport.run"], self.log.open("wb"))
        wait_for(self._is_ready, "the portal to be ready", self.printed)

    def stop(self) -> None:
        """Ctrl-C: the portal stops all that it started; a back office started later goes first."""
        if self.office:
            self.stop_back_office()
        if self.process:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(PATIENCE)

    def stop_back_office(self) -> None:
        """Kill the back office, as a power cut would."""
        if self.office:
            self.office.kill()
            self.office.wait()
            self.office = None
        else:
            pid = re.findall(r"backoffice started \(pid=(\d+)\)", self.printed())[-1]
            os.kill(int(pid), signal.SIGKILL)
        wait_for(lambda: not self._office_answers(), "the back office to be gone", self.printed)

    def start_back_office(self) -> None:
        """Start it again; it still has what it had accepted."""
        command = ["manage.py", "backoffice", "--port", str(self.port + 1)]
        self.office = self._run(command, (self.folder / "office.log").open("wb"))
        wait_for(self._office_answers, "the back office", self.printed)

    def cases(self) -> list[str]:
        """Our reference of every report that the back office holds."""
        ledger = requests.get(f"http://127.0.0.1:{self.port + 1}/control/ledger", timeout=5).json()
        return [case["reference"] for case in ledger["cases"]]

    def _run(self, arguments: list[str], output: IO[bytes]) -> subprocess.Popen[bytes]:
        with output:
            return subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env={**self.environment, "PORT": str(self.port)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def _is_ready(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError(f"The portal ended:\n{self.printed()}")
        return "Ready in" in self.printed()

    def _office_answers(self) -> bool:
        with socket.socket() as caller:
            return caller.connect_ex(("127.0.0.1", self.port + 1)) == 0

    def printed(self) -> str:
        """All that the portal's processes have logged."""
        return self.log.read_text(encoding="utf-8", errors="replace")


def wait_for(happens: Callable[[], bool], what: str, explain: Callable[[], str]) -> None:
    """Return when it happens; AssertionError with an explanation when it does not."""
    end = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < end, f"Waited in vain for {what}:\n{explain()[-4000:]}"
        time.sleep(0.2)
