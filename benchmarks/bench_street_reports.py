"""How fast lights and grids are found among 100,000 with 500,000 reports, beside limits.

Run by `make bench`, on its own test database; exit code 1 where a limit is broken. What is
measured is the time in the database: what each statement of one search took, added up.
"""

from __future__ import annotations

import gzip
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

MILLISECONDS = 30.0  # at the 95th percentile
KILOBYTES = 110
ROUNDS = 40
# What residents write, and the statements that it takes to find the streets and then the list.
TEXTS = {
    "14 ashfield road": 5,
    "lamp 014 Ashfield": 6,
    "Millcrest Av": 4,
    "mill": 3,
    "14 Ashfeild Road": 5,
    "Xyzzy Street": 4,
    "SK3 8UD": 5,
    "14 SK3 8UD": 7,
}


def main() -> int:
    """Prints one line for each way of finding: median and 95th percentile of many searches."""
    from benchmarks.large_borough import load

    load()
    sys.stdout.write(f"{'found by':28}{'p50 ms':>8}{'p95 ms':>8}{'limit':>8}")
    sys.stdout.write(f"{'statements':>12}{'limit':>8}\n")
    results = [measure(text, partial(find, text), limit) for text, limit in TEXTS.items()]
    results += [measure(f"box at zoom {zoom}", partial(box, zoom), 2) for zoom in (14, 16, 17)]
    results += [measure(name, look, statements) for name, look, statements in staff_lists()]
    return max([*results, weigh()])


def staff_lists() -> Iterator[tuple[str, Callable[[], object], int]]:
    """What staff open first: the queue, that of one team, what is overdue, and a reference.

    Two statements more than a page takes: that somebody is still there is written once a minute.
    """
    from accounts.models import Resident
    from stockport.outbox.models import Destination
    from tests.client import PortalClient

    staff = PortalClient()
    staff.sign_in(Resident.objects.create_superuser(email="queue@example.org", password=""))
    team = Destination.objects.get(slug="street-lighting").pk
    for name, query in [
        ("staff: queue", ""),
        ("staff: queue of a team", f"?team={team}"),
        ("staff: overdue", "?target=overdue"),
        ("staff: by our reference", "?q=SL-0000-0050"),
    ]:
        page = f"/admin/street_reports/report/{query}"
        yield name, partial(staff.get, page), 11 if "?q=" in query else 10


def box(zoom: int) -> None:
    """What the map asks for around the town hall: six squares of 512 pixels."""
    from street_reports.boxes import Box, degrees_per_pixel
    from street_reports.geojson import collection
    from street_reports.models import Kind

    north, east = 53.4062, -2.1582
    up, right = (pixels * degrees_per_pixel(zoom) for pixels in (300, 768))
    collection(Kind.GRID, Box(east - right, north - up, east + right, north + up, zoom))


def find(text: str) -> None:
    """What the two pages ask: which streets, and then the list of the first one."""
    from street_reports.models import Kind
    from street_reports.rules import read_search
    from street_reports.search import find_assets, find_streets

    search = read_search(text)
    streets = find_streets(Kind.STREET_LIGHT, search).names
    find_assets(Kind.STREET_LIGHT, search, streets[0] if streets else "")


def measure(name: str, act: Callable[[], Any], statements: int) -> int:
    """Prints its figures; 1 where one is over its limit, otherwise 0."""
    times, taken = [], 0
    for _ in range(ROUNDS):
        with timed() as spent:
            act()
        times.append(sum(spent) * 1000)
        taken = max(taken, len(spent))
    times.sort()
    p50, p95 = times[ROUNDS // 2], times[ROUNDS * 95 // 100]
    sys.stdout.write(f"{name:28}{p50:8.1f}{p95:8.1f}{MILLISECONDS:8.0f}{taken:12}{statements:8}\n")
    return int(p95 > MILLISECONDS or taken > statements)


def weigh() -> int:
    """Prints what the map's page weighs with all that it loads, compressed; 1 where too much."""
    page = map_page()
    static = Path(__file__).resolve().parent.parent / "static"
    files = {static / name for name in re.findall(r'(?:href|src)="/static/([^"]+)"', page)}
    imported = re.compile(r'import [^"]*"\./([^"]+)"')
    for script in [file for file in files if file.suffix == ".js"]:
        files |= {script.parent / name for name in imported.findall(script.read_text("utf-8"))}
    parts = [page.encode(), *(file.read_bytes() for file in sorted(files))]
    weight = sum(len(gzip.compress(part, 9)) for part in parts) / 1024
    sys.stdout.write(
        f"\nmap page with {len(files)} files, gzip: {weight:.0f} KB, limit {KILOBYTES}\n"
    )
    return int(weight > KILOBYTES)


def map_page() -> str:
    """The page as a resident gets it who asked for the map."""
    from accounts.models import Resident
    from tests.client import PortalClient

    resident = PortalClient()
    resident.sign_in(Resident.objects.create_user(email="map@example.org"))
    base = resident.get("/street-reports/new/").url.removesuffix("kind/")
    answers = {
        "kind": {"kind": "street_light"},
        "danger": {"danger": "no"},
        "whose": {"owner": "none"},
        "find": {"q": "SK3 8UD", "way": "map"},
    }
    for step, answer in answers.items():
        resident.post(f"{base}{step}/", answer)
    return str(resident.get(f"{base}map/").content.decode())


@contextmanager
def timed() -> Iterator[list[float]]:
    """The seconds that each statement inside takes, with the answer's way back."""
    from django.db import connection

    spent: list[float] = []

    def note(execute: Callable[..., Any], *arguments: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent.append(time.perf_counter() - started)

    with connection.execute_wrapper(note):
        yield spent


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from benchmarks.large_borough import run

    sys.exit(run(main))
