"""Negative controls: with one guard off, the same faults lose or double reports."""

from __future__ import annotations

from time import sleep

from tests.drills.orders import BEFORE_SEND, BREAKER, LEASE, LOOK_UP
from tests.drills.scenario import Scenario
from tests.drills.scenarios.brokers import forget_nudges
from tests.drills.scenarios.offices import OUTAGE_SECONDS, OUTAGE_TRIES
from tests.drills.world import World

# Longer than everything takes with the guard on.
PATIENCE = 15


def without_look_up(world: World) -> None:
    """Five of sixteen answers are lost, about 30%, and what is in doubt is sent again."""
    world.crew(DRILL_OFF=LOOK_UP)
    world.fill(16)
    world.office.fault("drop", times=5)
    world.submit(pause=0.1)


def without_lease(world: World) -> None:
    """What the dead worker held is never taken back."""
    victim = world.worker(DRILL_WINDOW=BEFORE_SEND)
    world.fill(10)
    world.submit()
    victim.wait_in_window()
    victim.kill()
    world.crew(DRILL_OFF=LEASE)


def without_sweep(world: World) -> None:
    """Workers are there, and nobody tells them of anything."""
    world.fill(10)
    world.submit()
    forget_nudges(world)
    world.worker()


def without_breaker(world: World) -> None:
    """The tries of every report are used up, and staff have to put each in line again."""
    world.crew(DRILL_OFF=BREAKER, **OUTAGE_TRIES)
    world.fill(10)
    world.office.stop()
    world.submit(pause=0.1)
    sleep(OUTAGE_SECONDS)
    world.office.start()


SCENARIOS = (
    Scenario(
        "look-up off, answers dropped", without_look_up, patience=PATIENCE, shows="duplicated"
    ),
    Scenario("lease off, worker killed", without_lease, patience=PATIENCE, shows="stuck"),
    Scenario("sweep off, broker flushed", without_sweep, patience=PATIENCE, shows="stuck"),
    Scenario("breaker off, office down", without_breaker, patience=PATIENCE, shows="staff"),
)
