"""What one scenario plays in: the site, a new back office, workers, sweepers, and reports."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import mkdtemp
from time import sleep

import psycopg

from tests.backoffice import BackOffice
from tests.drills.process import DrillError, Process, wait_for
from tests.drills.residents import FAULT, UNKNOWN_FAULT, Form, Resident, Sent
from tests.drills.site import Site

# A delivery in one of these needs nobody's work any more but that of staff.
ENDED = ("sent", "dead", "held", "cancelled")


class Carrier(Process):
    """A worker or a sweeper: two files tell that it has begun, and that it is in its window."""

    def __init__(self, kind: str, number: int, site: Site, folder: Path, **more: str) -> None:
        name = f"{kind}{number}"
        self.ready, self.reached = folder / f"{name}.ready", folder / f"{name}.reached"
        environment = {
            **site.environment,
            "DRILL_READY": str(self.ready),
            "DRILL_REACHED": str(self.reached),
            **more,
        }
        command = (sys.executable, "-m", "tests.drills.carrier", kind)
        super().__init__(name, command, environment, folder / f"{name}.log")

    def start(self) -> None:
        """Start it, or start it again."""
        self.ready.unlink(missing_ok=True)
        super().start()

    def wait_until_ready(self) -> None:
        """Returns once it takes work; DrillError where it ended instead."""
        wait_for(lambda: self.ready.exists() or not self.lives, f"{self.name} has begun")
        if not self.lives:
            raise DrillError(f"{self.name} ended: {self.log.read_text()[-500:]}")

    def wait_in_window(self) -> None:
        """Returns once it stands still in its window."""
        wait_for(self.reached.exists, f"{self.name} is in its window")


class World:
    """Ended with `with`: nothing of it stays behind."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.folder = Path(mkdtemp(dir=site.folder))
        # It knows no idempotency keys: the hard case, in which only the look-up helps.
        self.office = BackOffice(self.folder / "office", ("--ignore-keys",))
        self.carriers: list[Carrier] = []
        self.filled: list[Form] = []
        self.sent: list[Sent] = []
        self.parts = ExitStack()

    def __enter__(self) -> World:
        """Without a report of an earlier scenario, and with the office as the team's system."""
        self.parts.callback(self.office.stop)
        self.office.start()
        self.site.database.empty("street_reports_report", "outbox_delivery")
        self.site.database.rows(
            "UPDATE outbox_destination SET failures = 0, resting_until = NULL, paused_at = NULL,"
            " endpoint = CASE WHEN connector = 'email' THEN '' ELSE %s END"
            " WHERE connector IN ('email', 'open311')",
            self.office.url,
        )
        return self

    def __exit__(self, *error: object) -> None:
        self.parts.close()

    def worker(self, **more: str) -> Carrier:
        """One more worker, started; `more` is for its environment."""
        return self._carrier("worker", more)

    def sweeper(self, **more: str) -> Carrier:
        """One more sweeper, started."""
        return self._carrier("sweep", more)

    def crew(self, **more: str) -> tuple[Carrier, Carrier]:
        """A worker and a sweeper."""
        return self.worker(**more), self.sweeper(**more)

    def _carrier(self, kind: str, more: dict[str, str]) -> Carrier:
        carrier = Carrier(kind, len(self.carriers) + 1, self.site, self.folder, **more)
        self.carriers.append(carrier)
        self.parts.callback(carrier.end)
        carrier.start()
        return carrier

    def fill(self, reports: int, *, poison: int | None = None) -> None:
        """Have so many forms filled in up to the last page, while carriers begin.

        The report of that number, if any, is one that the back office will never take.
        """
        residents, start = self.site.residents, len(self.sent)
        self.filled = [
            Form(residents[n % len(residents)], n, UNKNOWN_FAULT if n == poison else FAULT)
            for n in range(start, start + reports)
        ]
        # One page of a resident's after the other, as at a real browser.
        with ThreadPoolExecutor(len(residents)) as pool:
            list(pool.map(self._fill_forms_of, residents))
        for carrier in self.carriers:
            carrier.wait_until_ready()

    def _fill_forms_of(self, resident: Resident) -> None:
        for form in self.filled:
            if form.resident is resident:
                form.fill()

    def submit(self, reports: int | None = None, *, pause: float = 0) -> None:
        """Send the next so many of the forms that are filled in, or all, one after the other."""
        count = len(self.filled) if reports is None else reports
        ready, self.filled = self.filled[:count], self.filled[count:]
        for form in ready:
            self.sent.append(form.send())
            sleep(pause)

    def under_way(self) -> bool:
        """Whether a delivery to the team is being made."""
        query = "SELECT 1 FROM outbox_delivery WHERE state = 'leased' AND kind = 'street_report'"
        return bool(self.site.database.rows(query))

    def is_listed(self) -> bool:
        """Whether staff see for each report why it waits: its own reason, or its team's state."""
        query = """
            SELECT count(*) FROM street_reports_report report
            JOIN outbox_delivery delivery ON delivery.id = report.delivery_id
            JOIN outbox_destination team ON team.id = delivery.destination_id
            WHERE delivery.state = 'dead' AND delivery.reason <> ''
               OR delivery.state IN ('pending', 'retry', 'unknown')
                  AND (delivery.reason <> '' OR team.failures >= 3)
        """
        return self.site.database.rows(query)[0][0] == len(self.sent)

    def is_settled(self) -> bool:
        """Whether no delivery, e-mails included, waits for anything but staff."""
        query = "SELECT 1 FROM outbox_delivery WHERE state <> ALL (%s) LIMIT 1"
        try:
            return not self.site.database.rows(query, list(ENDED))
        except psycopg.OperationalError:
            return False
