"""How a council tax bill is spread (SI 1992/613, Schedule 1, Part I)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from stockport.demo.years import TaxYear, month_after

LEAST = Decimal(5)
NOTICE = timedelta(days=14)


@dataclass(frozen=True)
class Instalment:
    """So many pounds, due on a day."""

    due: date
    amount: Decimal


def amounts(charge: Decimal, number: int) -> list[Decimal]:
    """The charge in at most so many instalments; the odd pence are in the first.

    All but the first are the charge ÷ number to the nearest pound. None is below £5 on
    average, and a charge under £10 is one payment (paragraphs 2 and 3).
    """
    if charge <= 0:
        return []
    number = max(1, min(number, int(charge // LEAST))) if charge >= 2 * LEAST else 1
    while number > 1:
        later = (charge / number).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        first = charge - (number - 1) * later
        if first > 0:
            return [first, *[later] * (number - 1)]
        number -= 1
    return [charge]


def annual(charge: Decimal, year: TaxYear, number: int, day: int) -> list[Instalment]:
    """Monthly instalments of a bill issued before its year, from April on."""
    return _monthly(amounts(charge, number), year.start, day)


def during_the_year(
    charge: Decimal, year: TaxYear, issued: date, number: int, day: int
) -> list[Instalment]:
    """Instalments of a bill issued in its year, from the month after its issue.

    Ten a year leaves the whole months left less one; twelve a year uses every month left.
    The bill is issued by the end of February.
    """
    first = month_after(issued, 1, day)
    left = (year.end.year - first.year) * 12 + year.end.month - first.month + 1
    return _monthly(amounts(charge, left if number == 12 else max(1, left - 1)), first, day)


def spread_again(schedule: list[Instalment], charge: Decimal, issued: date) -> list[Instalment]:
    """A bill that has become higher: the rest is spread over what is due 14 days after its issue.

    What is due before that stays as it was (paragraph 10).
    """
    stay = [each for each in schedule if each.due < issued + NOTICE]
    later = schedule[len(stay) :]
    parts = amounts(charge - sum((each.amount for each in stay), Decimal(0)), len(later))
    return [*stay, *(Instalment(each.due, part) for each, part in zip(later, parts, strict=True))]


def _monthly(parts: list[Decimal], first: date, day: int) -> list[Instalment]:
    return [
        Instalment(month_after(first, month, day), amount) for month, amount in enumerate(parts)
    ]
