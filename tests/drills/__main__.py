"""`python -m tests.drills`: every fault, the table, and exit code 1 where a report came to harm."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import requests

from tests.drills import table
from tests.drills.broker import Redis
from tests.drills.process import PROJECT, DrillError, wait_for
from tests.drills.scenario import Scenario
from tests.drills.scenarios import SCENARIOS
from tests.drills.site import Site
from tests.drills.verdict import Verdict, judge, problems
from tests.drills.world import World

# A scenario that cannot be played to its end fails; the others are played all the same.
BROKEN = (DrillError, AssertionError, psycopg.Error, requests.RequestException)
EXTRACTS = "extracts"
NO_PROCESS = "not run: without redis-server, the broker is files and has no process"


class Run:
    """One run through the scenarios, on one site."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.usual: float | None = None
        self.failed: list[str] = []

    def play(self, chosen: list[Scenario]) -> None:
        """Every scenario after the other, each with its row."""
        table.head("scenario")
        controls_begun = False
        for scenario in chosen:
            if scenario.shows and not controls_begun:
                table.head("negative control")
                controls_begun = True
            try:
                self._play(scenario)
            except BROKEN as error:
                table.note(scenario.name, self._fail(scenario, str(error)))

    def _play(self, scenario: Scenario) -> None:
        if scenario.stops_broker and not isinstance(self.site.broker, Redis):
            table.note(scenario.name, NO_PROCESS)
            if os.environ.get("CI") == "true":
                self._fail(scenario, NO_PROCESS)
            return
        self.site.mend()
        with World(self.site) as world:
            scenario.play(world)
            verdict = settled(world, scenario.patience)
        said = self._judge(scenario, verdict)
        self.usual = self.usual or verdict.submit
        table.row(scenario.name, verdict, self.usual, said)

    def _judge(self, scenario: Scenario, verdict: Verdict) -> str:
        if scenario.shows:
            shown = getattr(verdict, scenario.shows)
            if shown:
                return f"shows it: {scenario.shows} {shown}"
            return self._fail(scenario, f"shows nothing: {scenario.shows} 0")
        found = problems(
            verdict,
            staff=scenario.staff,
            portal_may_refuse=scenario.portal_may_refuse,
            usual=self.usual,
        )
        refused = f" (sent again after {verdict.refused} errors)" if verdict.refused else ""
        return self._fail(scenario, ", ".join(found)) if found else f"ok{refused}"

    def _fail(self, scenario: Scenario, why: str) -> str:
        self.failed.append(scenario.name)
        return f"FAILED: {why}"


def settled(world: World, patience: float) -> Verdict:
    """The verdict, once every delivery has ended or patience has."""
    # What has not ended by then is counted as stuck.
    with suppress(DrillError):
        wait_for(world.is_settled, "every delivery ends", patience, poll=0.25)
    return judge(world)


def main() -> int:
    """Plays what was asked for; 1 where anything failed."""
    parser = ArgumentParser(prog="make drills", description="Fault drills (docs/drills.md).")
    parser.add_argument("--only", default="", help="scenarios with this word in their name")
    parser.add_argument("--times", type=int, default=1, help="how often to run them all")
    parser.add_argument("--keep", type=Path, help="a new folder, to look at every log afterwards")
    options = parser.parse_args()
    # Whoever starts it in the background of a shell has it ignore Ctrl-C otherwise.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # As a Ctrl-C: everything is ended on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    failed: list[str] = []
    with folder(options.keep) as place:
        site = Site(place)
        try:
            site.start()
            for number in range(options.times):
                failed += run(site, options.only, f"run {number + 1} of {options.times}")
                failed += extracts(site, options.only)
        except KeyboardInterrupt:
            return 130
        finally:
            site.end()
    table.say("")
    table.say(f"FAILED: {', '.join(failed)}" if failed else "All drills passed.")
    return 1 if failed else 0


@contextmanager
def folder(keep: Path | None) -> Iterator[Path]:
    """Where everything of the run is: a folder to keep, or one that is deleted at the end."""
    if keep is not None:
        keep.mkdir()
        yield keep.resolve()
        return
    with TemporaryDirectory(prefix="drills-") as name:
        yield Path(name)


def run(site: Site, only: str, title: str) -> list[str]:
    """One run of the baseline and of what was chosen; the names of what failed."""
    began = time.monotonic()
    chosen = [each for each in SCENARIOS if each is SCENARIOS[0] or only in each.name]
    this = Run(site)
    table.say(f"\n{title}: PostgreSQL {site.database.version}, {site.broker.name}")
    this.play(chosen)
    table.say(f"{len(chosen)} scenarios in {time.monotonic() - began:.0f} s")
    return this.failed


def extracts(site: Site, only: str) -> list[str]:
    """The drills of nightly extracts, a process of their own; what failed."""
    if only not in EXTRACTS:
        return []
    site.mend()
    command = [sys.executable, "-m", "tests.drills.loads"]
    done = subprocess.run(command, cwd=PROJECT, env=site.environment, check=False)
    return [EXTRACTS] if done.returncode else []


if __name__ == "__main__":
    sys.exit(main())
