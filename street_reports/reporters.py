"""Who tells the council of a fault: a resident, somebody without an account, staff for a caller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import Resident
    from stockport.steps import Answers
    from street_reports.models import ApiKey, Report


@dataclass(frozen=True)
class Reporter:
    """In whose account the report is, or else where to write; and who or what brought it, if any.

    `taken_by` are staff who took it down from a caller, `source` is the key of somebody's app.
    """

    resident: Resident | None = None
    email: str = ""
    taken_by: Resident | None = None
    source: ApiKey | None = None

    @property
    def address(self) -> str:
        """Where to write, if anywhere."""
        return self.resident.email if self.resident else self.email

    @property
    def fields(self) -> dict[str, Any]:
        """The reporter as fields of a Report."""
        return {"resident": self.resident, "taken_by": self.taken_by, "source": self.source}

    @property
    def made(self) -> Q:
        """The reports among which one of a form of theirs is."""
        if self.taken_by:
            return Q(taken_by=self.taken_by)
        if self.source:
            return Q(source=self.source)
        return Q(resident=self.resident)

    @property
    def known_as(self) -> str:
        """What the team reads of who adds something, where nobody is known by a name or address."""
        return self.source.owner if self.source else "a caller"

    def knows(self, report: Report) -> bool:
        """Whether a resident made or follows it. Nobody else is told what they know."""
        return self.resident is not None and report.is_seen_by(self.resident)


def reporter_in(answers: Answers) -> Reporter:
    """Who fills in the form: given before its first question."""
    reporter: Reporter = answers["reporter"]["reporter"]
    return reporter
