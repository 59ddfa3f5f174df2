"""The scenarios, in the order of the table: the baseline first, the negative controls last."""

from tests.drills.scenario import Scenario
from tests.drills.scenarios import brokers, clocks, controls, databases, deaths, offices

SCENARIOS: tuple[Scenario, ...] = (
    *deaths.SCENARIOS,
    *brokers.SCENARIOS,
    *databases.SCENARIOS,
    *offices.SCENARIOS,
    *clocks.SCENARIOS,
    *controls.SCENARIOS,
)
