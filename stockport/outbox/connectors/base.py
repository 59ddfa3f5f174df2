"""What every connector offers, and what it says happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from stockport.outbox.workflow import State

if TYPE_CHECKING:
    from stockport.outbox.models import Delivery, Destination


@dataclass(frozen=True)
class Outcome:
    """What one call to a destination came to.

    `state` is sent, retry (certainly not there), unknown (it may be there), accepted_id_pending or
    dead. `answer` is what was answered, as it came: it is redacted before it is stored.
    """

    state: State
    reason: str = ""
    remote_reference: str = ""
    token: str = ""
    status_code: int | None = None
    answer: str = ""
    wait: timedelta | None = None
    # The system refuses us altogether (401, 403): nobody's deliveries will get through.
    refuses_us: bool = False
    # The system itself is in trouble (refused, silent, 5xx, 429): others would fare no better.
    trouble: bool = False


@dataclass(frozen=True)
class Update:
    """News of something sent earlier. `status` is the destination's own word, `code` its reason."""

    update_id: str
    remote_reference: str
    status: str
    description: str
    updated_at: datetime
    code: str = ""


class Unreadable(Exception):
    """The answer is not what the destination's protocol says it should be."""


class CannotFetch(Exception):
    """The destination's updates could not be read this time."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


class Connector(Protocol):
    """One kind of destination. Every call returns within the lease, and never raises for it."""

    def __init__(self, destination: Destination) -> None: ...

    def send(self, delivery: Delivery) -> Outcome:
        """Hand it over."""
        ...

    def find(self, delivery: Delivery) -> Outcome:
        """Whether it is there already: sent, retry (certainly not there) or unknown."""
        ...

    def poll(self, delivery: Delivery) -> Outcome:
        """What has become of the token that an earlier call returned."""
        ...

    def updates(self, start: datetime, end: datetime) -> list[Update]:
        """News from start to end, oldest first; raises CannotFetch."""
        ...

    def keep(self, payload: dict[str, Any]) -> dict[str, Any]:
        """What of the payload may stay once it is sent."""
        ...
