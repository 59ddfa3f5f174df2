"""A scenario: its name, what happens in it, and how it is to end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.drills.world import World

Play = Callable[[World], None]


@dataclass(frozen=True)
class Scenario:
    """`play` starts what carries, fills and submits reports, and does the damage.

    `shows` makes it a negative control: with its guard off, this figure must not be 0.
    """

    name: str
    play: Play
    staff: int = 0
    portal_may_refuse: bool = False
    patience: float = 60
    shows: str = ""
    stops_broker: bool = False
