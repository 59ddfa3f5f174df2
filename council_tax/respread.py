"""What other instalments, or another day, would make of an account's bill: an estimate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from council_tax.models import Account, Instalment
from council_tax.rules import ZERO, Due, Respread, ends_in, respread
from stockport.money import pounds
from stockport.templatetags.portal import day

NEXT_BILL = "With your next yearly bill, which comes in March"


@dataclass(frozen=True)
class Present:
    """How an account is paid now: the instalments of its newest bill, and those of every bill."""

    account: Account
    instalments: list[Instalment]
    all: list[Instalment]

    @classmethod
    def of(cls, account: Account) -> Present:
        """In one query."""
        found = list(account.instalments.order_by("due", "number"))
        year = max((each.year for each in found), default="")
        return cls(account, [each for each in found if each.year == year], found)

    @property
    def day(self) -> int | None:
        """The day of the month on which most are due."""
        days = Counter(each.due.day for each in self.instalments)
        return max(days, key=lambda each: days[each]) if days else None

    @property
    def number(self) -> str:
        """12 where they go on to March, as twelve a year do; otherwise 10. Empty without any."""
        if not self.instalments:
            return ""
        return "12" if self.instalments[-1].due.month == 3 else "10"

    @property
    def is_whole(self) -> bool:
        """Whether what is left of the instalments is all that there is to pay."""
        return sum((each.left for each in self.all), ZERO) == self.account.balance


@dataclass(frozen=True)
class Change:
    """The instalments that somebody asks for instead, as they would be from today on."""

    present: Present
    number: str
    day: int
    today: date

    @cached_property
    def plan(self) -> Respread | None:
        """What would stay and what would be new; None where there is nothing left to change."""
        left = [(each.due, each.left) for each in self.present.instalments if each.left > 0]
        if not left:
            return None
        last = ends_in(self.number == "12", self.present.instalments[-1].due)
        plan = respread(left, self.day, last, self.today)
        return plan if plan.new else None

    def rows(self) -> list[tuple[str, str]]:
        """When it would start, and what the payments would be where the figures allow to say."""
        if self.plan is None:
            return [("When it would start", NEXT_BILL)]
        rows = [("When it would start", day(self.plan.new[0][0]))]
        if not self.present.is_whole:
            return rows
        if self.plan.stay:
            before = " and ".join(f"{pounds(left)} on {day(due)}" for due, left in self.plan.stay)
            rows.append(("What you pay before that", before))
        return [*rows, ("What you would pay from then on (an estimate)", _payments(self.plan.new))]


def _payments(new: Sequence[Due]) -> str:
    """£118.40 on 25 December 2026, then 3 payments of £118.00, the last on 25 March 2027."""
    (first_day, first), *rest = new
    words = f"{pounds(first)} on {day(first_day)}"
    if not rest:
        return words
    last_day, each = rest[-1]
    times = f"{len(rest)} payments of " if len(rest) > 1 else ""
    last = ", the last" if len(rest) > 1 else ""
    return f"{words}, then {times}{pounds(each)}{last} on {day(last_day)}"
