"""Discounts for who lives in a home, and premiums where nobody does (pure)."""

from __future__ import annotations

from datetime import date

# (from which day, for how many full years empty, percent on top): the most that the law allows,
# which is what Stockport charges (its page on empty homes). Local Government Finance Act 1992,
# section 11B, as amended by the Rating (Property in Common Occupation) and Council Tax (Empty
# Dwellings) Act 2018 and the Levelling-up and Regeneration Act 2023, section 79.
EMPTY = (
    (date(2013, 4, 1), 2, 50),
    (date(2019, 4, 1), 2, 100),
    (date(2020, 4, 1), 5, 200),
    (date(2021, 4, 1), 10, 300),
    (date(2024, 4, 1), 1, 100),
)
# Section 11C: a council may add up to this from then on.
SECOND_HOME = (date(2025, 4, 1), 100)
KINDS = ("empty", "second_home")


def premium_percent(kind: str, empty_since: date, on: date) -> int:
    """The percent that a premium adds on a day: "empty" (nobody lives there and it is unfurnished)
    or "second_home" (furnished, and nobody's main home).

    An empty home's years count from the day on which it became empty, whoever owns it; those of a
    second home do not count. Exceptions (SI 2024/1007) are the council's to grant, and councils may
    charge less. Raises ValueError for another kind.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not a premium: use one of {', '.join(KINDS)}.")
    if kind == "second_home":
        since, percent = SECOND_HOME
        return percent if on >= since else 0
    years = full_years(empty_since, on)
    return max((more for since, least, more in EMPTY if on >= since and years >= least), default=0)


def full_years(first: date, on: date) -> int:
    """How many years have gone by; one that began on 29 February is over on 1 March."""
    return on.year - first.year - ((on.month, on.day) < (first.month, first.day))


def occupancy_discount_percent(counted_adults: int) -> int:
    """The percent off for how many adults count: one 25, none 50, two or more nothing.

    Adults that do not count are those of Schedule 1 (students, carers and others). Source: Local
    Government Finance Act 1992, section 11. Raises ValueError below nobody.
    """
    if counted_adults < 0:
        raise ValueError("Fewer than no adults cannot live there.")
    return {0: 50, 1: 25}.get(counted_adults, 0)
