"""By when a decision can be questioned."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Appeal:
    """By when a Housing Benefit decision can be questioned, as seen on a day.

    One month from the date of the letter; with good reasons 13 months
    (Decisions and Appeals Regulations 2001, SI 2001/1002).
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


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
