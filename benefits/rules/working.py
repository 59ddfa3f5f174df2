"""How a weekly amount is worked out, as lines that add up to it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from benefits.rules.figures import Bands
from stockport.money import to_pennies


@dataclass(frozen=True)
class Line:
    """One step, in words for residents; pounds a week, below zero where it takes off."""

    words: str
    amount: Decimal


@dataclass(frozen=True)
class Working:
    """Every step from what is paid for to what is given."""

    lines: tuple[Line, ...]

    @property
    def weekly(self) -> Decimal:
        """Pounds a week: what the lines add up to, never below zero."""
        return sum((line.amount for line in self.lines), Decimal("0.00"))

    def less(self, words: str, amount: Decimal) -> Working:
        """With so much taken off, to the penny, and not below zero; the same for nothing."""
        taken = min(to_pennies(amount), self.weekly)
        return Working((*self.lines, Line(words, -taken))) if taken > 0 else self

    def at_most(self, words: str, limit: Decimal) -> Working:
        """With what is above a limit taken off."""
        return self.less(words, self.weekly - limit)


def band_amount(bands: Bands, gross_weekly: Decimal) -> Decimal:
    """The deduction for a gross income, in pounds a week."""
    return [amount for start, amount in bands if start <= gross_weekly][-1]
