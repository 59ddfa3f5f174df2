"""What a team says of the messages in its queue: taken up at once, dealt with after one pace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stockport.demo.backoffice.progress import update_row

if TYPE_CHECKING:
    from stockport.demo.backoffice.office import Office
    from stockport.demo.backoffice.wire import Row

STEPS = (
    ("accepted", "We have your request, and are looking at it."),
    ("done", "We have done what you asked."),
)


@dataclass(frozen=True)
class Answer:
    """One thing that a team says of a message."""

    reference: str
    number: int
    at: float

    @property
    def update_id(self) -> str:
        """The same whenever it is told."""
        return f"{self.reference}-{self.number + 1}"

    def as_row(self) -> Row:
        """As an update in a list."""
        return update_row(self.update_id, self.reference, *STEPS[self.number], self.at)


def answers(office: Office, type: str, since: float, now: float) -> list[Answer]:
    """What has been said from then until now of messages of this type, oldest first."""
    longest = office.pace * (len(STEPS) - 1)
    said = [
        Answer(reference, number, at + office.pace * number)
        for reference, at in office.store.messages(type, since - longest)
        for number in range(len(STEPS))
    ]
    return sorted((each for each in said if since <= each.at <= now), key=lambda each: each.at)
