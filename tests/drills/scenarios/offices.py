"""The back office takes reports and does not say so, hangs, refuses, or is down."""

from __future__ import annotations

from time import sleep

from tests.drills.process import wait_for
from tests.drills.scenario import Scenario
from tests.drills.world import World

# So long that without the breaker the few tries of OUTAGE_TRIES are used up.
OUTAGE_SECONDS = 10
OUTAGE_TRIES = {"OUTBOX_GIVE_UP_TRIES": "6", "OUTBOX_REST_SECONDS": "2"}
NONSENSE = ("garbage", "truncated", "login-page", "500-after", "token")


def drops_answers(world: World) -> None:
    """It takes the report and closes the connection."""
    world.crew()
    world.fill(20)
    world.office.fault("drop", share=0.3)
    world.submit(pause=0.1)


def hangs(world: World) -> None:
    """It takes calls and neither reports nor answers, on every page."""
    world.crew()
    world.fill(10)
    world.office.fault("hang", everywhere="true")
    world.submit(pause=0.1)
    sleep(4)
    world.office.fault()


def fails(world: World) -> None:
    """It says that something went wrong; nobody knows how far it came."""
    refuses_for_a_while(world, "500")


def is_busy(world: World) -> None:
    """It asks to be left alone for a while."""
    refuses_for_a_while(world, "429")


def drips(world: World) -> None:
    """It begins an answer that has no end, a byte at a time."""
    refuses_for_a_while(world, "drip")


def accepts_late(world: World) -> None:
    """It takes reports after the call was given up; the look-up comes after that."""
    world.crew(OUTBOX_LOOK_UP_AFTER_SECONDS="4")
    world.fill(10)
    world.office.fault("accept-late", times=4, seconds=1.5)
    world.submit(pause=0.1)


def takes_all_but_one(world: World) -> None:
    """It will never take the fourth report: staff get that one, the others pass it."""
    world.crew()
    world.fill(10, poison=3)
    world.submit(pause=0.1)


def answers_nonsense(world: World) -> None:
    """Half an answer, a log-in page, a token for later: some reports are there and some not."""
    world.crew()
    world.fill(15)
    for fault in NONSENSE:
        world.office.fault(fault, times=2)
        world.submit(3, pause=0.2)
    world.office.fault()


def down(world: World) -> None:
    """Meanwhile staff see each report with its reason; afterwards all arrive."""
    world.crew(**OUTAGE_TRIES)
    world.fill(10)
    world.office.stop()
    world.submit(pause=0.1)
    wait_for(world.is_listed, "staff see why each report waits")
    sleep(OUTAGE_SECONDS)
    world.office.start()


def refuses_for_a_while(world: World, fault: str) -> None:
    """It answers so to everything for three seconds."""
    world.crew()
    world.fill(10)
    world.office.fault(fault, everywhere="true")
    world.submit(pause=0.1)
    sleep(3)
    world.office.fault()


SCENARIOS = (
    Scenario("office drops 30% of answers", drops_answers),
    Scenario("office hangs, then recovers", hangs),
    Scenario("office answers 500, then recovers", fails),
    Scenario("office answers 429, then recovers", is_busy),
    Scenario("office drips, then recovers", drips),
    Scenario("office answers nonsense", answers_nonsense),
    Scenario("office accepts late", accepts_late),
    Scenario("office never takes one of them", takes_all_but_one, staff=1),
    Scenario("office down throughout, then up", down),
)
