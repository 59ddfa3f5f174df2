"""Many people at once, on real connections, and what takes the guards away."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from appointments import actions, availability
from appointments.models import Appointment, OccupiedCell
from tests.appointments.world import in_days
from tests.factories.accounts import ResidentFactory
from tests.waiting import eventually, somebody_waits_for_a_lock

MOST = 40  # connections: the others queue, as they do before the threads of a web server
PATIENCE = 20.0


def at_once(*calls: Callable[[], Any]) -> Counter[str]:
    """Run these at the same moment on connections of their own; counts how each one ended."""
    waiting = deque(calls)
    gate = threading.Barrier(min(len(calls), MOST))
    ends: list[str] = []

    def run() -> None:
        try:
            connection.ensure_connection()
            gate.wait(PATIENCE)
            while waiting:
                with suppress(IndexError):
                    ends.append(_end_of(waiting.popleft()))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(gate.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return Counter(ends)


def _end_of(call: Callable[[], Any]) -> str:
    """The name of its error, or that it was done."""
    try:
        call()
    except Exception as error:
        return type(error).__name__
    return "done"


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, call: Callable[[], Any], other: Callable[[], Any], *, look: int
) -> Counter[str]:
    """Do the other thing after the first has looked so many times at what is free.

    The first goes on when the other is done, or waits for a lock of the first.
    """
    looked, done = threading.Event(), threading.Event()
    real, looks = availability.free_masks, []

    def slow(*args: Any, **kwargs: Any) -> Any:
        free = real(*args, **kwargs)
        if threading.current_thread().name == "first":
            looks.append(free)
            if len(looks) == look:
                looked.set()
                eventually(lambda: done.is_set() or somebody_waits_for_a_lock())
        return free

    def first() -> None:
        threading.current_thread().name = "first"
        call()

    def second() -> None:
        looked.wait(PATIENCE)
        other()
        done.set()

    monkeypatch.setattr(availability, "free_masks", slow)
    return at_once(first, second)


def is_alone() -> bool:
    """Whether all other connections to this database have ended, and told what they counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0]) == 0


def deadlocks() -> int:
    """How many this database has had."""
    eventually(is_alone)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def residents_with_too_many() -> list[str]:
    """Who has two appointments at the same time, or more than the service allows."""
    live = Appointment.objects.live(timezone.now()).exclude(resident=None)
    theirs = defaultdict(list)
    for made in live.select_related("resident", "service").order_by("starts_at"):
        theirs[made.resident].append(made)
    return [
        who.email
        for who, made in theirs.items()
        if any(one.ends_at > other.starts_at for one, other in pairwise(made))
        or any(count > service.max_active for service, count in _by_service(made).items())
    ]


def _by_service(made: list[Appointment]) -> Counter[Any]:
    return Counter(one.service for one in made)


@contextmanager
def without_unique_cells() -> Iterator[None]:
    """Take the constraint away, and put it back when the harm has been cleared up."""
    table, name = "appointments_occupiedcell", "appointments_occupiedcell_unique"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        try:
            yield
        finally:
            clear()
            cursor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE (desk_id, lane, cell)"
            )


def clear() -> None:
    """No appointments any more."""
    OccupiedCell.objects.all().delete()
    Appointment.objects.all().delete()


def all_look_first(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Nobody writes before everybody has looked for the second time, which is under the lock."""
    gate, mine = threading.Barrier(count), threading.local()
    real = availability.free_masks

    def slow(*args: Any, **kwargs: Any) -> Any:
        free = real(*args, **kwargs)
        mine.looks = getattr(mine, "looks", 0) + 1
        if mine.looks == 2:
            with suppress(threading.BrokenBarrierError):
                gate.wait(PATIENCE)
        return free

    monkeypatch.setattr(availability, "free_masks", slow)


def holds(count: int, service: Any, place: Any, start: Any) -> list[Callable[[], Any]]:
    """That many residents, each about to hold this time."""
    ask = partial(actions.hold, service=service, place=place, starts_at=start)
    return [partial(ask, resident=who) for who in ResidentFactory.create_batch(count)]


def booked(count: int, service: Any, place: Any) -> list[Appointment]:
    """That many residents, each with an appointment at a time of their own."""
    made = []
    for n, who in enumerate(ResidentFactory.create_batch(count)):
        start = in_days(3 + n // 14, 9 + n % 14 // 2, n % 2 * 30)
        held = actions.hold(resident=who, service=service, place=place, starts_at=start)
        made.append(actions.confirm(appointment=held))
    return made


def each_has_one(made: list[Appointment]) -> bool:
    """Whether every resident still has exactly one appointment."""
    found = Appointment.objects.booked().values_list("resident", flat=True)
    return sorted(found) == sorted(one.resident_id for one in made)
