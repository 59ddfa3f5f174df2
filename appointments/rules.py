"""Times in Europe/London, and bits that stand for five minutes: pure, no clock of its own."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
CELL = timedelta(minutes=5)
EARTH_MILES = 3959


@lru_cache(maxsize=4096)
def instant(day: date, wall: time, *, last: bool = False) -> datetime:
    """The moment, in UTC, when clocks show this time on this day.

    A time that clocks show twice is its first showing, or its last where `last` is true. A time
    that clocks jump over is the moment of the jump.
    """
    local = datetime.combine(day, wall, LONDON).replace(fold=int(last))
    moment = local.astimezone(UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    moment = local.replace(fold=1).astimezone(UTC)
    while moment.astimezone(LONDON).replace(tzinfo=None) < local.replace(tzinfo=None):
        moment += CELL
    return moment


def midnight(day: date) -> datetime:
    """When this day begins, in UTC."""
    return instant(day, time(0, 0))


def local_day(moment: datetime) -> date:
    """The date in London at this moment."""
    return moment.astimezone(LONDON).date()


def mask(low: int, high: int) -> int:
    """The bits from low to high, high excluded."""
    return (1 << high) - (1 << low) if high > low else 0


def has_all(marks: int, needed: tuple[int, int]) -> bool:
    """Whether every bit from the first to the second number, the second excluded, is set."""
    wanted = mask(*needed)
    return marks & wanted == wanted


def cell_of(moment: datetime) -> int:
    """The number of the cell that holds this moment, counted from 1970 in UTC."""
    return int(moment.timestamp() // 300)


def cell_after(moment: datetime) -> int:
    """The number of the first cell that begins at this moment or after it."""
    return -int(-moment.timestamp() // 300)


@lru_cache(maxsize=8192)
def opening(day: date, opens: time, closes: time) -> tuple[int, int]:
    """The bits of a day between two times on the wall; closing at midnight is the day's end."""
    end_day = day + timedelta(days=1) if closes == time(0, 0) else day
    start, end = instant(day, opens), instant(end_day, closes, last=True)
    return (start - midnight(day)) // CELL, (end - midnight(day)) // CELL


def union(spans: Iterable[tuple[int, int]], size: int, step: int = 1) -> int:
    """The bits from 0 to `size` that lie in one of the spans (end excluded).

    With a `step`, only every so-manieth bit of each. It takes one pass, however long they are.
    """
    digits, ones = bytearray(b"0") * size, b"1" * size
    for low, high in spans:
        digits[low:high:step] = ones[low:high:step]
    return int(digits[::-1], 2) if size else 0


def runs(free: int, length: int) -> int:
    """The bits at which `length` free cells in a row begin, in log2(length) steps."""
    have = 1
    while free and have < length:
        shift = min(have, length - have)
        free &= free >> shift
        have += shift
    return free


def answer_by(now: datetime, minutes: int) -> datetime:
    """The end of so many minutes to answer in, of which those between 8pm and 8am do not count."""
    left, moment = timedelta(minutes=minutes), now
    while True:
        day = local_day(moment)
        moment = max(moment, instant(day, time(8)))
        evening = instant(day, time(20))
        if moment + left <= evening:
            return moment + left
        left -= max(evening - moment, timedelta(0))
        moment = midnight(day + timedelta(days=1))


def miles(from_: tuple[float, float], to: tuple[float, float]) -> float:
    """The distance as the crow flies between two points (latitude, longitude; WGS84)."""
    north, east = (
        math.radians(to[0] - from_[0]),
        math.radians(to[1] - from_[1]) * math.cos(math.radians((from_[0] + to[0]) / 2)),
    )
    return math.hypot(north, east) * EARTH_MILES


def bits(marks: int) -> list[int]:
    """The places of the bits that are set, in order."""
    return [one.start() for one in re.finditer("1", f"{marks:b}"[::-1])]


def spans(marks: int) -> list[tuple[int, int]]:
    """The stretches of bits that are set, end excluded, in order."""
    return [run.span() for run in re.finditer("1+", f"{marks:b}"[::-1])]


def lowest(marks: int) -> int:
    """The place of the first bit that is set."""
    return (marks & -marks).bit_length() - 1
