"""What changed between two bills, in sentences: from year to year, and within a year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from council_tax.bill import Bill, PeriodTable, Rows
from council_tax.models import ChargeLine, Notice
from council_tax.overview import money, total
from council_tax.rules import ZERO
from council_tax.statement import NO_BREAK
from council_tax.wording import band_words, line_name
from stockport.components import Cell
from stockport.money import pounds
from stockport.templatetags.portal import day


@dataclass(frozen=True)
class Comparison:
    """A year's bill beside that of the year before, so that every difference has its reason."""

    before: Bill
    now: Bill

    @property
    def is_sound(self) -> bool:
        """Whether both bills add up: nothing is explained with figures that do not."""
        return self.before.is_sound and self.now.is_sound

    @property
    def headline(self) -> str:
        """Your bill for 2026/27 is £71.77 more than for 2025/26."""
        more = self.now.charge - self.before.charge
        if not more:
            return f"Your bill for {self.now.year} is the same as for {self.before.year}."
        return f"Your bill for {self.now.year} is {more_or_less(more)} than for {self.before.year}."

    @property
    def rows(self) -> Rows:
        """From one year's charge to the next one's: the last row is the sum of the others."""
        lines: Rows = [
            [words, Cell(more_or_less(more).replace(" ", NO_BREAK), numeric=True)]
            for words, more in self._differences()
        ]
        return [
            [f"Your charge for {self.before.year}", money(self.before.charge)],
            *lines,
            [Cell(f"Your charge for {self.now.year}", header=True), total(pounds(self.now.charge))],
        ]

    def _differences(self) -> Iterator[tuple[str, Decimal]]:
        was, is_now = (_gross(bill) for bill in (self.before, self.now))
        if is_now != was:
            words = f"{_days(self.before, self.now)}: {pounds(was)} before, {pounds(is_now)} now"
            yield words, is_now - was
        was_of, now_of = _by_reason(self.before), _by_reason(self.now)
        for reason in [*now_of, *(each for each in was_of if each not in now_of)]:
            was, is_now = was_of.get(reason, ZERO), now_of.get(reason, ZERO)
            if is_now != was:
                yield _line_words(reason, was, is_now), is_now - was


def more_or_less(amount: Decimal) -> str:
    """£71.77 more, or less: never by the sign alone."""
    return f"{pounds(amount)} {'more' if amount > 0 else 'less'}"


def _gross(bill: Bill) -> Decimal:
    return sum((period.gross for period in bill.periods), ZERO)


def _days(before: Bill, now: Bill) -> str:
    """What the charge before reductions is for, with its days where they are not the same."""
    was, is_now = (sum(period.days for period in bill.periods) for bill in (before, now))
    words = "Charge before discounts"
    return words if was == is_now else f"{words}, for {is_now} days instead of {was}"


def _by_reason(bill: Bill) -> dict[str, Decimal]:
    """What each reason changes of the year's charge, in pounds."""
    return _sums(line for table in bill.period_tables for line in table.lines)


def _sums(lines: Iterable[ChargeLine]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for line in lines:
        name = line_name(line.type, line.code, line.reason)
        sums[name] = sums.get(name, ZERO) + line.amount
    return sums


def _line_words(reason: str, was: Decimal, is_now: Decimal) -> str:
    if not was:
        return f"{reason}: new this year"
    how = "off" if was < 0 else "on top"
    if not is_now:
        return f"{reason}: {pounds(was)} {how} before, nothing now"
    return f"{reason}: {pounds(was)} {how} before, {pounds(is_now)} {how} now"


def during(bill: Bill) -> list[str]:
    """What changed between one period of the year and the next, a sentence each."""
    return [
        sentence
        for earlier, later in pairwise(bill.period_tables)
        for sentence in _between(earlier, later)
    ]


def _between(earlier: PeriodTable, later: PeriodTable) -> Iterator[str]:
    before, after = earlier.period, later.period
    was, is_now = (
        band_words(period.band_listed, period.band_charged) for period in (before, after)
    )
    if was != is_now:
        more = after.gross / after.days - before.gross / before.days
        yield _sentence(f"From {day(after.start)} it is {is_now}; it was {was}", more, after.days)
    was_of, now_of = (_a_day(table) for table in (earlier, later))
    for reason in was_of:
        if reason not in now_of:
            words = f"{reason} ended on {day(before.end)}"
            yield _sentence(words, -was_of[reason], after.days)
    for reason, amount in now_of.items():
        if reason not in was_of:
            yield _sentence(f"{reason} began on {day(after.start)}", amount, after.days)
        elif round(amount - was_of[reason], 2):
            words = f"{reason} changed on {day(after.start)}"
            yield _sentence(words, amount - was_of[reason], after.days)


def _a_day(table: PeriodTable) -> dict[str, Decimal]:
    """What each reason changes of one day's charge, in pounds."""
    return {name: sum_ / table.period.days for name, sum_ in _sums(table.lines).items()}


def _sentence(words: str, a_day: Decimal, days: int) -> str:
    """Single person discount ended on 3 May 2026: £1.92 a day more for 332 days."""
    direction = "more" if a_day > 0 else "less"
    return f"{words}: {pounds(a_day)} a day {direction} for {days} day{'' if days == 1 else 's'}."


def bills_sent(notices: Iterable[Notice]) -> list[str]:
    """The bills of one year, newest first: which one counts, and what each asked for."""
    bills = list(notices)
    sentences = []
    for number, notice in enumerate(bills):
        asked = f", for {pounds(notice.amount)}" if notice.amount is not None else ""
        standing = "This is the bill that counts" if number == 0 else "It has been replaced"
        sentences.append(f"{day(notice.issued)}{asked}. {standing}.")
    return sentences
