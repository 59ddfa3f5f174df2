"""How a bill is spread over the months (pure).

Source: Council Tax (Administration and Enforcement) Regulations 1992 (SI 1992/613), Schedule 1,
Part I, as amended for England by SI 2012/3086 (twelve on request).
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_DOWN, Decimal

LEAST = Decimal(5)
USUAL, ON_REQUEST = 10, 12


def instalment_plan(amount: Decimal, count: int) -> list[Decimal]:
    """The amount in pounds in at most `count` instalments, which add up to it exactly.

    All but the first are the amount ÷ count to the nearest pound; the first takes the rest, odd
    pence and all (paragraph 2(5) and (6)). None is under £5: below £10 there is one payment,
    otherwise no more than the amount ÷ £5, and a first one under £5 is paid with the second
    (paragraphs 2(7) and 3). At exactly 50p the pounds are rounded down; the law does not say.
    Nothing to pay gives no instalments. Raises ValueError for an amount below zero or no count.
    """
    if amount < 0 or count < 1:
        raise ValueError("An amount of at least £0 is spread over at least one instalment.")
    if amount == 0:
        return []
    number = max(1, min(count, int(amount // LEAST)))
    each = (amount / number).quantize(Decimal(1), rounding=ROUND_HALF_DOWN)
    first = amount - each * (number - 1)
    if first < LEAST and number > 1:
        return [first + each, *[each] * (number - 2)]
    return [first, *[each] * (number - 1)]


def instalment_count(issued: date, year_start: date, asked_for_12: bool = False) -> int:
    """How many instalments a bill issued on this day has, for the year from 1 April `year_start`.

    Ten where it is issued before May; twelve if asked for by 15 April. Later, the whole months left
    after the month of issue, less one (paragraph 2(2)), or each of them for who asked for twelve.
    From January on, and after the year, one payment.
    """
    if issued >= date(year_start.year + 1, 1, 1):
        return 1
    if asked_for_12 and issued <= date(year_start.year, 4, 15):
        return ON_REQUEST
    months_left = 12 - (issued.month - 3)
    if asked_for_12:
        return months_left
    return USUAL if issued <= date(year_start.year, 4, 30) else months_left - 1


def payments_left(on: date, year_start: date, in_12: bool = False) -> int:
    """How many instalments of a bill for the whole year come after the month of this day.

    Ten are from April to January, twelve from April to March (paragraph 2). At least one.
    """
    last = 12 if in_12 else 10
    gone = (on.year - year_start.year) * 12 + on.month - year_start.month + 1
    return max(1, last - gone)
