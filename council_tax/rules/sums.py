"""Whether what a bill says adds up (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from council_tax.rules.schedule import ZERO
from council_tax.rules.years import apportion

if TYPE_CHECKING:
    from council_tax.models import ChargeLine


def net_of(gross: Decimal, lines: Iterable[ChargeLine]) -> Decimal:
    """A period's charge after its lines, in pounds."""
    return sum((line.amount for line in lines), gross)


def adds_up(
    parts: Sequence[tuple[Decimal, Sequence[ChargeLine], Decimal]], charge: Decimal
) -> bool:
    """Whether each period (gross, lines, net) is its own sum, and all of them are the charge."""
    each_period = all(net_of(gross, lines) == net for gross, lines, net in parts)
    return each_period and sum((net for _, _, net in parts), ZERO) == charge


# A penny of difference comes from rounding each element of a published table by itself.
TOLERANCE = Decimal("0.01")


def explains(annual: Decimal, first_day: date, last_day: date, gross: Decimal) -> bool:
    """Whether the days of the year's amount are the period's charge, to a penny."""
    return abs(apportion(annual, first_day, last_day) - gross) <= TOLERANCE
