"""How fast the main pages are made: milliseconds and statements, beside limits.

Run by `make bench`, on its own test database with the demo borough; exit code 1 where a limit is
broken.
"""

from __future__ import annotations

import logging
import os
import statistics
import sys
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import django

MILLISECONDS = 40.0
# Statements of each page; those of somebody signed in begin with session and resident.
ANYBODY = {"/": 0, "/account/sign-in/": 0}
SIGNED_IN = {
    "/dashboard/": 12,
    "/council-tax/": 3,
    "/benefits/": 4,
    "/appointments/": 6,
    "/street-reports/": 4,
}
ROUNDS = 50


def main() -> int:
    """Prints one line a page: the median of many requests, in this process and without network."""
    from django.test import Client

    sys.stdout.write(f"{'page':28}{'ms':>8}{'limit':>8}{'statements':>12}{'limit':>8}\n")
    results = [measure(Client(), path, limit) for path, limit in ANYBODY.items()]
    resident = demo_resident()
    account = f"/council-tax/{account_of(resident)}/"
    results += [measure(resident, p, limit) for p, limit in (SIGNED_IN | {account: 6}).items()]
    return max(results)


def demo_resident() -> django.test.Client:
    """A client of reports@example.org, who has something of everything."""
    from django.core.management import call_command
    from django.test import Client

    from accounts.models import Resident
    from tests.client import PortalClient

    call_command("demo", verbosity=0, stdout=StringIO())
    checked, client = PortalClient(), Client()
    checked.sign_in(Resident.objects.get(email="reports@example.org"))
    client.cookies = checked.cookies
    return client


def account_of(client: django.test.Client) -> str:
    """The reference of the council tax account that the client's resident has."""
    from accounts.models import Resident
    from council_tax.models import Account

    resident = Resident.objects.get(pk=client.session["_auth_user_id"])
    return Account.objects.for_resident(resident).latest("opened").reference


def measure(client: django.test.Client, path: str, statements: int) -> int:
    """Prints the page's figures; 1 where one is over its limit, otherwise 0."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200, path  # noqa: S101
    taken = len(asked)  # now: the next request empties the log
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        client.get(path)
        times.append((time.perf_counter() - started) * 1000)
    median = statistics.median(times)
    line = f"{path:28}{median:8.1f}{MILLISECONDS:8.0f}{taken:12}{statements:8}\n"
    sys.stdout.write(line)
    return int(median > MILLISECONDS or taken > statements)


def on_a_test_database(benchmark: Callable[[], int]) -> int:
    """Runs a benchmark on a database of its own, and its files in a folder of its own."""
    from django.conf import settings
    from django.test.runner import DiscoverRunner
    from django.test.utils import override_settings

    runner = DiscoverRunner(verbosity=0, interactive=False)
    runner.setup_test_environment()
    databases = runner.setup_databases()
    try:
        with TemporaryDirectory() as folder, override_settings(DEMO_DIR=Path(folder)):
            settings.MEDIA_ROOT = folder
            return benchmark()
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockport.settings.test")
    django.setup()
    logging.disable(logging.WARNING)
    sys.exit(on_a_test_database(main))
