"""Whether our reference is in a GeoReport system's list of requests.

GeoReport v2 has no search by a caller's reference. The list of requests of the time since the
delivery was made is read instead, with the `extensions=true` that servers in use take, and the
answers are compared with `attribute[report_reference]`. “Not there” is said only where the list is
whole and shows such attributes; otherwise staff decide.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

from stockport.http import Answer
from stockport.outbox.connectors import georeport
from stockport.outbox.connectors.asking import described
from stockport.outbox.connectors.base import Outcome
from stockport.outbox.workflow import State

# Clocks differ, and some systems call local time UTC.
MARGIN = timedelta(hours=2)
LONGEST_RANGE = timedelta(days=90)
MOST_PAGES = 40
# The smallest page of a public system (Boston, Chicago): a shorter list is whole.
SMALLEST_PAGE = 50
CANNOT_TELL = (
    "The answer was lost, and this system's list cannot show whether the report arrived. Look for "
    "our reference there, then mark it as sent or send it again."
)
TOO_SLOW = "The system's list is too long or too slow to look the report up in time."


def params(since: datetime, now: datetime, page: int) -> dict[str, str]:
    """The query for one page of what came in since then."""
    start = since - MARGIN
    return {
        "start_date": georeport.moment(start),
        "end_date": georeport.moment(min(now + MARGIN, start + LONGEST_RANGE)),
        "extensions": "true",
        "page": str(page),
    }


@dataclass
class Search:
    """The search for one reference through the pages of a list."""

    reference: str
    found: Element | None = None
    seen: set[str] = field(default_factory=set)
    shows_references: bool = False
    whole: bool = False
    pages: int = 0

    def add(self, page: list[Element]) -> bool:
        """Look through one more page; whether there is no need for another."""
        self.pages += 1
        for row in page:
            words = set(georeport.texts(row))
            self.shows_references |= georeport.REFERENCE in words
            if self.reference in words:
                self.found = row
                return True
        ids = {georeport.text(row, "service_request_id") for row in page}
        news = ids - self.seen
        self.seen |= ids
        # Past its last page a list is empty. A list that repeats itself knows no pages, and may
        # have been cut.
        self.whole = len(page) < SMALLEST_PAGE if self.pages == 1 else not page
        return self.whole or not news

    def outcome(self, answer: Answer) -> Outcome:
        """What the search came to."""
        if self.found is not None:
            number = georeport.text(self.found, "service_request_id")
            return described(answer, State.SENT, remote_reference=number)
        if self.whole and (self.shows_references or not self.seen):
            return described(answer, State.RETRY, "It did not arrive, and is sent again.")
        return described(answer, State.DEAD, CANNOT_TELL)
