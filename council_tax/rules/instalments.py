"""How a bill is spread over the months (pure).

Source: Council Tax (Administration and Enforcement) Regulations 1992 (SI 1992/613), Schedule 1,
Part I, as amended for England by SI 2012/3086 (twelve on request).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_DOWN, Decimal

LEAST = Decimal(5)
USUAL, ON_REQUEST = 10, 12
NOTICE = timedelta(days=14)  # from a notice to its first instalment; `respread` says whose rule

Due = tuple[date, Decimal]  # pounds on a day


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


@dataclass(frozen=True)
class Respread:
    """A year's unpaid instalments after a change: those that stay as they are, and new ones."""

    stay: list[Due]
    new: list[Due]


def respread(left: Sequence[Due], day: int, last_month: date, on: date) -> Respread:
    """Spread what is left of a year's instalments anew, over the months to `last_month`.

    `left` are the unpaid ones, at least one, in the order they are due. What is due within the
    14 days of a notice stays; the new ones follow, one a month, on that day of the month, in the
    months after it and not before that of the first unpaid one. All stay where no month is left.

    Source: another day or number is agreed (regulation 21(5); twelve on request, 21(1C)) and told
    in a new notice, for which the law names no days. The 14 are those that councils leave after
    a demand notice and after a notice that adjusts instalments (paragraph 10, which is about
    changed amounts only); Direct Debit asks for 10 working days. The amounts are as paragraph 2
    (5) and (6) has them. So this is what to expect, and pages call it an estimate.
    """
    earliest = on + NOTICE
    too_soon = [_month_after(due) for due, _ in left if due < earliest]
    start = max([earliest.replace(day=1), left[0][0].replace(day=1), *too_soon])
    if _in_month(start, day) < earliest:
        start = _month_after(start)
    stay = [each for each in left if each[0] < start]
    days = []
    while start <= last_month:
        days.append(_in_month(start, day))
        start = _month_after(start)
    if not days:
        return Respread([*left], [])
    amount = sum((amount for _, amount in left[len(stay) :]), Decimal(0))
    return Respread(stay, [*zip(days, instalment_plan(amount, len(days)), strict=False)])


def ends_in(in_12: bool, last_due: date) -> date:
    """The month of the last instalment of a bill whose last one is due on this day now.

    Twelve go on to March. Ten a year end in January, or where they were made for a part of the
    year, one month before the year does (paragraph 2(2)).
    """
    march = date(last_due.year + (last_due.month > 3), 3, 1)
    if in_12:
        return march
    return last_due.replace(day=1) if last_due.month != 3 else march.replace(month=1)


def _month_after(day: date) -> date:
    """The first day of the month after."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _in_month(month: date, day: int) -> date:
    """That day of the month, or its last one."""
    return month.replace(day=min(day, monthrange(month.year, month.month)[1]))
