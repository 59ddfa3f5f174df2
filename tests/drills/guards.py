"""Switches one guard of the outbox off, so that a drill can show what it guards against."""

from __future__ import annotations

from typing import Any

from stockport.outbox.connectors.base import Outcome
from stockport.outbox.connectors.open311 import Open311Connector
from stockport.outbox.models import Destination
from stockport.outbox.models.deliveries import DeliveryQuerySet
from stockport.outbox.workflow import State
from tests.drills.orders import BREAKER, LEASE, LOOK_UP


def switch_off(guard: str) -> None:
    """Leave this process without the guard; the sweep is switched off by not starting it."""
    {LOOK_UP: _look_up, LEASE: _lease, BREAKER: _breaker}[guard]()


def _look_up() -> None:
    """A delivery whose answer was lost is simply sent again."""
    outcome = Outcome(State.RETRY, "It is sent again without looking.")
    Open311Connector.find = lambda self, delivery: outcome  # type: ignore[method-assign]


def _lease() -> None:
    """A lease never ends: what a dead worker held is never taken back."""

    def none(self: DeliveryQuerySet) -> Any:
        return self.none()

    DeliveryQuerySet.abandoned = none  # type: ignore[method-assign]


def _breaker() -> None:
    """A destination that fails is never left alone."""
    Destination.FAILURES_BEFORE_REST = 10**6
