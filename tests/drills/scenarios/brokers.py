"""The broker, which is the cache as well, goes away, comes back empty, or stands still."""

from __future__ import annotations

from time import sleep

from tests.drills.broker import Files, Redis
from tests.drills.process import DrillError
from tests.drills.scenario import Scenario
from tests.drills.world import World


def broker_away(world: World) -> None:
    """It dies before the first report and does not come back."""
    world.crew()
    world.fill(10)
    redis(world).kill()
    world.submit(pause=0.1)


def broker_comes_back(world: World) -> None:
    """Half of the reports are made while it is away."""
    world.crew()
    world.fill(10)
    redis(world).kill()
    world.submit(5)
    redis(world).start()
    world.submit()


def broker_flushed(world: World) -> None:
    """Every nudge is forgotten before there is a worker to hear it."""
    world.fill(10)
    world.submit()
    forget_nudges(world)
    world.crew()


def broker_frozen(world: World) -> None:
    """It takes connections and answers nothing: worse than away."""
    world.crew()
    world.fill(10)
    redis(world).freeze()
    world.submit(pause=0.1)


def forget_nudges(world: World) -> None:
    """Have the broker forget them all, once the web server's thread has handed over the last."""
    for _ in range(5):
        sleep(1)
        world.site.broker.flush()


def redis(world: World) -> Redis:
    """The broker's process."""
    if isinstance(world.site.broker, Files):
        raise DrillError("This broker has no process")
    return world.site.broker


SCENARIOS = (
    Scenario("broker away throughout", broker_away, stops_broker=True),
    Scenario("broker away, then back empty", broker_comes_back, stops_broker=True),
    Scenario("broker flushed", broker_flushed),
    Scenario("broker frozen throughout", broker_frozen, stops_broker=True),
)
