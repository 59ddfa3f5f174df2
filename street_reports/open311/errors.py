"""What a call is refused with, in the words and codes of GeoReport v2."""

from __future__ import annotations

from typing import Final

from street_reports.open311.wire import Many, Reply, Value

BAD, FORBIDDEN, MISSING, NOT_ALLOWED = 400, 403, 404, 405
TOO_MANY, LATER = 429, 503
RETRY_AFTER: Final = {TOO_MANY: "60", LATER: "5"}  # seconds


class Refused(Exception):
    """The call cannot be answered: the HTTP status, and what is wrong, one sentence each.

    429 and 503 are outside the letter of the specification, and honest.
    """

    def __init__(self, status: int, *reasons: str) -> None:
        super().__init__(*reasons)
        self.status = status
        self.reasons = reasons

    @property
    def reply(self) -> Reply:
        """The errors as an answer."""
        rows: list[Value] = [
            {"code": self.status, "description": reason} for reason in self.reasons
        ]
        return Reply("errors", Many("error", rows), self.status)
