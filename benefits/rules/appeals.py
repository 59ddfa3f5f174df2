"""By when a decision can be questioned."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Appeal:
    """By when a Housing Benefit decision can be questioned, as seen on a day.

    One month from the date of the letter, both to ask for a revision and to appeal; with good
    reasons 13 months (SI 2001/1002, regulations 4, 5, 18 and 19; SI 2008/2685, rule 23). Nobody has
    to ask for a revision first, as for benefits of the Department for Work and Pensions.
    """

    decided: date
    today: date

    @property
    def by(self) -> date:
        """The last day without giving reasons."""
        return months_after(self.decided, 1)

    @property
    def late_by(self) -> date:
        """The last day with good reasons for being late."""
        return months_after(self.decided, 13)

    @property
    def open(self) -> bool:
        """Whether there is still time."""
        return self.today <= self.by

    @property
    def late(self) -> bool:
        """Whether there is time only with good reasons."""
        return self.by < self.today <= self.late_by


@dataclass(frozen=True)
class SupportAppeal:
    """By when the council must answer about Council Tax Support, and the tribunal be asked.

    There is no time limit for writing to the council (Local Government Finance Act 1992, section
    16(4)). It has two months to answer (16(7)). The Valuation Tribunal takes an appeal within two
    months of the answer or, without one, within four of the letter (SI 2009/2269, regulation 21).
    """

    written: date
    answered: date | None = None

    @property
    def answer_by(self) -> date:
        """The last day of the council."""
        return months_after(self.written, 2)

    @property
    def tribunal_by(self) -> date:
        """The last day that is certainly in time: an answer that comes late adds none."""
        without = months_after(self.written, 4)
        return min(months_after(self.answered, 2), without) if self.answered else without


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
