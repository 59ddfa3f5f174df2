"""How fast the pages of a claim are, among 15,000 claims with 5 years of weekly payments.

Run by `make bench`, on its own test database; exit code 1 where a limit is broken. A page is made
in this process, without network, for another resident each time.
"""

from __future__ import annotations

import logging
import os
import statistics
import sys
import time
from itertools import islice
from pathlib import Path

import django

CLAIMS, YEARS = 15_000, 5
MILLISECONDS = 40.0  # at the 95th percentile
RESIDENTS = 60
HOUR = 3_600.0  # seconds
# Statements of each page, session and resident included; the first are about all claims.
EVERYTHING = {"/dashboard/": 13, "/money/": 10, "/benefits/": 8}
PAGES = {"": 8, "worked-out/": 6, "payments/": 6, "overpayments/": 6}


def main() -> int:
    """Prints one line for each page: median and 95th percentile over many residents."""
    from benchmarks.busy_benefits import fill

    started = time.monotonic()
    for name, rows in fill(CLAIMS, YEARS).items():
        sys.stdout.write(f"{rows:>10,} {name}\n")
    sys.stdout.write(f"loaded in {time.monotonic() - started:.0f} s\n\n")
    sys.stdout.write(f"{'page':28}{'p50 ms':>8}{'p95 ms':>8}{'limit':>8}")
    sys.stdout.write(f"{'statements':>12}{'limit':>8}\n")
    visits = claimants()
    anywhere = [(client, "") for client, _ in visits]
    results = [measure(page, anywhere, limit) for page, limit in EVERYTHING.items()]
    return max([*results, *(measure(page, visits, limit) for page, limit in PAGES.items())])


def claimants() -> list[tuple[django.test.Client, str]]:
    """Residents who are signed in, each with the address of a claim of theirs."""
    from django.test import Client

    from accounts.models import PersonLink, Resident
    from accounts.sessions import SEEN
    from benefits.models import Claim

    found = []
    chosen = Claim.objects.order_by("reference").select_related("person")
    for number, claim in enumerate(islice(chosen, 0, None, CLAIMS // RESIDENTS)):
        resident = Resident.objects.create_user(f"claimant{number}@example.org")
        PersonLink.objects.create(
            resident=resident,
            person=claim.person,
            method=PersonLink.Method.STAFF,
            level=PersonLink.Level.STRONG,
        )
        client = Client()
        client.force_login(resident)
        session = client.session
        session[SEEN] = time.time() + HOUR  # it is written once a minute: by none of these pages
        session.save()
        found.append((client, claim.get_absolute_url()))
    return found


def measure(page: str, visits: list[tuple[django.test.Client, str]], statements: int) -> int:
    """Prints the page's figures; 1 where one is over its limit, otherwise 0."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times, most = [], 0
    for client, address in visits:
        client.get(f"{address}{page}")  # the first page of a session is another matter
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"{address}{page}").status_code == 200, page  # noqa: S101
        most = max(most, len(asked.captured_queries))
        started = time.perf_counter()
        client.get(f"{address}{page}")
        times.append((time.perf_counter() - started) * 1000)
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    sys.stdout.write(f"{page or 'the claim':28}{p50:8.1f}{p95:8.1f}{MILLISECONDS:8.0f}")
    sys.stdout.write(f"{most:12}{statements:8}\n")
    return int(p95 > MILLISECONDS or most > statements)


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
