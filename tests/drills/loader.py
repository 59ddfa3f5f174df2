"""`load_extract` as a process that stops in a phase, to be killed there, or lacks one guard."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402

from stockport.feeds import (  # noqa: E402
    control,
    first_load,
    loader,
    merge,
    plain_staging,
    quarantine,
)
from stockport.feeds.extract import ExtractRefused  # noqa: E402

# Each phase by a function that is called in it; it stops once that has done its work.
PHASES: dict[str, tuple[Any, str]] = {
    "staging": (plain_staging, "_copy"),
    "checking": (loader, "find_faults"),
    "merging": (merge, "_write"),
    "before commit": (quarantine, "record"),
}
# Those of a night of which some file is not plain: then every value is looked at.
THOROUGH_PHASES: dict[str, tuple[Any, str]] = {
    "staging as text": (loader, "stage"),
    "looking at values": (loader, "check"),
    "typing": (loader, "make_typed"),
}
# Those of a first load, into empty tables; the keys of each are built once its rows are there.
FIRST_PHASES: dict[str, tuple[Any, str]] = {
    "filling": (first_load, "_fill"),
    "keys": (first_load, "_show"),
    "adding up": (loader, "wrong_totals"),
}


def stop_in(phase: str, reached: Path) -> None:
    """Have this process write the file at the end of the phase, and wait until that is gone."""

    def stop() -> None:
        reached.touch()
        while reached.exists():
            time.sleep(0.1)

    if phase in FIRST_PHASES:
        first_load.WORTH_IT = 1
    if phase in THOROUGH_PHASES:
        loader.stage_plainly = lambda _: False
    _after(*(PHASES | THOROUGH_PHASES | FIRST_PHASES)[phase], stop)


def switch_off(guard: str) -> None:
    """Load without this guard."""
    if guard == "sums":
        control._wrong_totals = lambda *_, **__: iter(())  # type: ignore[assignment,misc]
    if guard == "turns":
        loader._take_turn = lambda _: None
    if guard == "free space":
        shutil.disk_usage = lambda _: shutil._ntuple_diskusage(1 << 40, 0, 1 << 40)  # type: ignore[attr-defined]
    if guard == "transaction":
        _commit_after_accounts()


def _commit_after_accounts() -> None:
    """What has been written by then stays, whatever comes after it."""
    write = merge._write

    def write_and_commit(extract: Any, table: Any) -> Any:
        done = write(extract, table)
        if table.file == "accounts.csv":
            with connection.cursor() as cursor:
                cursor.execute("COMMIT")
        return done

    merge._write = write_and_commit


def _after(module: Any, name: str, then: Callable[[], object]) -> None:
    work = getattr(module, name)

    def work_and_then(*arguments: Any, **named: Any) -> Any:
        done = work(*arguments, **named)
        then()
        return done

    setattr(module, name, work_and_then)


def main() -> int:
    """Load the folder that is named; 1 where it is refused."""
    if phase := os.environ.get("DRILL_PHASE"):
        stop_in(phase, Path(os.environ["DRILL_REACHED"]))
    if guard := os.environ.get("DRILL_OFF"):
        switch_off(guard)
    try:
        loader.load(Path(sys.argv[1]))
    except ExtractRefused:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
