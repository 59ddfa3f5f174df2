"""The site of a drill: database, broker and web server of its own, and residents at browsers."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import requests

from tests.drills.broker import Files, Redis, broker
from tests.drills.clock import Clock
from tests.drills.database import Database
from tests.drills.process import PROJECT, DrillError, Process, free_port, wait_for
from tests.drills.residents import RESIDENTS, Resident

# Short, and in proportion as in production: a call (about 2 s at most, carrier.py) takes less than
# half a lease, and is over before its report is looked for.
WAITS = {
    "OUTBOX_SWEEP_SECONDS": "1",
    "OUTBOX_LEASE_SECONDS": "5",
    "OUTBOX_LOOK_UP_AFTER_SECONDS": "2",
    "OUTBOX_REST_SECONDS": "1",
}
WEB = ("gunicorn", "tests.drills.web", "--workers", "1", "--threads", "8", "--no-control-socket")


class Site:
    """Everything of it is in one folder; `end` ends every process, however far `start` came."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = Database(folder / "pg")
        self.broker: Redis | Files = broker(folder)
        self.url = f"http://127.0.0.1:{free_port()}"
        self.residents = [Resident(self.url, number) for number in range(RESIDENTS)]
        self.environment = {
            **os.environ,
            **WAITS,
            # As `make run` has them.
            "DJANGO_SETTINGS_MODULE": "stockport.settings.development",
            "DATABASE_URL": self.database.url,
            "REDIS_URL": self.broker.url,
            "STATE_DIR": str(folder),
            "SITE_URL": self.url,
        }
        self.clock: Clock | None = None
        self.web = self._web({})
        self.parts = ExitStack()

    def _web(self, more: dict[str, str]) -> Process:
        command = (sys.executable, "-m", *WEB, "--bind", self.url.removeprefix("http://"))
        environment = {**self.environment, **more}
        return Process("web", command, environment, self.folder / "web.log")

    def start(self) -> None:
        """Start everything, with residents and street lights, and sign the residents in."""
        for part in (self.database, self.broker):
            self.parts.callback(part.end)
            part.start()
        self._seed()
        self.parts.callback(lambda: self.web.end())
        self._open()

    def end(self) -> None:
        """End everything, the last started first."""
        self.parts.close()

    def reopen(self, clock: Clock | None = None) -> None:
        """Start the web server again, with a clock that can jump or with the machine's."""
        self.clock = clock
        self.web.end()
        self.web = self._web(clock.environment if clock else {})
        self._open()

    def mend(self) -> None:
        """Have everything run again as it did at the start, whatever a scenario did to it."""
        if self.database.server is None:
            self.database.start()
        self.broker.mend()
        if self.clock:
            self.reopen()

    def sign_in(self) -> None:
        """Sign every resident in, one after the other: they share an address."""
        for resident in self.residents:
            resident.sign_in()

    def _seed(self) -> None:
        command = [sys.executable, "-m", "tests.drills.seed"]
        done = subprocess.run(
            command, cwd=PROJECT, env=self.environment, capture_output=True, text=True
        )
        if done.returncode:
            raise DrillError(f"The database could not be filled: {done.stderr[-2000:]}")

    def _open(self) -> None:
        self.web.start()
        wait_for(self._is_open, "the web server answers")
        self.sign_in()

    def _is_open(self) -> bool:
        try:
            return requests.get(f"{self.url}/health/live", timeout=5).ok
        except requests.RequestException:
            return False
