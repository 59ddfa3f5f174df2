"""A demo back office as a process of its own: `with running_backoffice() as office: …`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

ROOT = Path(__file__).parent.parent
API_KEY = "test-key"


@dataclass
class BackOffice:
    """A back office that can be stopped and started again on the same port."""

    folder: Path
    options: tuple[str, ...] = ()
    port: int = 0
    process: subprocess.Popen[str] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """The endpoint for a Destination."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and return once it listens."""
        command = [sys.executable, "-m", "stockport.demo.backoffice", "--port", str(self.port)]
        command += ["--api-key", API_KEY, "--folder", str(self.folder), *self.options]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert "listens on" in line, line
        self.port = int(line.rsplit(":", 1)[1])

    def stop(self) -> None:
        """Stop it; what it accepted stays."""
        if self.process is not None:
            self.process.terminate()
            self.process.communicate(timeout=10)
            self.process = None

    def kill(self) -> None:
        """Kill it with -9."""
        assert self.process is not None
        self.process.kill()
        self.process.communicate(timeout=10)
        self.process = None

    def fault(self, name: str = "", **options: object) -> None:
        """Switch a fault on, or without a name off.

        Options are times=1, share=0.3, everywhere="true" and seconds=2.
        """
        self._control("fault", name=name, **options)

    def latency(self, seconds: float) -> None:
        """Have every write take so long."""
        self._control("latency", seconds=seconds)

    def _control(self, page: str, **data: object) -> None:
        answer = requests.post(f"{self.url}/control/{page}", data=data, timeout=5)
        assert answer.ok, answer.text

    def summary(self) -> dict[str, Any]:
        """`cases`, `calls`, `most_calls_at_once`, and `references`: [cases, time of the first]."""
        answer = requests.get(f"{self.url}/control/summary", timeout=5)
        assert answer.ok, answer.text
        summary: dict[str, Any] = answer.json()
        return summary

    def ledger(self) -> dict[str, list[dict[str, Any]]]:
        """Everything it took (`cases`, `notes`) and every call (`calls`)."""
        answer = requests.get(f"{self.url}/control/ledger", timeout=5)
        assert answer.ok, answer.text
        ledger: dict[str, list[dict[str, Any]]] = answer.json()
        return ledger

    def references(self) -> list[str]:
        """Our reference of every case it holds, in the order of acceptance."""
        return [case["reference"] for case in self.ledger()["cases"]]


@contextmanager
def running_backoffice(*options: str) -> Iterator[BackOffice]:
    """A back office with these further options, such as "--pace", "0.5"; stopped at the end."""
    with TemporaryDirectory() as folder:
        office = BackOffice(Path(folder), options)
        office.start()
        try:
            yield office
        finally:
            office.stop()
