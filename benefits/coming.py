"""A payment to come, against the weekly awards that hold for its dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from benefits import rules
from benefits.models import Award, BenefitPayment
from benefits.rules import Change
from stockport.money import PENNY
from stockport.templatetags.portal import day, pounds

ASK = "Contact us if you do not know why this payment is different."


@dataclass(frozen=True)
class Part:
    """Days of a payment for which one award holds."""

    weekly: Decimal
    start: date
    end: date

    @property
    def full(self) -> Decimal:
        """What the award comes to for these days, in pounds."""
        return rules.full_amount(self.weekly, self.start, self.end)

    @property
    def words(self) -> str:
        """4 weeks at £112.40 a week is £449.60."""
        length = rules.length(self.start, self.end)
        return f"{length} at {pounds(self.weekly)} a week is {pounds(self.full)}."


def parts_of(payment: BenefitPayment, awards: Iterable[Award]) -> tuple[Part, ...]:
    """The awards of a payment's dates, the first first; each for its own days of them."""
    first, last = payment.period
    held = [
        Part(award.weekly, max(award.start, first), min(award.end or last, last))
        for award in awards
        if award.kind == payment.kind
    ]
    return tuple(sorted((part for part in held if part.start <= part.end), key=_start))


def _start(part: Part) -> date:
    return part.start


@dataclass(frozen=True)
class NextPayment:
    """A payment to come: its awards, and what is taken back each week."""

    payment: BenefitPayment
    parts: tuple[Part, ...]
    recoveries: tuple[Decimal, ...]

    @property
    def kind(self) -> str:
        """Which help it is."""
        return self.payment.get_kind_display()

    @property
    def change(self) -> Change | None:
        """Expected, reduced or increased against the award at its beginning; None where no award
        is known for its dates.
        """
        if not self.parts:
            return None
        return rules.change(self.payment.amount, self.parts[0].weekly, *self.payment.period)

    @property
    def working(self) -> str:
        """How the amount comes about, in sentences; empty where no award is known."""
        if not self.parts:
            return ""
        short = sum((part.full for part in self.parts), Decimal(0)) - self.payment.amount
        if abs(short) <= PENNY:
            return " ".join(self._sums())
        reasons = [reason for reason in (self._adjusted(), self._taken_back(short)) if reason]
        return " ".join([*self._sums(), *(reasons or [ASK])])

    def _sums(self) -> Iterator[str]:
        first, last = self.payment.period
        for part in self.parts:
            yield part.words if part.start == first else f"From {day(part.start)}: {part.words}"
        if (ended := self.parts[-1].end) < last:
            yield f"Your award ended on {day(ended)}."

    def _adjusted(self) -> str:
        adjustment = self.payment.adjustment
        if not adjustment:
            return ""
        does = "We add" if adjustment > 0 else "We keep back"
        return f"{does} {pounds(abs(adjustment))}: {self.payment.adjustment_reason}"

    def _taken_back(self, short: Decimal) -> str:
        without = short + self.payment.adjustment
        taken = rules.recovered_from(without, self.recoveries, *self.payment.period)
        return f"We take {pounds(taken)} back for an overpayment." if taken else ""
