"""Days in London as one row of five-minute bits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from appointments import rules


@dataclass(frozen=True)
class Days:
    """Days that follow each other, both included: bit 0 is the first midnight's five minutes.

    Bits are counted in real time. So a day has 288, but 276 on the last Sunday of March and 300
    on the last Sunday of October, and a clock change can neither hide nor invent a clash.
    """

    first: date
    last: date

    @cached_property
    def begins(self) -> list[int]:
        """The bit with which each day begins, and at the end the one after the last day."""
        nights = (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 2))
        return [rules.cell_of(rules.midnight(day)) - self.base for day in nights]

    @cached_property
    def base(self) -> int:
        """The number of the cell that is bit 0."""
        return rules.cell_of(rules.midnight(self.first))

    @property
    def size(self) -> int:
        """How many bits there are."""
        return self.begins[-1]

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The first midnight, and the one after the last day."""
        return rules.midnight(self.first), rules.midnight(self.last + timedelta(days=1))

    def span(self, start: datetime, end: datetime) -> tuple[int, int]:
        """The first bit that the interval touches and the first after it, within these days."""
        low, high = rules.cell_of(start) - self.base, rules.cell_after(end) - self.base
        return min(max(low, 0), self.size), min(max(high, 0), self.size)

    def moment_of(self, bit: int) -> datetime:
        """When these five minutes begin, in UTC."""
        return rules.midnight(self.first) + bit * rules.CELL

    def opening(self, day: date, opens: time, closes: time) -> tuple[int, int]:
        """The bits of one of the days between two times on the wall, the second excluded."""
        low, high = rules.opening(day, opens, closes)
        begin = self.begins[(day - self.first).days]
        return begin + low, begin + high

    def every(self, weekday: int) -> Iterator[date]:
        """The Mondays (0) to Sundays (6) among them."""
        day = self.first + timedelta(days=(weekday - self.first.weekday()) % 7)
        while day <= self.last:
            yield day
            day += timedelta(days=7)

    def within(self, length: int) -> int:
        """The bits from which so many do not run past midnight."""
        room = zip(self.begins, self.begins[1:], strict=False)
        return rules.union([(low, high - length + 1) for low, high in room], self.size)

    def each(self, marks: int) -> Iterator[tuple[date, int]]:
        """Every day with its part of these marks, counted from its own midnight."""
        for n, (low, high) in enumerate(zip(self.begins, self.begins[1:], strict=False)):
            yield self.first + timedelta(days=n), marks >> low & rules.mask(0, high - low)
