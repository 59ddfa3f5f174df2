"""What the figures of a claim mean: pure functions, amounts in pounds, no clock of their own."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from math import ceil

from stockport.money import PENNY, to_pennies
from stockport.working_days import working_day

WEEKS_A_YEAR, MONTHS_A_YEAR = 52, 12


@dataclass(frozen=True)
class StatusWords:
    """A claim's state for residents: a tag with its colour, what it means, what happens next.

    `awards` heads the list of its weekly awards.
    """

    label: str
    colour: str
    meaning: str
    next_step: str
    awards: str = "What you get"


STATUS_WORDS = {
    "current": StatusWords(
        "In payment",
        "green",
        "You are getting this help now.",
        "Tell us straight away if anything changes, such as your income or who lives with you.",
    ),
    "future": StatusWords(
        "Starts soon",
        "blue",
        "We have decided your claim. Your help has not started yet.",
        "Tell us straight away if anything changes before it starts.",
        "What you will get",
    ),
    "cancelled": StatusWords(
        "Ended",
        "grey",
        "This claim has ended. You can still see what it paid.",
        "If you need help again, make a new claim.",
    ),
    "pending": StatusWords(
        "Being assessed",
        "yellow",
        "We have your claim and are working out what help you can get.",
        "You do not need to do anything. We will contact you if we need more from you.",
    ),
    "suspended": StatusWords(
        "Payments on hold",
        "red",
        "We have put your payments on hold while we check something with you.",
        "Send us what we ask for. If we do not get it in time, your claim may end from the day"
        " that we put it on hold.",
        "What you got before payments were put on hold",
    ),
    "defective": StatusWords(
        "More needed",
        "orange",
        "We cannot decide your claim yet, because something is missing.",
        "Send us what we ask for, so that we can decide your claim.",
    ),
}
UNKNOWN_STATUS = StatusWords(
    "Ask us", "grey", "We cannot show where this claim stands.", "Contact us about it."
)


def status_words(status: str) -> StatusWords:
    """What a state of the back office means; an unknown one sends the resident to the council."""
    return STATUS_WORDS.get(status, UNKNOWN_STATUS)


def expected_payment_date(period_end: date) -> date:
    """The first working day after a period ends: what councils do where no date is given.

    It held for all 63 published dates of two councils; others differ, so it is only expected.
    """
    return working_day(period_end + timedelta(days=1))


def is_month(start: date, end: date) -> bool:
    """Whether a period is one month: from a day to the day before it in the next month."""
    following = end + timedelta(days=1)
    months = (following.year - start.year) * 12 + following.month - start.month
    return months == 1 and following.day == start.day


def weeks_in(start: date, end: date) -> Decimal:
    """The weeks of a period, first and last day included; a month is 52/12 of a week.

    Housing Benefit Regulations 2006, regulation 80: monthly amounts by 12, over 52.
    """
    if is_month(start, end):
        return Decimal(WEEKS_A_YEAR) / MONTHS_A_YEAR
    return Decimal((end - start).days + 1) / 7


def length(start: date, end: date) -> str:
    """How long a period is, first and last day included: 4 weeks, 1 month, 5 days."""
    days = (end - start).days + 1
    if is_month(start, end):
        return "1 month"
    number, unit = (days, "day") if days % 7 else (days // 7, "week")
    return f"{number} {unit}{'' if number == 1 else 's'}"


class Change(StrEnum):
    """A payment against the weekly award."""

    EXPECTED = "Expected"
    REDUCED = "Reduced"
    INCREASED = "Increased"


def full_amount(weekly: Decimal, start: date, end: date) -> Decimal:
    """What a weekly award comes to for a period, to the penny."""
    return to_pennies(weekly * weeks_in(start, end))


def change(amount: Decimal, weekly: Decimal, start: date, end: date) -> Change:
    """How a payment compares with the award for its period; a penny is no difference."""
    difference = amount - full_amount(weekly, start, end)
    if abs(difference) <= PENNY:
        return Change.EXPECTED
    return Change.INCREASED if difference > 0 else Change.REDUCED


def recovered_from(
    amount: Decimal, weekly: Decimal, recoveries: Iterable[Decimal], start: date, end: date
) -> Decimal | None:
    """What is taken back from a payment, where weekly recoveries explain its difference."""
    taken = full_amount(sum(recoveries, Decimal(0)), start, end)
    short = full_amount(weekly, start, end) - amount
    return short if taken and abs(short - taken) <= PENNY else None


def weeks_left(left: Decimal, weekly: Decimal) -> int:
    """How many weeks of recovery are left, the last one perhaps a part; weekly above zero."""
    return ceil(left / weekly)


@dataclass(frozen=True)
class Appeal:
    """By when a Housing Benefit decision can be questioned, as seen on a day.

    One month from the date of the letter; with good reasons 13 months
    (Decisions and Appeals Regulations 2001, SI 2001/1002).
    """

    decided: date
    today: date

    @property
    def by(self) -> date:
        """The last day without giving reasons."""
        return months_after(self.decided, 1)

    @property
    def late_by(self) -> date:
        """The last day with good reasons for being late."""
        return months_after(self.decided, 13)

    @property
    def open(self) -> bool:
        """Whether there is still time."""
        return self.today <= self.by

    @property
    def late(self) -> bool:
        """Whether there is time only with good reasons."""
        return self.by < self.today <= self.late_by


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
