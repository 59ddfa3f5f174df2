"""The borough that is measured with: 100,000 lights and grids with 500,000 reports, on its own."""

from __future__ import annotations

import gc
import logging
import os
import sys
import time
from collections.abc import Callable

import django

ASSETS, REPORTS = 100_000, 500_000


def load() -> None:
    """Fill the empty database, and let it count what it has."""
    from django.core.management import call_command

    started = time.monotonic()
    call_command("load_street_reports", assets=ASSETS, reports=REPORTS, stdout=sys.stdout)
    settle("street_reports_asset", "street_reports_report")
    sys.stdout.write(f"loaded in {time.monotonic() - started:.0f} s\n\n")


def settle(*tables: str) -> None:
    """VACUUM and ANALYZE until every page is known to be seen by all, as it is on an old table.

    Once is not enough where the server's own vacuum looks at another table in this moment; and
    then an index alone does not answer, which is what is measured.
    """
    from django.db import connection

    pages = "SELECT sum(relpages - relallvisible) FROM pg_class WHERE relname = ANY(%s)"
    with connection.cursor() as cursor:
        for _ in range(60):
            cursor.execute(f"VACUUM ANALYZE {', '.join(tables)}")
            cursor.execute(pages, [list(tables)])
            if cursor.fetchone() == (0,):
                return
            time.sleep(1)
    raise RuntimeError("Somebody holds an old transaction on this server.")


def run(main: Callable[[], int]) -> int:
    """What the benchmark gives, run on a test database of its own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockport.settings.test")
    django.setup()
    logging.disable(logging.WARNING)
    from django.test.runner import DiscoverRunner

    runner = DiscoverRunner(verbosity=0, interactive=False)
    runner.setup_test_environment()
    databases = runner.setup_databases()
    gc.freeze()  # as stockport/wsgi.py does
    try:
        return main()
    finally:
        runner.teardown_databases(databases)
