"""Which streets a search means: named, spelt nearly so, or near a postcode."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from street_reports.models.assets import AssetQuerySet
from street_reports.rules import Point, Search
from street_reports.spelling import has_words, is_name, spelt_nearly

MOST = 20
NEARBY = 400  # metres: half the side of the square that is searched around a postcode


@dataclass(frozen=True)
class Street:
    """A street with how many of its assets fit, and metres from the postcode if there was one."""

    name: str
    number: int
    metres: int | None = None


@dataclass(frozen=True)
class Streets:
    """The streets that fit. `misspelt`: none is written so, and these nearly are."""

    matches: tuple[Street, ...] = ()
    misspelt: bool = False

    @property
    def names(self) -> list[str]:
        """Their names."""
        return [street.name for street in self.matches]


def named(assets: AssetQuerySet, search: Search) -> Streets:
    """The streets that have the words; those spelt nearly so where none has.

    A word too many at the end, such as the town, does not spoil it.
    """
    words = search.words
    numbers = assets.on_street(words[:1]).streets()
    for read in range(len(words), 1, -1):
        if fitting := _written(words[:read], numbers):
            return _streets(fitting, numbers)
    if numbers and len(words) == 1:
        return _streets(_written(words, numbers), numbers)
    if meant := spelt_nearly(words, numbers):
        return _streets(meant, numbers, misspelt=True)
    if not numbers:
        numbers = assets.streets()
        return _streets(spelt_nearly(words, numbers), numbers, misspelt=True)
    return _streets(numbers, numbers)


def _written(words: tuple[tuple[str, ...], ...], names: Iterable[str]) -> list[str]:
    """The names that have the words; the one that is nothing else, alone."""
    fitting = [name for name in names if has_words(name, words)]
    return [name for name in fitting if is_name(name, words)] or fitting


def _streets(names: Iterable[str], numbers: dict[str, int], *, misspelt: bool = False) -> Streets:
    return Streets(tuple(Street(name, numbers[name]) for name in names), misspelt)


def near(assets: AssetQuerySet, centre: Point) -> Streets:
    """The streets around the point, nearest first."""
    found = assets.near(centre, NEARBY).nearest_streets(centre, MOST)
    return Streets(tuple(Street(*row) for row in found))
