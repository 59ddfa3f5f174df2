"""PostgreSQL breaks every connection while deliveries are under way, and residents report on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.drills.process import wait_for
from tests.drills.scenario import Scenario
from tests.drills.world import World


def restarted(world: World) -> None:
    """`pg_ctl restart -m immediate`."""
    broken(world, world.site.database.restart_at_once)


def killed(world: World) -> None:
    """Its first process dies, and is started again."""

    def kill_and_start() -> None:
        world.site.database.kill()
        world.site.database.start()

    broken(world, kill_and_start)


def broken(world: World, damage: Callable[[], None]) -> None:
    """An answer comes while nobody can write it down; whoever is shown an error sends again."""
    world.crew()
    world.fill(16)
    world.office.fault("slow", times=2)
    world.submit(5)
    wait_for(world.under_way, "a delivery is under way")
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(world.submit, pause=0.1)
        damage()
        sending.result()


SCENARIOS = (
    Scenario("PostgreSQL restarted at once", restarted, portal_may_refuse=True),
    Scenario("PostgreSQL killed -9", killed, portal_may_refuse=True),
)
