"""What another income would change in the awards of a claim: from their own figures, never kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from benefits import rules
from benefits.models import Award, AwardLine, Claim, Kind
from benefits.overview import Overview
from benefits.working import Part, Rows, total_of
from stockport.amounts import PoundsField
from stockport.components import Cell
from stockport.forms import GovukForm
from stockport.money import pounds

HEAD: list[str | Cell] = [
    "Each week",
    *(Cell(name, numeric=True) for name in ("Now", "Then", "Change")),
]


@dataclass(frozen=True)
class KnownAward:
    """An award that depends on an income, with its lines."""

    award: Award
    lines: Sequence[AwardLine]

    def part(self, part: str) -> list[AwardLine]:
        """The lines of one part."""
        return [line for line in self.lines if line.part == part]

    def with_more(self, income: Decimal, on: date) -> Decimal:
        """Pounds a week with so much more income; raises UnknownYearError."""
        now = total_of(self.part(Part.INCOME))
        known = rules.Known(self.award.weekly, total_of(self.part(Part.NEEDS)), now)
        if self.award.kind == Kind.CTS:
            return rules.support_at(known, now + income, on)
        return rules.housing_benefit_at(known, now + income)


def known_awards(claim: Claim, today: date) -> list[KnownAward]:
    """Of each help the award that holds or is next, where it depends on an income.

    `awards` with their `lines` are fetched.
    """
    live = Overview(claim, today, ()).live_awards
    first = {award.kind: award for award in live}  # the newest is first, and so replaced
    known = [KnownAward(award, list(award.lines.all())) for award in first.values()]
    return [one for one in known if one.part(Part.NEEDS) and one.part(Part.INCOME)]


class IncomesForm(GovukForm):
    """Each income of an award as it would be, and one that is not there yet."""

    def __init__(self, data: Any, *, award: KnownAward) -> None:
        super().__init__(data)
        self.incomes = award.part(Part.INCOME)
        for number, line in enumerate(self.incomes):
            self.fields[f"income_{number}"] = PoundsField(
                label=line.words,
                initial=f"{line.amount:,.2f}",
                error_messages={"required": f"{line.words}: enter an amount, or 0 if it ends"},
            )
        self.fields["other"] = PoundsField(
            label="Another income", required=False, help_text="Such as wages from a new job."
        )

    @property
    def more(self) -> Decimal:
        """How many pounds a week it is more than now; below zero where it is less."""
        return sum(self.cleaned_data.values(), Decimal("0.00")) - total_of(self.incomes)


@dataclass(frozen=True)
class WhatIf:
    """What so many pounds more income would change."""

    more: Decimal
    awards: Sequence[KnownAward]
    on: date

    @property
    def then(self) -> list[Decimal]:
        """Each award, in pounds a week."""
        return [known.with_more(self.more, self.on) for known in self.awards]

    @property
    def rows(self) -> Rows:
        """The income and each help: now, then, and what that changes."""
        now = total_of(self.awards[0].part(Part.INCOME))
        help_rows = [
            _row(known.award.get_kind_display(), known.award.weekly, then)
            for known, then in zip(self.awards, self.then, strict=True)
        ]
        return [_row("Your income", now, now + self.more), *help_rows]

    @property
    def words(self) -> str:
        """What it comes to together, in a sentence."""
        helped = sum((known.award.weekly for known in self.awards), Decimal("0.00"))
        left = self.more + sum(self.then, Decimal("0.00")) - helped
        if not left:
            return "Together you would have as much each week as now."
        way = "more" if left > 0 else "less"
        return f"Together you would have {pounds(abs(left))} a week {way} than now."


def _row(what: str, now: Decimal, then: Decimal) -> list[str | Cell]:
    change = then - now
    words = f"{pounds(abs(change))} {'more' if change > 0 else 'less'}" if change else "None"
    return [what, *(Cell(text, numeric=True) for text in (pounds(now), pounds(then), words))]
