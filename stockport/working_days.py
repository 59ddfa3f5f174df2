"""Working days in England: weekdays that are not bank holidays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from govuk_bank_holidays.bank_holidays import BankHolidays


@cache
def bank_holidays() -> frozenset[date]:
    """The bank holidays of England and Wales that the installed package knows; no network."""
    days = BankHolidays(use_cached_holidays=True).get_holidays(division="england-and-wales")
    return frozenset(day["date"] for day in days)


def working_day(day: date) -> date:
    """The first working day on or after a day."""
    while day.weekday() >= 5 or day in bank_holidays():
        day += timedelta(days=1)
    return day


def working_days_after(day: date, number: int) -> date:
    """The day that is so many working days after a day, which itself does not count."""
    for _ in range(number):
        day = working_day(day + timedelta(days=1))
    return day
