"""A worker that is killed in the middle of a booking."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from appointments.checks import problems
from appointments.models import Appointment
from tests import database
from tests.appointments.concurrency.crowd import at_once, clear, holds, is_alone
from tests.appointments.world import in_days, make_place
from tests.factories.accounts import ResidentFactory
from tests.waiting import eventually


def kill_half_way(service: Any, *more: str) -> None:
    """Kill -9 a worker that has written the appointment and not its cells."""
    who, start = ResidentFactory.create(), in_days(3)
    worker = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.appointments.concurrency.killed"),
            *(str(who.pk), service.slug, "town-hall", start.isoformat(), *more),
        ],
        env=os.environ | {"DATABASE_URL": database.url()},
        stdout=subprocess.PIPE,
        text=True,
    )
    with worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "half\n"
        worker.kill()
    eventually(is_alone)


def test_worker_that_is_killed_half_way_leaves_the_time_free() -> None:
    service, place = make_place()

    kill_half_way(service)

    assert not Appointment.objects.exists()
    assert at_once(*holds(2, service, place, in_days(3))) == {"done": 1, "SlotTaken": 1}


def test_worker_that_commits_half_a_booking_is_found_out() -> None:
    service, _ = make_place()

    kill_half_way(service, "--careless")

    [half] = Appointment.objects.all()
    assert problems() == [f"{half.reference} lacks a cell of its time, or has one twice."]
    clear()
