"""Which streets are spelt nearly as somebody wrote. No database, no clock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

from street_reports.rules import EQUAL

MOST: Final = 5
MOST_EDITS: Final = 3

Words = tuple[tuple[str, ...], ...]


def words_of(name: str) -> list[str]:
    """The words of a street's name as a search has them: lower case, apostrophes gone."""
    return re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", name.lower()))


def has_words(name: str, words: Words) -> bool:
    """Whether each word, in one of its spellings, begins a word of the name."""
    there = words_of(name)
    return all(any(word.startswith(spellings) for word in there) for spellings in words)


def is_name(name: str, words: Words) -> bool:
    """Whether these are the words of the name, all of them and in order."""
    there = words_of(name)
    return len(there) == len(words) and all(map(lambda w, s: w in s, there, words))


@dataclass(frozen=True, order=True)
class Fit:
    """How well a name fits: words typed in vain, letters to change, words of it not typed."""

    spare: int
    edits: int
    missing: int
    name: str


def spelt_nearly(words: Words, names: Iterable[str]) -> list[str]:
    """At most five names that a few wrong letters tell from the words, the nearest first.

    Words too many at the end, such as the town, count only where no name fits all of them.
    """
    fits = sorted(_fits([spellings[0] for spellings in words], tuple(names)))
    best = [f for f in fits if f.spare == fits[0].spare and f.edits <= fits[0].edits + 1]
    return [fit.name for fit in best[:MOST]]


def allowed(length: int) -> int:
    """How many wrong letters still look like a slip, in so many letters."""
    return min(MOST_EDITS, (length + 2) // 5)


def _fits(typed: list[str], names: tuple[str, ...]) -> Iterator[Fit]:
    """The best fit of each name that has one: words count from the start, spaces do not."""
    text, ends = "".join(typed), list(accumulate(map(len, typed)))
    rows = [list(range(len(text) + 1))]
    for shared, letters, columns, name in _in_order(names):
        if shared < len(rows):
            del rows[shared + 1 :]
            _extend(rows, letters, text)
        fits = (
            Fit(len(ends) - read, rows[column][end], len(columns) - used, name)
            for used, column in enumerate(columns, start=1)
            if column < len(rows)
            for read, end in enumerate(ends, start=1)
            if rows[column][end] <= allowed(end)
        )
        yield from sorted(fits)[:1]


@lru_cache(maxsize=8)
def _in_order(names: tuple[str, ...]) -> list[tuple[int, str, list[int], str]]:
    """The letters of each name without spaces, and where each word ends.

    Names in order begin alike: the first figure says for how many letters this one is like the
    one before it, for which the work is done already.
    """
    found, before = [], ""
    for letters, ends, name in sorted(map(_letters, names)):
        found.append((_shared(before, letters), letters, ends, name))
        before = letters
    return found


def _shared(one: str, other: str) -> int:
    """How many letters both begin with."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))


def _letters(name: str) -> tuple[str, list[int], str]:
    words = [EQUAL.get(word, (word,))[0] for word in words_of(name)]
    return "".join(words), list(accumulate(map(len, words))), name


def _extend(rows: list[list[int]], letters: str, text: str) -> None:
    """Add a row for each further letter, until every start of the text needs too many changes.

    A row holds, for each start of the text, the changes that make it the letters so far. One
    letter left out, put in, or written for another, or two swapped, is one change (the optimal
    string alignment distance).
    """
    limit = allowed(len(text))
    for i in range(len(rows), len(letters) + 1):
        letter, above, row = letters[i - 1], rows[-1], [i]
        for j, other in enumerate(text, start=1):
            cost = min(above[j] + 1, row[-1] + 1, above[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == text[j - 2] and letters[i - 2] == other:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return
        rows.append(row)
