"""What the outbox costs a resident, and how fast it carries, beside its limits.

Run by `make bench`, with a PostgreSQL, a Redis (where its program is installed), a web server, a
worker, a sweeper and back offices of its own; exit code 1 where a limit is broken.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from django.utils import timezone

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.backoffice import API_KEY, BackOffice
from tests.drills.broker import Redis
from tests.drills.process import Process, wait_for
from tests.drills.site import Site
from tests.drills.world import World

if TYPE_CHECKING:
    from stockport.outbox.models import Destination

ROUNDS, REPORTS = 6, 20
WAITING, LATENCY, CONCURRENCY = 10_000, 0.1, 8
BESIDE, BESIDE_LATENCY, BESIDE_ROUNDS = 400, 0.05, 3
CELERY = ("celery", "--app", "stockport", "--quiet", "worker")
ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def main() -> int:
    """Prints one line a figure; 1 where one is beyond its limit."""
    with TemporaryDirectory(prefix="bench-") as name, ExitStack() as parts:
        site = Site(Path(name))
        parts.callback(site.end)
        site.start()
        os.environ |= site.environment
        import django

        django.setup()
        logging.disable(logging.INFO)
        for process in carriers(site):
            parts.callback(process.end)
            process.start()
        figures = (submits, arrivals, besides, drains)
        return max([broken for figure in figures for broken in figure(site)])


def carriers(site: Site) -> Iterator[Process]:
    """Worker and sweeper with the waiting times of production, and without DEBUG."""
    environment = {name: v for name, v in site.environment.items() if "OUTBOX" not in name}
    environment["DJANGO_SETTINGS_MODULE"] = "benchmarks.without_debug"
    for name, command in (("worker", (*CELERY, *ALONE)), ("sweeper", ("django", "sweep"))):
        log = site.folder / f"bench-{name}.log"
        yield Process(name, (sys.executable, "-m", *command), environment, log)


def say(what: str, figure: str, limit: str, broken: bool) -> bool:
    """Prints a line, and hands on whether the limit is broken."""
    mark = "BROKEN" if broken else ""
    sys.stdout.write(f"{what:58}{figure:>12}{limit:>12}  {mark}\n")
    sys.stdout.flush()
    return broken


# What submitting a report costs -----------------------------------------------------------------


def down(world: World) -> None:
    """The back office is not there."""
    world.office.stop()


def hanging(world: World) -> None:
    """The back office takes calls and answers none."""
    world.office.fault("hang", everywhere="true")


def gone(world: World) -> None:
    """The broker, which is the cache too, is dead."""
    redis(world).kill()


def frozen(world: World) -> None:
    """The broker takes connections and answers none."""
    redis(world).freeze()


def redis(world: World) -> Redis:
    """The broker's process."""
    assert isinstance(world.site.broker, Redis), "Install redis-server"  # noqa: S101
    return world.site.broker


CONDITIONS: dict[str, Callable[[World], None]] = {
    "all well": lambda world: None,
    "the back office down": down,
    "the back office hanging": hanging,
    "the broker gone": gone,
    "the broker frozen": frozen,
}


def submits(site: Site) -> Iterator[bool]:
    """The time of the POST that submits a report, in turn under every condition."""
    chosen = dict(CONDITIONS)
    if not isinstance(site.broker, Redis):
        sys.stdout.write("Without redis-server the broker is a folder, which is never away.\n")
        del chosen["the broker gone"], chosen["the broker frozen"]
    taken: dict[str, list[float]] = {name: [] for name in chosen}
    names = list(chosen)
    for number in range(ROUNDS):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            taken[name] += one_round(site, chosen[name])
    usual = median(taken["all well"])
    for name in names:
        seconds = median(taken[name])
        ratio = seconds / usual
        yield say(f"submit with {name}", f"{seconds * 1000:.1f} ms", "", False)
        yield say("    against all well", f"{ratio:.2f}", "1.05", ratio > 1.05)


def one_round(site: Site, condition: Callable[[World], None]) -> list[float]:
    """Seconds of each of the reports that residents submit under the condition."""
    with World(site) as world:
        world.fill(REPORTS)
        condition(world)
        world.submit()
        site.broker.mend()
        if world.office.process:
            world.office.fault()
    return [sent.seconds for sent in world.sent]


# From commit to the back office -----------------------------------------------------------------

DELAYS = """
SELECT reference, extract(epoch FROM fresh_at) FROM outbox_delivery WHERE kind = 'street_report'
"""


def arrivals(site: Site) -> Iterator[bool]:
    """How long after its commit a report is at the back office, when all is well."""
    with World(site) as world:
        world.fill(REPORTS)
        world.submit(pause=0.3)
        wait_for(lambda: len(world.office.references()) == REPORTS, "every report arrives")
        arrived = {case["reference"]: case["at"] for case in world.office.ledger()["cases"]}
        delays = [arrived[ref] - float(made) for ref, made in site.database.rows(DELAYS)]
    yield say(
        "commit to back office, median", f"{median(delays):.2f} s", "1.00 s", median(delays) > 1
    )
    yield say("    slowest", f"{max(delays):.2f} s", "", False)


# How fast deliveries are carried ----------------------------------------------------------------


def besides(site: Site) -> Iterator[bool]:
    """How long one destination's deliveries take, alone and beside another that hangs."""
    alone, beside = [], []
    for _ in range(BESIDE_ROUNDS):
        alone.append(carried(site, BESIDE, BESIDE_LATENCY, 4))
        with office(site) as other, team(other, "hanging", 4) as hanging_team:
            other.fault("hang", everywhere="true")
            fill(hanging_team, 50)
            wait_for(lambda: other.summary()["calls"], "the other one hangs")
            beside.append(carried(site, BESIDE, BESIDE_LATENCY, 4))
    ratio = median(beside) / median(alone)
    yield say(f"{BESIDE} deliveries alone", f"{median(alone):.1f} s", "", False)
    yield say("    beside a destination that hangs", f"{ratio:.2f}", "1.10", ratio > 1.1)


def drains(site: Site) -> Iterator[bool]:
    """A backlog, as fast as the destination's latency and its limit of calls at once allow."""
    best = WAITING * LATENCY / CONCURRENCY
    share = best / carried(site, WAITING, LATENCY, CONCURRENCY)
    what = f"{WAITING:,} deliveries, {CONCURRENCY} at once, {LATENCY * 1000:.0f} ms each"
    yield say(f"{what}: none lost or doubled", f"{share:.0%}", "70%", share < 0.7)


def carried(site: Site, number: int, latency: float, concurrency: int) -> float:
    """Seconds that so many deliveries take; fails where one is lost or doubled."""
    from stockport.outbox.nudging import publish

    with office(site) as there, team(there, "measured", concurrency) as to:
        there.latency(latency)
        fill(to, number)
        started = time.monotonic()
        for _ in range(concurrency):
            publish(to.pk)
        while to.deliveries.exclude(state="sent").exists():
            time.sleep(0.2)
        seconds = time.monotonic() - started
        cases = there.summary()["references"].values()
        assert [count for count, _ in cases] == [1] * number, "lost or doubled"  # noqa: S101
    return seconds


@contextmanager
def office(site: Site) -> Iterator[BackOffice]:
    """A back office that knows no idempotency keys."""
    with TemporaryDirectory(dir=site.folder) as folder:
        there = BackOffice(Path(folder), ("--ignore-keys",))
        there.start()
        try:
            yield there
        finally:
            there.stop()


@contextmanager
def team(there: BackOffice, slug: str, concurrency: int) -> Iterator[Destination]:
    """A destination whose system this is; gone with all its deliveries at the end."""
    from stockport.outbox.models import Destination

    made = Destination.objects.create(
        slug=slug,
        name=slug,
        connector="open311",
        endpoint=there.url,
        api_key=API_KEY,
        concurrency=concurrency,
    )
    try:
        yield made
    finally:
        there.fault()
        Destination.objects.filter(pk=made.pk).update(paused_at=timezone.now())
        wait_for(lambda: not made.deliveries.filter(state="leased"), "calls under way end")
        made.deliveries.all().delete()
        made.delete()


def fill(to: Destination, number: int) -> None:
    """So many reports that wait, one of each reference."""
    from stockport.outbox.models import Delivery

    Delivery.objects.bulk_create(
        Delivery(
            destination=to,
            kind="benchmark",
            reference=f"B-{count:06}",
            payload={"service_code": "light-out", "address_string": "14 Ashfield Road"},
        )
        for count in range(number)
    )


if __name__ == "__main__":
    sys.exit(main())
