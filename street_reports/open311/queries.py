"""What a call asks for, read from its query (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.utils.dateparse import parse_datetime

from street_reports.open311 import errors
from street_reports.open311.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST: Final = timedelta(days=90)
A_SECOND: Final = timedelta(seconds=1)  # to which all times are said
MOST: Final = 1000
LAST_PAGE: Final = 10_000
STATUSES: Final = ("open", "closed")
YEARS: Final = (1900, 2200)


@dataclass(frozen=True)
class Span:
    """From one time to another, both included."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Page:
    """Which page of a list, and how many to a page."""

    number: int
    size: int

    @property
    def rows(self) -> slice:
        """The rows of the page."""
        return slice((self.number - 1) * self.size, self.number * self.size)


def words(query: Mapping[str, str], name: str) -> list[str]:
    """The values of a comma list, each once."""
    found = (word.strip() for word in query.get(name, "").split(","))
    return list(dict.fromkeys(word for word in found if word))


def ids_in(query: Mapping[str, str], name: str) -> list[str]:
    """The ids of a comma list; raises Refused where there are more than an answer has rows."""
    ids = words(query, name)
    if len(ids) > MOST:
        raise Refused(errors.BAD, f"{name} takes {MOST} ids at most, not {len(ids)}.")
    return ids


def moment_in(query: Mapping[str, str], name: str) -> datetime | None:
    """The time there, None where it is empty; raises Refused."""
    # A plus sign that somebody forgot to encode arrives as a space.
    text = query.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        value = parse_datetime(text) if "T" in text else None
    except ValueError:
        value = None
    if value is None or value.tzinfo is None or not YEARS[0] <= value.year <= YEARS[1]:
        raise Refused(errors.BAD, f"{name} must be a time with its offset: 2026-11-23T10:02:00Z.")
    return value.astimezone(UTC)


def span_in(query: Mapping[str, str], first: str, last: str, now: datetime) -> Span:
    """Between the two times: by default the last 90 days, and never more; raises Refused."""
    start, end = moment_in(query, first), moment_in(query, last)
    end = end or (start + LONGEST if start else now)
    start = start or end - LONGEST
    if start > end:
        raise Refused(errors.BAD, f"{first} must not be after {last}.")
    if end - start > LONGEST:
        raise Refused(errors.BAD, f"{first} and {last} may be 90 days apart at most.")
    # Both ends are whole seconds, and so are the times that we answer with.
    return Span(start, end + A_SECOND - timedelta(microseconds=1))


def page_in(query: Mapping[str, str]) -> Page:
    """The page; raises Refused."""
    number, size = _whole(query, "page", 1, LAST_PAGE), _whole(query, "page_size", MOST, MOST)
    return Page(number, size)


def _whole(query: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = query.get(name, "").strip()
    if not text:
        return default
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not 1 <= number <= most:
        raise Refused(errors.BAD, f"{name} must be a whole number from 1 to {most}.")
    return number


def statuses_in(query: Mapping[str, str]) -> list[str]:
    """Any of open and closed; raises Refused for another word."""
    asked = words(query, "status")
    if unknown := [word for word in asked if word not in STATUSES]:
        raise Refused(errors.BAD, f"status is open or closed, not {unknown[0]}.")
    return asked
