"""How fast a whole borough is loaded beside plain COPY, and pages with it loaded, beside limits.

Run by `make bench`, on its own test database (BENCH_ACCOUNTS=20000 for a smaller borough); exit
code 1 where a limit is broken. The memory is that of the loader's own two processes at their peaks;
PostgreSQL's have their own. Each of three loads is held against the mean of the COPY before it and
the one after it, and the middle one counts: on a shared machine the same COPY takes 7 s or 12 s.
"""

from __future__ import annotations

import itertools
import logging
import os
import statistics
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import django

ROUNDS = 3
ACCOUNTS = int(os.environ.get("BENCH_ACCOUNTS", "140000"))
TODAY = date(2026, 11, 23)
COPY_TIMES, DELTA_SHARE, MEGABYTES = 2.5, 0.10, 1024
# A loader as `load_extract` runs it; it says its seconds and its peak memory in kilobytes.
LOADER = """
import resource, sys, time, django
django.setup()
from pathlib import Path
from stockport.feeds.loader import load
started = time.monotonic()
load(Path(sys.argv[1]))
who = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
peak = sum(resource.getrusage(each).ru_maxrss for each in who)
print(f"figures {time.monotonic() - started} {peak}")
"""


def main() -> int:
    """Prints one line for each figure."""
    from benchmarks.account_pages import pages, say
    from stockport.demo.full_size import write_delta, write_full

    with TemporaryDirectory(prefix="borough-") as name:
        started = time.monotonic()
        full = write_full(Path(name, "full"), TODAY, ACCOUNTS)
        delta = write_delta(Path(name, "delta"), TODAY + timedelta(days=1), ACCOUNTS)
        sys.stdout.write(f"{ACCOUNTS:,} accounts written in {time.monotonic() - started:.0f} s\n\n")
        sys.stdout.write(f"{'':34}{'figure':>10}{'limit':>10}\n")
        copied, loaded, peak = copied_and_loaded(full)
        night, _ = load(delta)
    usual = statistics.median(loaded)
    say("plain COPY into bare tables, s", statistics.median(copied))
    say("full load, s", usual)
    times = [seconds / plain for seconds, plain in zip(loaded, copied, strict=True)]
    say("full load, times COPY, least", min(times))
    say("full load, times COPY, most", max(times))
    results = [
        say("full load, times COPY", statistics.median(times), COPY_TIMES),
        say("loader's memory at its peak, MB", peak, MEGABYTES),
        say("delta of a night (2%), s", night, usual * DELTA_SHARE),
        say("delta, share of full load, %", night / usual * 100, DELTA_SHARE * 100),
    ]
    settle()
    return max([*results, *pages()])


def settle() -> None:
    """The tables as autovacuum leaves them some minutes later: it would take turns with pages."""
    from psycopg import sql

    from stockport.feeds.sql import run

    run(sql.SQL("VACUUM (ANALYZE)"))


def copied_and_loaded(folder: Path) -> tuple[list[float], list[float], float]:
    """Of each round the seconds of COPY and of the load; and megabytes of a load at its peak."""
    copied, loaded, peaks = [copy_plainly(folder)], [], []
    for _ in range(ROUNDS):
        empty()
        seconds, peak = load(folder)
        loaded.append(seconds)
        peaks.append(peak)
        copied.append(copy_plainly(folder))
    around = [statistics.fmean(pair) for pair in itertools.pairwise(copied)]
    return around, loaded, max(peaks)


def empty() -> None:
    """The tables as they are before a first load: nothing stays on record of a benchmark."""
    from psycopg import sql

    from stockport.feeds.models import Confirmation, FeedRun
    from stockport.feeds.sql import names, run
    from stockport.feeds.tables import declared

    models = [table.model_class for table in declared().values()] + [Confirmation, FeedRun]
    tables = dict.fromkeys(model._meta.db_table for model in models)
    run(sql.SQL("SET session_replication_role = replica"))
    run(sql.SQL("TRUNCATE {} CASCADE").format(names(tables)))
    run(sql.SQL("RESET session_replication_role"))


def copy_plainly(folder: Path) -> float:
    """Seconds to COPY every file into a table of its columns without keys, indexes or checks.

    An ordinary table, whose rows are written to the log as those of the portal are.
    """
    from django.db import connection, transaction
    from psycopg import sql

    from stockport.feeds.sql import TYPES, names, run
    from stockport.feeds.tables import declared

    started = time.monotonic()
    tables = [table for table in declared().values() if (folder / table.file).exists()]
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            bare, header = sql.Identifier(f"bare_{table.name}"), []
            with (folder / table.file).open("rb") as file:
                header = file.readline().decode().strip().split(",")
                columns = [
                    sql.SQL("{} {}").format(sql.Identifier(each.name), TYPES[each.type])
                    for each in table.columns
                ]
                run(sql.SQL("CREATE TABLE {} ({})").format(bare, sql.SQL(", ").join(columns)))
                into = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(bare, names(header))
                with cursor.copy(into) as copy:
                    while chunk := file.read(1 << 16):
                        copy.write(chunk)
    seconds = time.monotonic() - started
    for table in tables:
        run(sql.SQL("DROP TABLE {}").format(sql.Identifier(f"bare_{table.name}")))
    return seconds


def load(folder: Path) -> tuple[float, float]:
    """Load it in a process of its own: seconds, and megabytes at its peak."""
    from django.db import connection

    settings = connection.settings_dict
    place = f"{settings['HOST']}:{settings['PORT'] or 5432}"
    user = (
        f"{settings['USER']}:{settings['PASSWORD']}" if settings["PASSWORD"] else settings["USER"]
    )
    if str(settings["HOST"]).startswith("/"):
        place = str(settings["HOST"]).replace("/", "%2F") + f":{settings['PORT'] or 5432}"
    said = subprocess.run(
        [sys.executable, "-c", LOADER, folder],
        env=os.environ | {"DATABASE_URL": f"postgresql://{user}@{place}/{settings['NAME']}"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    seconds, kilobytes = said.rpartition("figures ")[2].split()
    return float(seconds), int(kilobytes) / 1024


def on_a_test_database() -> int:
    """Runs the benchmark on a database of its own."""
    from django.test.runner import DiscoverRunner

    runner = DiscoverRunner(verbosity=0, interactive=False)
    runner.setup_test_environment()
    databases = runner.setup_databases()
    try:
        return main()
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockport.settings.test")
    django.setup()
    logging.disable(logging.WARNING)
    sys.exit(on_a_test_database())
