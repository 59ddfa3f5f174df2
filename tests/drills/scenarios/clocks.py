"""The clocks of web, worker and sweeper jump while deliveries are under way."""

from __future__ import annotations

from tests.drills.clock import Clock
from tests.drills.scenario import Scenario
from tests.drills.world import World


def jumps_on(world: World) -> None:
    """Everybody's session is over; no delivery is given up, or sent twice."""
    jump(world, 2)


def jumps_back(world: World) -> None:
    """What is due now is not due in two hours."""
    jump(world, -2)


def jump(world: World, hours: int) -> None:
    """Half of the reports are made before; answers are lost, so that times are compared."""
    clock = Clock(world.folder / "clock")
    world.site.reopen(clock)
    world.crew(**clock.environment)
    world.fill(8)
    world.office.fault("drop", share=0.5)
    world.submit()
    clock.jump(hours)
    # Who was signed in for two hours without a page is signed out.
    world.site.sign_in()
    world.fill(8)
    world.submit()
    world.office.fault()


SCENARIOS = (
    Scenario("clock jumps two hours on", jumps_on),
    Scenario("clock jumps two hours back", jumps_back),
)
