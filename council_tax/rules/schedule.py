"""Which instalments are paid, missed, next and later on a day (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from council_tax.models import Instalment

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Schedule:
    """Instalments as they stand on a day, each in exactly one place."""

    paid: list[Instalment]
    missed: list[Instalment]
    unconfirmed: list[Instalment]  # due since the figures were taken: a payment may not show yet
    next: Instalment | None
    later: list[Instalment]

    @property
    def overdue(self) -> Decimal:
        """What is missing of missed instalments, in pounds."""
        return sum((each.left for each in self.missed), ZERO)


def schedule(instalments: Iterable[Instalment], as_at: date, today: date) -> Schedule:
    """Tell missed instalments from the next one and later ones, in the order they are due.

    `as_at` is the day of the figures: what was due before it and is not paid was missed; what
    fell due from then to yesterday may have been paid since.
    """
    by_day = sorted(instalments, key=lambda each: each.due)
    left = [each for each in by_day if each.left > 0]
    ahead = [each for each in left if each.due >= today]
    return Schedule(
        paid=[each for each in by_day if each.left <= 0],
        missed=[each for each in left if each.due < min(as_at, today)],
        unconfirmed=[each for each in left if as_at <= each.due < today],
        next=ahead[0] if ahead else None,
        later=ahead[1:],
    )
