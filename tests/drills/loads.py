"""`python -m tests.drills.loads`: nightly extracts that break, and what residents then see.

Run by `make drills` against the drill's own database, as a process of its own.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from stockport.feeds.extract import ExtractRefused  # noqa: E402
from stockport.feeds.loader import load  # noqa: E402
from stockport.feeds.models import FeedRun, Quarantine  # noqa: E402
from stockport.feeds.tables import declared  # noqa: E402
from tests.drills.disks import FULL, small_disk  # noqa: E402
from tests.drills.loader import FIRST_PHASES, PHASES, THOROUGH_PHASES  # noqa: E402
from tests.drills.process import DrillError, Process, wait_for  # noqa: E402
from tests.drills.table import say  # noqa: E402
from tests.drills.wrong import add_penny, everything_wrong  # noqa: E402
from tests.emptying import emptying  # noqa: E402
from tests.factories.extract import (  # noqa: E402
    ExtractFolder,
    borough,
    save_manifest,
)

HOUSEHOLDS = 60
WIDTHS = "{:50}{:>7}{:>9}{:>9}  {}"
NO_MOUNT = "NOT RUN: a small disk cannot be mounted here (it takes root)"
LINKS = ["id", "account_id", "period_id", "property_id", "person_id", "confirmation_id"]


@dataclass
class Expected:
    """How a scenario is to end: what residents see, and a part of what staff are told."""

    figures: str
    told: str
    harm: bool = False  # a negative control: figures that are neither the old nor the new ones
    mends: bool = True  # and whether the second night, whole, is loaded after it


class Loads:
    """Extracts of two nights, and the figures that residents see after each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # PostgreSQL runs as somebody else, and reaches the small disk through it.
        folder.chmod(0o711)
        self.failed: list[str] = []
        self.old, self.new = self.write(night(0)), self.write(night(1))
        later = night(0)
        later.extracted_at += timedelta(days=2)
        self.later = self.write(later)
        self.seen: dict[str, str] = {}
        for name, extract in (("new", self.new), ("old", self.old)):
            self.empty()
            load(extract)
            self.seen[figures()] = name

    def write(self, extract: ExtractFolder) -> Path:
        """The extract in a new folder."""
        return extract.write(Path(mkdtemp(dir=self.folder)))

    def empty(self) -> None:
        """As before the first load."""
        ours = ("account", "property", "element")
        tables = ("feeds_feedrun", "accounts_person", *(f"council_tax_{name}" for name in ours))
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in emptying(*tables):
                cursor.execute(statement)

    def back_to_old(self) -> None:
        """The first night is loaded, and nothing else."""
        FeedRun.objects.exclude(reasons=[]).delete()
        if self.seen.get(figures()) != "old":
            self.empty()
            load(self.old)

    def loader(self, extract: Path, **environment: str) -> Process:
        """A loader that has been started."""
        process = Process(
            "loader",
            (sys.executable, "-m", "tests.drills.loader", str(extract)),
            {**os.environ, **environment},
            self.folder / "loader.log",
        )
        process.start()
        return process

    def take(self, extract: Path) -> None:
        """Load it in this process: what it is refused for is on record."""
        with suppress(ExtractRefused):
            load(extract)

    def run(self, extract: Path, **environment: str) -> None:
        """A loader from its start to its end, as a process with this environment."""
        process = self.loader(extract, **environment)
        wait_for(lambda: not process.lives, "the loader ends")

    def play(self, name: str, scenario: Callable[[], None], expected: Expected) -> None:
        """The scenario after the first night, its row, and then the second night whole."""
        self.back_to_old()
        scenario()
        seen = self.seen.get(figures(), "mixed")
        reasons = told()
        said = self._judge(seen, reasons, expected)
        if expected.mends and not expected.harm:
            load(self.new)
            if self.seen.get(figures()) != "new":
                said = "FAILED: the next whole extract did not put it right"
        if said.startswith("FAILED"):
            self.failed.append(name)
        say(WIDTHS.format(name, FeedRun.objects.count() - 1, seen, len(reasons), said))

    def _judge(self, seen: str, reasons: list[str], expected: Expected) -> str:
        if expected.harm:
            harm = not adds_up() or seen == "mixed"
            return "shows harm" if harm else "FAILED: shows no harm"
        if seen != expected.figures:
            return f"FAILED: residents see {seen} figures, not {expected.figures}"
        if not any(expected.told in reason for reason in reasons):
            return f"FAILED: staff are not told “{expected.told}” but {reasons}"
        return "ok"


def night(number: int) -> ExtractFolder:
    """The borough on a night; in each one more instalment has been paid."""
    extract = borough(HOUSEHOLDS, number)
    for row in extract.rows["instalments.csv"]:
        if int(row["number"]) == 2 + number:
            row["paid"] = "90.00"
    owed, paid = f"{720 - 90 * number}.00", f"{180 + 90 * number}.00"
    for row in extract.rows["accounts.csv"]:
        row["balance"] = owed
    for row in extract.rows["year_totals.csv"]:
        row.update(outstanding=owed, payments=paid)
    for row in extract.rows["transactions.csv"]:
        if row["number"] == "3":
            row["amount"] = f"-{90 + 90 * number}.00"
    return extract


def figures() -> str:
    """A digest of everything that residents can be shown, without the database's own numbers."""
    parts = []
    with connection.cursor() as cursor:
        for table in declared().values():
            if table.model.split(".")[0] in ("accounts", "council_tax"):
                name = table.model_class._meta.db_table
                owner = "t.account_id" if "account" in table.fields else "NULL"
                time = (
                    "(SELECT at FROM feeds_confirmation WHERE id = t.confirmation_id)"
                    if table.is_confirmed
                    else "''"
                )
                cursor.execute(
                    f"SELECT md5(string_agg(line, '|' ORDER BY line)) FROM (SELECT"  # noqa: S608
                    f" concat(a.reference, (to_jsonb(t) - %s::text[])::text, {time}) AS line"
                    f" FROM {name} t"
                    f" LEFT JOIN council_tax_account a ON a.id = {owner}) AS lines",
                    [[*LINKS, "found_sha256"]],
                )
                parts.append(str(cursor.fetchone()))
    return " ".join(parts)


def adds_up() -> bool:
    """Whether every balance that residents see is the sum of the transactions beside it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM council_tax_account a WHERE balance <> (SELECT sum(amount)"
            " FROM council_tax_transaction t WHERE t.account_id = a.id)"
        )
        return cursor.fetchone() == (0,)


def told() -> list[str]:
    """What staff read in the admin about the loads and the quarantine."""
    runs = FeedRun.objects.exclude(reasons=[]).values_list("reasons", flat=True)
    held = Quarantine.objects.current().values_list("reasons", flat=True)
    return [reason for reasons in (*runs, *held) for reason in reasons]


def killed(loads: Loads, phase: str) -> Callable[[], None]:
    """Kill -9 in a phase; the load after it says so."""

    def play() -> None:
        kill_in(loads, phase)
        loads.take(loads.old)

    return play


def killed_first(loads: Loads, phase: str) -> Callable[[], None]:
    """The same in a phase of a load into empty tables: it takes no key or index with it."""

    def play() -> None:
        loads.empty()
        before = schema(), figures()
        kill_in(loads, phase)
        if (schema(), figures()) != before:
            raise DrillError("A first load that was killed left something behind.")
        loads.take(loads.old)

    return play


def schema() -> str:
    """A digest of every key, check and index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT md5(string_agg(line, '|' ORDER BY line)) FROM (SELECT indexdef AS line"
            " FROM pg_indexes WHERE schemaname = 'public' UNION ALL"
            " SELECT conrelid::regclass || conname || pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE connamespace = 'public'::regnamespace) AS lines"
        )
        return str(cursor.fetchone())


def kill_in(loads: Loads, phase: str) -> None:
    """Start the second night's load, and kill -9 it in this phase."""
    reached = loads.folder / f"reached {phase}"
    reached.unlink(missing_ok=True)
    victim = loads.loader(loads.new, DRILL_PHASE=phase, DRILL_REACHED=str(reached))
    wait_for(reached.exists, f"the loader is {phase}")
    victim.kill()
    wait_for(no_loader, "PostgreSQL has noticed")


def no_loader() -> bool:
    """Whether no transaction of a loader is open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        return cursor.fetchone() == (0,)


def two_at_once(loads: Loads) -> None:
    """The second comes while the first has written everything but its commit."""
    reached = loads.folder / "reached both"
    first = loads.loader(loads.new, DRILL_PHASE="before commit", DRILL_REACHED=str(reached))
    wait_for(reached.exists, "the first loader is before its commit")
    loads.take(loads.new)
    first.kill()
    wait_for(no_loader, "PostgreSQL has noticed")


def two_nights(loads: Loads, **environment: str) -> None:
    """A later night, with the figures of the first, comes before the second night’s commit.

    With the lock off it finds nothing to change, and gives the second night's figures its date.
    """
    reached = loads.folder / "reached second night"
    second = loads.loader(loads.new, DRILL_PHASE="before commit", DRILL_REACHED=str(reached))
    wait_for(reached.exists, "the second night is before its commit")
    later = loads.loader(loads.later, **environment)
    wait_for(lambda: not later.lives or someone_waits(), "the later night has ended, or waits")
    reached.unlink()
    wait_for(lambda: not (second.lives or later.lives), "both have ended")


def someone_waits() -> bool:
    """Whether a load waits for what another has written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone() == (True,)


def spoilt(loads: Loads, spoil: Callable[[Path, ExtractFolder], None]) -> Callable[[], None]:
    """The second night's extract, damaged after it was written."""

    def play() -> None:
        extract = night(1)
        folder = loads.write(extract)
        spoil(folder, extract)
        loads.take(folder)

    return play


def changed(loads: Loads, change: Callable[[ExtractFolder], object]) -> Callable[[], None]:
    """The second night's extract with wrong values and a right manifest."""

    def play() -> None:
        extract = night(1)
        change(extract)
        loads.take(loads.write(extract))

    return play


def truncate(file: str) -> Callable[[Path, ExtractFolder], None]:
    """Cut a file off."""
    return lambda folder, _: os.truncate(folder / file, (folder / file).stat().st_size * 2 // 3)


def rehash(file: str) -> Callable[[Path, ExtractFolder], None]:
    """Give a file another hash."""

    def spoil(folder: Path, extract: ExtractFolder) -> None:
        extract.manifest["files"][file]["sha256"] = "0" * 64  # type: ignore[index]
        save_manifest(folder, extract.manifest)

    return spoil


def recount(file: str) -> Callable[[Path, ExtractFolder], None]:
    """Give a file another number of rows."""

    def spoil(folder: Path, extract: ExtractFolder) -> None:
        extract.manifest["files"][file]["rows"] += 1  # type: ignore[index]
        save_manifest(folder, extract.manifest)

    return spoil


def play_all(loads: Loads) -> None:
    """Every scenario, and then the negative controls."""
    say("\n" + WIDTHS.format("extracts", "loads", "figures", "reasons", "verdict"))
    for phase in (*PHASES, *THOROUGH_PHASES):
        loads.play(f"killed -9, {phase}", killed(loads, phase), Expected("old", "was cut off"))
    for phase in FIRST_PHASES:
        first = killed_first(loads, phase)
        loads.play(f"killed -9 at the first load, {phase}", first, Expected("old", "was cut off"))
    refused = "is being loaded at this"
    loads.play("two loads at once", lambda: two_at_once(loads), Expected("old", refused))
    loads.play("a later night beside it", lambda: two_nights(loads), Expected("new", refused))
    with small_disk(loads.folder) as disk:
        for name, (play, told_of_it) in FULL.items():
            if disk is not None:
                loads.play(name, partial(play, loads, disk), Expected("old", told_of_it))
                continue
            say(f"{name:50}{NO_MOUNT}")
            if os.environ.get("CI") == "true":
                loads.failed.append(name)
    for file in night(1).rows:
        whole = Expected("old", file, mends=False)
        loads.play(f"{file} cut off", spoilt(loads, truncate(file)), whole)
        loads.play(f"{file} with another hash", spoilt(loads, rehash(file)), whole)
        loads.play(f"{file} with another count", spoilt(loads, recount(file)), whole)
    values(loads)
    say("\n" + WIDTHS.format("negative control", "loads", "figures", "reasons", "verdict"))
    split = lambda: loads.run(loads.new, DRILL_OFF="transaction")  # noqa: E731
    loads.play("one transaction off", split, Expected("", "", harm=True))
    loads.play(
        "one load at a time off, two nights",
        lambda: two_nights(loads, DRILL_OFF="turns"),
        Expected("", "", harm=True),
    )
    wrong = loads.write(spoil_sums())
    loads.play(
        "sums off, a penny out",
        lambda: loads.run(wrong, DRILL_OFF="sums"),
        Expected("", "", harm=True),
    )


def spoil_sums() -> ExtractFolder:
    """The second night, a penny out."""
    extract = night(1)
    add_penny("transactions.csv", "amount", extract)
    return extract


def values(loads: Loads) -> None:
    """Extracts whose files are whole and whose contents are wrong."""
    for name, make, told_of_it in everything_wrong(night(1), HOUSEHOLDS):
        loads.play(name, changed(loads, make), Expected("old", told_of_it))


def main() -> int:
    """Plays everything; 1 where residents could see anything but old or new figures."""
    logging.disable(logging.WARNING)
    loads = Loads(Path(mkdtemp(prefix="loads-")))
    try:
        play_all(loads)
    finally:
        shutil.rmtree(loads.folder, ignore_errors=True)
    if loads.failed:
        say(f"FAILED: {', '.join(loads.failed)}")
    return 1 if loads.failed else 0


if __name__ == "__main__":
    sys.exit(main())
