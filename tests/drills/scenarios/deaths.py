"""Nothing happens; then workers and sweepers are killed with -9, in every window and anywhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random
from time import sleep

from tests.drills.orders import BEFORE_COMMIT, BEFORE_SEND
from tests.drills.process import wait_for
from tests.drills.scenario import Scenario
from tests.drills.world import Carrier, World

SEED = 20261123


def baseline(world: World) -> None:
    """No fault: what submitting usually takes."""
    world.crew()
    world.fill(16)
    world.submit(pause=0.1)


def two_of_each(world: World) -> None:
    """Whoever is first carries it, and nobody else."""
    world.crew()
    world.crew()
    world.fill(20)
    world.submit()


def killed_before_send(world: World) -> None:
    """Leased, and nothing was sent."""
    killed_in_window(world, world.worker(DRILL_WINDOW=BEFORE_SEND))


def killed_while_sending(world: World) -> None:
    """The back office has the call, and takes nothing."""
    killed_in_call(world, "hang")


def killed_after_acceptance(world: World) -> None:
    """The back office has taken the report; its answer is not there yet."""
    killed_in_call(world, "slow")


def killed_before_commit(world: World) -> None:
    """The answer is there, and its transaction is open."""
    killed_in_window(world, world.worker(DRILL_WINDOW=BEFORE_COMMIT))


def sweeper_killed(world: World) -> None:
    """The same, without any worker."""
    killed_in_window(world, world.sweeper(DRILL_WINDOW=BEFORE_COMMIT))


def killed_at_random(world: World) -> None:
    """Two workers and a sweeper die and come back while residents report and answers are lost."""
    random = Random(SEED)
    crew = [world.worker(), *world.crew()]
    world.fill(20)
    world.office.fault("drop", share=0.2)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(world.submit, pause=0.4)
        while not sending.done():
            sleep(random.uniform(0.3, 2.0))
            victim = random.choice(crew)
            victim.kill()
            victim.start()
        sending.result()
    world.office.fault()


def restarted_in_order(world: World) -> None:
    """A release: each is asked to end and started again, while residents report."""
    crew = world.crew()
    world.fill(16)
    world.office.fault("drop", share=0.2)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(world.submit, pause=0.2)
        for one in crew:
            one.end()
            one.start()
        sending.result()
    world.office.fault()


def killed_in_window(world: World, victim: Carrier) -> None:
    """It stands still in its window, dies there, and another one takes over."""
    world.fill(10)
    world.submit()
    victim.wait_in_window()
    victim.kill()
    world.crew()


def killed_in_call(world: World, fault: str) -> None:
    """It waits for the back office, dies, and another one takes over."""
    victim = world.worker()
    world.fill(10)
    world.office.fault(fault, times=1)
    world.submit()
    wait_for(lambda: _struck(world, fault), "the back office has the call")
    victim.kill()
    world.crew()


def _struck(world: World, fault: str) -> bool:
    return any(fault in call["answer"] for call in world.office.ledger()["calls"])


SCENARIOS = (
    Scenario("baseline", baseline),
    Scenario("two workers, two sweepers", two_of_each),
    Scenario("worker killed before send", killed_before_send),
    Scenario("worker killed while sending", killed_while_sending),
    Scenario("worker killed after acceptance", killed_after_acceptance),
    Scenario("worker killed before our commit", killed_before_commit),
    Scenario("sweeper killed before our commit", sweeper_killed),
    Scenario("worker, sweeper restarted in order", restarted_in_order),
    Scenario("kill -9 at random under load", killed_at_random),
)
