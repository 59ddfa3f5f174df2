"""How fast times are found, shown and held in a busy council, beside limits.

Run by `make bench`, on its own test database and with a web server of its own; exit code 1 where
a limit is broken. 40 desks give 6 services on 60 days and have 18,000 bookings.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from appointments.models import Desk, Service
    from appointments.places import Place

DAYS, DESKS, BOOKINGS = 60, 40, 18_000
TIMES_MORE = 10
ROUNDS = 30
HOLDS, CROWD = 100, 200


def main() -> int:
    """Prints one line a figure; 1 where one is beyond its limit."""
    from benchmarks.busy_council import book, deadlocks, open_desks, open_services

    services = open_services(DAYS)
    here = open_desks(DESKS, services, prefix="here")
    book(here, services[0], days=DAYS, count=BOOKINGS)
    before = deadlocks()
    sys.stdout.write(f"{'':50}{'figure':>12}{'limit':>12}{'cpu ms':>8}{'queries':>9}{'limit':>7}\n")
    broken = [*searches(here, services), *pages(services), *holds(services[0]), crowd(services[0])]
    small = costs(here)
    elsewhere = open_desks(DESKS * (TIMES_MORE - 1), services, prefix="elsewhere")
    book(elsewhere, services[0], days=DAYS, count=BOOKINGS * (TIMES_MORE - 1))
    broken += growth(small, costs(here))
    broken += [say("deadlocks", f"{deadlocks() - before}", "0", deadlocks() > before)]
    return int(any(broken))


def say(what: str, figure: str, limit: str, broken: bool, more: str = "") -> bool:
    """Prints a line, and hands on whether the limit is broken."""
    mark = "  BROKEN" if broken else ""
    sys.stdout.write(f"{what:50}{figure:>12}{limit:>12}{more}{mark}\n")
    sys.stdout.flush()
    return broken


def measure(what: str, act: Callable[[], object], limit: float, queries: int) -> bool:
    """Prints the median of many rounds, and what one of them asks the database."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        act()
    taken = len(asked)  # now: the next request empties the log
    walls, cpus = [], []
    for _ in range(ROUNDS):
        wall, cpu = time.perf_counter(), time.process_time()
        act()
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    median = sorted(walls)[ROUNDS // 2]
    more = f"{sorted(cpus)[ROUNDS // 2]:8.1f}{taken:9}{queries:7}"
    over = median > limit or taken > queries
    return say(what, f"{median:.1f} ms", f"{limit:.0f} ms", over, more)


def searches(desks: list[Desk], services: list[Service]) -> Iterator[bool]:
    """The one function that every search asks, and what the pages make of it."""
    from django.utils import timezone

    from appointments import availability, rules

    now = timezone.now()
    first = rules.local_day(now)
    last = first + timedelta(days=DAYS)

    def one(service: Service) -> object:
        return availability.days_with_slots(service, desks, first, last, now=now)

    def all_six() -> None:
        free = availability.free_masks(desks, first, last, now=now)
        for service in services:
            availability.starts(free, service, now=now)

    asked = f"free times, {DAYS} days, {DESKS} desks"
    yield measure(f"{asked}, 1 service", lambda: one(services[1]), 30, 6)
    yield measure(f"{asked}, 6 services", all_six, 30, 6)
    yield measure("first time at 5 places, 180 days", first_times(desks, services[1], 30), 150, 6)
    yield measure("the same where nothing is free", first_times(desks, services[1], 600), 150, 6)


def first_times(desks: list[Desk], service: Service, minutes: int) -> Callable[[], object]:
    """What the list of places asks."""
    from django.utils import timezone

    from appointments import availability

    service.max_advance = 180
    pools: dict[int, list[Desk]] = {}
    for desk in desks:
        pools.setdefault(desk.location_id, []).append(desk)
    now = timezone.now()
    return lambda: availability.first_available(
        service, list(pools.values()), now=now, minutes=minutes
    )


def pages(services: list[Service]) -> Iterator[bool]:
    """What a resident gets on the way to a time; by phone, any of the 40 desks may take it."""
    from accounts.models import Resident
    from appointments import rules
    from tests.client import PortalClient

    resident = PortalClient()
    resident.sign_in(Resident.objects.create_user(email="looks@example.org"))
    address = f"/appointments/book/{services[1].slug}/"
    day = rules.local_day(django.utils.timezone.now()) + timedelta(days=3)
    browser = plain(resident)
    yield measure("page of places", lambda: browser.get(address), 60, 12)
    yield measure("page of days, 40 desks", lambda: browser.get(f"{address}phone/"), 60, 12)
    yield measure("page of times, 40 desks", lambda: browser.get(f"{address}phone/{day}/"), 60, 12)


def plain(checked: Any) -> Any:
    """The same browser without the checks of every page."""
    from django.test import Client

    browser = Client()
    browser.cookies = checked.cookies
    return browser


def holds(service: Service) -> Iterator[bool]:
    """One after the other, each by another resident, from the click to the commit."""
    from django.utils import timezone

    from accounts.models import Resident
    from appointments import actions, rules
    from appointments.places import place_of

    today = rules.local_day(timezone.now())
    for where, name in (("phone", "1 of 40 desks"), ("here-0", "1 of 8 desks")):
        place, times = place_of(service, where), []
        free = free_times(service, place, today + timedelta(days=20))
        for number in range(HOLDS):
            who = Resident.objects.create_user(email=f"{where}{number}@example.org")
            started = time.perf_counter()
            actions.hold(resident=who, service=service, place=place, starts_at=free[number])
            times.append((time.perf_counter() - started) * 1000)
        p95 = sorted(times)[HOLDS * 95 // 100]
        yield say(f"hold {name}, p95", f"{p95:.1f} ms", "60 ms", p95 > 60)


def free_times(service: Service, place: Place, first: Any) -> list[Any]:
    """Times that can be booked there, each as often as there are desks for it."""
    from django.utils import timezone

    from appointments import availability

    found = availability.slots(
        service, place.desks, first, first + timedelta(days=30), now=timezone.now()
    )
    return [slot.starts_at for slot in found for _ in range(slot.left)]


def crowd(service: Service) -> bool:
    """200 residents press the button for the last desk at the same moment, over HTTP."""
    from benchmarks.crowd import press, web_server

    with web_server() as site:
        ends = press(site, service, CROWD)
    one = ends.held == 1 and ends.refused == CROWD - 1
    say("of 200 for one time, these got it", f"{ends.held}", "1", not one)
    say("the others got other times to choose", f"{ends.refused}", f"{CROWD - 1}", not one)
    late = ends.seconds > 3
    return say("all 200 were answered within", f"{ends.seconds:.2f} s", "3 s", late) or not one


@dataclass(frozen=True)
class Cost:
    """Of one search: the rows that the database read for it, and the best time of many rounds."""

    rows: int
    milliseconds: float


def costs(desks: list[Desk]) -> dict[int, Cost]:
    """What a search of 30, 60 and 120 days costs at these desks."""
    from django.utils import timezone

    from appointments import availability, rules
    from benchmarks.busy_council import rows_read

    now = timezone.now()
    first = rules.local_day(now)
    found = {}
    for days in (DAYS // 2, DAYS, DAYS * 2):
        last = first + timedelta(days=days)
        search = partial(availability.free_masks, desks, first, last, now=now)
        times = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            search()
            times.append((time.perf_counter() - started) * 1000)
        found[days] = Cost(rows_read(search), min(times))
    return found


def growth(small: dict[int, Cost], large: dict[int, Cost]) -> Iterator[bool]:
    """What the same search costs with ten times the desks and bookings elsewhere; and more days."""
    for days, before in small.items():
        after, what = large[days], f"{days} days, {TIMES_MORE} x desks and bookings elsewhere"
        yield ratio(f"{what}: rows", after.rows, before.rows, 1.1)
        yield ratio(f"{what}: time", after.milliseconds, before.milliseconds, 1.5)
    few, many = small[DAYS // 2], small[DAYS]
    yield ratio("60 days against 30: rows", many.rows, few.rows, 2.5)
    yield ratio("60 days against 30: time", many.milliseconds, few.milliseconds, 2.5)


def ratio(what: str, after: float, before: float, limit: float) -> bool:
    """Prints how many times as much it is."""
    more = after / before
    return say(what, f"x {more:.2f}", f"x {limit:.2f}", more > limit)


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
