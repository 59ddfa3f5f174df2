"""How a report gets on: accepted at once, planned after one pace, fixed after two (pure).

A light that flickers waits for a part and stays planned, so that a demo always has an open report.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from stockport.demo.backoffice.catalogue import SERVICES
from stockport.demo.backoffice.store import Case
from stockport.demo.backoffice.wire import Row

STEPS = (
    ("open", "The {team} has accepted your report."),
    ("planned", "The {team} has planned the work."),
    ("fixed", "The {team} has fixed it."),
)
# Not fixed while anybody watches.
WAITS_FOR_A_PART = "light-flickering"


@dataclass(frozen=True)
class Step:
    """Something that happened to a report."""

    case: Case
    number: int
    at: float

    @property
    def update_id(self) -> str:
        """The same whenever it is told."""
        return f"{self.case.request_id}-{self.number + 1}"

    @property
    def status(self) -> str:
        """In the words of mySociety's extension."""
        return STEPS[self.number][0]

    @property
    def open_or_closed(self) -> str:
        """In the words of GeoReport, which has only these."""
        return "closed" if self.number == len(STEPS) - 1 else "open"

    @property
    def description(self) -> str:
        """For the person who reported it."""
        return STEPS[self.number][1].format(team=SERVICES[self.case.service_code].team)

    def as_row(self) -> Row:
        """As an update in a list."""
        of_case = self.case.request_id
        return update_row(self.update_id, of_case, self.status, self.description, self.at)


def steps(case: Case, *, pace: float, now: float) -> list[Step]:
    """What has happened to the report so far; `pace` is the seconds between steps."""
    reached = len(STEPS) - (case.service_code == WAITS_FOR_A_PART)
    times = [case.at + pace * number for number in range(reached)]
    return [Step(case, number, at) for number, at in enumerate(times) if at <= now]


def update_row(update_id: str, reference: str, status: str, description: str, at: float) -> Row:
    """News of what is kept under this reference, as a row of an answer."""
    return {
        "update_id": update_id,
        "service_request_id": reference,
        "status": status,
        "description": description,
        "updated_datetime": moment(at),
        "media_url": "",
    }


def moment(at: float) -> str:
    """To the second, in UTC."""
    return datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
