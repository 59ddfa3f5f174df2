"""How an award is worked out, and what changed in it: tables and sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from benefits.models import Award, AwardLine, Decision
from stockport.components import Cell
from stockport.money import pounds, signed_pounds
from stockport.templatetags.portal import day

Rows = list[list[str | Cell]]
Part = AwardLine.Part

HEAD: list[str | Cell] = ["What", Cell("Each week", numeric=True)]
SAVINGS_HEAD: list[str | Cell] = ["What", Cell("Amount", numeric=True)]
TOTALS = {Part.NEEDS: "What you need each week", Part.INCOME: "Your income each week"}


def total_of(lines: Iterable[AwardLine]) -> Decimal:
    """What lines add up to, in pounds."""
    return sum((line.amount for line in lines), Decimal("0.00"))


def compared(before: Decimal, now: Decimal) -> str:
    """What one estimate is against another, both in pounds a week, in a sentence."""
    if before == now:
        return "This is as much as with the answers that you gave before."
    more = "more" if now > before else "less"
    return (
        f"This is {pounds(abs(now - before))} a week {more} than with the answers that you gave"
        f" before, which came to {pounds(before)} a week."
    )


class Figure(Protocol):
    """A line of an award, or of an estimate."""

    @property
    def words(self) -> str:
        """For residents to read."""

    @property
    def amount(self) -> Decimal:
        """In pounds; below zero takes off."""


def rows_of(lines: Iterable[Figure], total: str, weekly: Decimal) -> Rows:
    """The lines, and what they add up to."""
    rows: Rows = [[line.words, Cell(signed_pounds(line.amount), numeric=True)] for line in lines]
    return [*rows, [Cell(total, header=True), Cell(pounds(weekly), numeric=True)]]


@dataclass(frozen=True)
class WorkedOut:
    """One award with its lines, and the award before it with its own."""

    award: Award
    lines: Sequence[AwardLine]
    before: Award | None = None
    lines_before: Sequence[AwardLine] = ()

    @property
    def title(self) -> str:
        """Housing Benefit from 6 April 2026."""
        return f"{self.award.get_kind_display()} from {day(self.award.start)}"

    def part(self, part: str) -> list[AwardLine]:
        """The lines of one part."""
        return [line for line in self.lines if line.part == part]

    @property
    def means(self) -> list[tuple[str, Rows]]:
        """What the household needs, and its income: a table each, with its sum."""
        return [
            (part.label, rows_of(lines, TOTALS[part], total_of(lines)))
            for part in TOTALS
            if (lines := self.part(part))
        ]

    @property
    def savings(self) -> Rows:
        """The savings that were looked at."""
        return [
            [line.words, Cell(pounds(line.amount), numeric=True)]
            for line in self.part(Part.CAPITAL)
        ]

    @property
    def steps(self) -> Rows:
        """From what the award is for to what it gives."""
        lines = self.part(Part.AWARD)
        return rows_of(lines, "You get each week", self.award.weekly) if lines else []

    @property
    def is_sound(self) -> bool:
        """Whether the printed lines add up to the award."""
        return total_of(self.part(Part.AWARD)) == self.award.weekly

    @property
    def compared(self) -> str:
        """Income against needs, in a sentence; empty where either is unknown."""
        needs, income = self.part(Part.NEEDS), self.part(Part.INCOME)
        if not needs or not income:
            return ""
        above = total_of(income) - total_of(needs)
        if above <= 0:
            return "Your income is not above what you need, so nothing is taken off for it."
        return f"Your income is {pounds(above)} a week above what you need."

    @property
    def changes(self) -> list[str]:
        """What differs from the award before, a sentence each."""
        old = {line.words: line for line in self.lines_before}
        new = {line.words: line for line in self.lines}
        if not old:
            return []
        same = {
            words for words in old.keys() & new.keys() if old[words].amount == new[words].amount
        }
        return [
            *(_changed(old.get(words), line) for words, line in new.items() if words not in same),
            *(_gone(line) for words, line in old.items() if words not in new),
        ]


def _each(line: AwardLine) -> str:
    return pounds(line.amount) + ("" if line.part == Part.CAPITAL else " a week")


def _changed(before: AwardLine | None, line: AwardLine) -> str:
    if before is None:
        does = "is now taken off" if line.amount < 0 else "now counts"
        return f"{line.words}: {_each(line)} {does}."
    if line.amount < 0:
        was = pounds(before.amount)
        return f"{line.words}: we take off {_each(line)} instead of {was}."
    way = "up" if line.amount > before.amount else "down"
    return f"{line.words}: this went {way} from {pounds(before.amount)} to {_each(line)}."


def _gone(line: AwardLine) -> str:
    does = "taken off" if line.amount < 0 else "counted"
    return f"{line.words}: {_each(line)} is no longer {does}."


def decision_words(decision: Decision, before: Decision | None) -> str:
    """What a letter said, against the letter before it about the same help."""
    name, start = decision.get_kind_display(), day(decision.start)
    if not decision.weekly:
        said = f"you get no {name} from {start}."
    elif before is None or before.weekly == decision.weekly:
        said = f"your {name} is {pounds(decision.weekly)} a week from {start}."
    else:
        way = "up" if decision.weekly > before.weekly else "down"
        said = (
            f"your {name} goes {way} from {pounds(before.weekly)} to"
            f" {pounds(decision.weekly)} a week from {start}."
        )
    return f"On {day(decision.decided)} we decided: {said} {decision.reason}"


def latest_decisions(decisions: Sequence[Decision]) -> list[str]:
    """The latest letter about each kind of help, in sentences; `decisions` are newest first."""
    latest: dict[str, list[Decision]] = {}
    for decision in decisions:
        latest.setdefault(decision.kind, []).append(decision)
    return [
        decision_words(letters[0], letters[1] if len(letters) > 1 else None)
        for letters in latest.values()
    ]


def worked_out(awards: Sequence[Award], shown: Iterable[Award]) -> list[WorkedOut]:
    """The shown awards that have lines, each against the one before it of its kind.

    `awards` are all of the claim, the newest first, with `lines` fetched.
    """
    found = []
    for award in shown:
        older = [each for each in awards if each.kind == award.kind and each.start < award.start]
        before = older[0] if older else None
        lines = list(award.lines.all())
        if lines:
            lines_before = list(before.lines.all()) if before else []
            found.append(WorkedOut(award, lines, before, lines_before))
    return found
