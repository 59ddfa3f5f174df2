"""The clocks of web, worker and sweeper jump while deliveries are under way."""

from __future__ import annotations

from tests.drills.clock import Clock, library
from tests.drills.process import DrillError
from tests.drills.scenario import Scenario
from tests.drills.world import World

FAKETIME = "faketime"


def jumps_on(world: World) -> None:
    """Everybody's session is over; no delivery is given up, or sent twice."""
    jump(world, 2)


def jumps_back(world: World) -> None:
    """What is due now is not due in two hours."""
    jump(world, -2)


def jump(world: World, hours: int) -> None:
    """Half of the reports are made before; answers are lost, so that times are compared."""
    found = library()
    if found is None:
        raise DrillError("libfaketime is not installed")
    clock = Clock(world.folder / "clock", found)
    world.site.reopen(clock)
    world.crew(**clock.environment)
    world.fill(16)
    world.office.fault("drop", share=0.5)
    world.submit(8)
    clock.jump(hours)
    # Who was signed in for two hours without a page is signed out.
    world.site.sign_in()
    world.fill(16)
    world.submit()
    world.office.fault()


SCENARIOS = (
    Scenario("clock jumps two hours on", jumps_on, needs=FAKETIME),
    Scenario("clock jumps two hours back", jumps_back, needs=FAKETIME),
)
