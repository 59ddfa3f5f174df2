"""How fast the public list of Open311 is with 500,000 reports, beside its limit.

Run by `make bench`, on its own test database; exit code 1 where a limit is broken. What is
measured is the whole answer, from the request to the last byte, in both formats: 1,000 reports of
any 90 days, filtered or not, the first page or a late one; and what became of them, likewise.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

MILLISECONDS = 40.0  # at the 95th percentile
ROUNDS = 100
STATEMENTS = 6
BASE = "/open311/v2/"
FILTERS: dict[str, dict[str, Any]] = {
    "newest": {},
    "open": {"status": "open"},
    "of two services": {"service_code": "light-out,grid-blocked"},
    "late page": {"page": 40},
    "hundred of them": {"page": 300, "page_size": 100},
}
UPDATES = 3  # of each report
WINDOWS = (0, 365, 900)  # days before now that the 90 days end
PLANS = ("newest", "late page", "of two services")


def main() -> int:
    """Prints one line for each question: median and 95th percentile of many answers."""
    from benchmarks.large_borough import load

    load()
    add_updates()
    sys.stdout.write(f"{'asked for':44}{'rows':>6}{'p50 ms':>8}{'p95 ms':>8}{'limit':>7}")
    sys.stdout.write(f"{'statements':>12}{'limit':>7}\n")
    results = [measure(*question) for question in questions()]
    show_plans()
    return max(results)


def add_updates() -> None:
    """What the teams said of each report, some days apart."""
    from django.db import connection

    from benchmarks.large_borough import settle

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO street_reports_update (report_id, update_id, status, text, updated_at,"
            " received_at) SELECT id, n, 'planned', 'On Friday.', at, at"
            " FROM street_reports_report, generate_series(1, %s) n,"
            " LATERAL (SELECT created_at + n * interval '5 days 1 second' AS at) moved",
            [UPDATES],
        )
    settle("street_reports_update", "street_reports_act")


def questions() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What is asked: its name, the address, the query."""
    now = datetime.now().astimezone()
    for days, (name, query), form in product(WINDOWS, FILTERS.items(), ("json", "xml")):
        end = now - timedelta(days=days)
        span = {"start_date": written(end - timedelta(days=90)), "end_date": written(end)}
        yield f"{form}: {name}, {days} days ago", f"requests.{form}", query | span
    for page, form in product((1, 100), ("json", "xml")):
        yield f"{form}: updates, page {page}", f"servicerequestupdates.{form}", {"page": page}
    since = written(now - timedelta(days=90))
    yield "json: changed since", "requests.json", {"updated_after": since}


def written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def measure(name: str, path: str, query: dict[str, Any]) -> int:
    """Prints its figures; 1 where one is over its limit, otherwise 0."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, address = Client(), f"{BASE}{path}"
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address, query)
    taken = len(captured)
    rows = answer.content.count(b"service_request_id") // (1 if path.endswith("json") else 2)
    times = sorted(timed(client, address, query) for _ in range(ROUNDS))
    p50, p95 = times[ROUNDS // 2], times[ROUNDS * 95 // 100]
    sys.stdout.write(f"{name:44}{rows:6}{p50:8.1f}{p95:8.1f}{MILLISECONDS:7.0f}")
    sys.stdout.write(f"{taken:12}{STATEMENTS:7}\n")
    return int(p95 > MILLISECONDS or taken > STATEMENTS or answer.status_code != 200)


def timed(client: Any, address: str, query: dict[str, Any]) -> float:
    """Milliseconds of one answer."""
    started = time.perf_counter()
    client.get(address, query)
    return (time.perf_counter() - started) * 1000


def show_plans() -> None:
    """Prints how the database finds a page, for whoever changes its indexes."""
    from django.http import QueryDict

    from street_reports.open311.listing import found_in

    for name in PLANS:
        query = QueryDict(mutable=True)
        query.update({key: str(value) for key, value in FILTERS[name].items()})
        plan = found_in(query).values("pk").explain(analyze=True, buffers=True)
        sys.stdout.write(f"\n{name}\n{plan}\n")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from benchmarks.large_borough import run

    sys.exit(run(main))
