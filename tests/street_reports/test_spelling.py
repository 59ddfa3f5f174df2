"""Streets that are spelt nearly as somebody wrote, against a slow and simple oracle."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from street_reports.borough import street_names
from street_reports.rules import EQUAL, read_search
from street_reports.spelling import Fit, allowed, has_words, is_name, spelt_nearly, words_of

NAMES = [
    "Ashfield Road", "Ashfield Grove", "Hillcrest Avenue", "Mill Lane", "Old Mill Lane",
    "St Mary’s Way", "Wellington Road South", "Wellington Road North", "Marle Rd",
]  # fmt: skip
LETTERS = "abdefhilmnorst"
words = st.text(LETTERS, min_size=1, max_size=7)
streets = st.lists(words, min_size=1, max_size=3).map(" ".join)


def distance(a, b):
    """Optimal string alignment, as its definition has it."""

    @cache
    def between(i, j):
        if not i or not j:
            return i + j
        ways = [
            between(i - 1, j) + 1,
            between(i, j - 1) + 1,
            between(i - 1, j - 1) + (a[i - 1] != b[j - 1]),
        ]
        if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
            ways.append(between(i - 2, j - 2) + 1)
        return min(ways)

    return between(len(a), len(b))


def slowly(typed, names):
    """What spelt_nearly promises, by comparing everything with everything."""
    fits = []
    for name in names:
        there = [EQUAL.get(word, (word,))[0] for word in words_of(name)]
        fits += sorted(
            Fit(len(typed) - read, edits, len(there) - used, name)
            for read in range(1, len(typed) + 1)
            for used in range(1, len(there) + 1)
            for part in ["".join(typed[:read])]
            if (edits := distance(part, "".join(there[:used]))) <= allowed(len(part))
        )[:1]
    fits.sort()
    best = [f for f in fits if f.spare == fits[0].spare and f.edits <= fits[0].edits + 1]
    return [fit.name for fit in best[:5]]


@given(streets, st.lists(streets, max_size=8, unique=True))
def test_quick_way_gives_what_the_slow_one_gives(typed, names):
    words = read_search(typed).words
    assert spelt_nearly(words, names) == slowly([group[0] for group in words], names)


# Not where “St” or “Rd” stands for a longer word: a slip in it is more than one letter.
IN_FULL = [name for name in NAMES if name not in ("St Mary’s Way", "Marle Rd")]


@given(st.sampled_from(IN_FULL), st.data())
def test_one_slip_in_a_street_of_the_borough_finds_it(name, data):
    letters = list(name.lower())
    at = data.draw(st.integers(0, len(letters) - 2))
    slip = data.draw(st.sampled_from(["leave out", "double", "swap", "write another"]))
    if slip == "swap":
        letters[at : at + 2] = reversed(letters[at : at + 2])
    else:
        letter = letters[at]
        letters[at] = {"leave out": "", "double": letter * 2, "write another": "x"}[slip]
    search = read_search("".join(letters))
    assert has_words(name, search.words) or name in spelt_nearly(search.words, NAMES)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Ashfeild Road", ["Ashfield Road"]),
        ("Hilcrest Av", ["Hillcrest Avenue"]),
        ("Hill crest Avenue", ["Hillcrest Avenue"]),
        ("Ahsfield Road Edgeley", ["Ashfield Road"]),
        ("Welington Road", ["Wellington Road North", "Wellington Road South"]),
        ("Saint Marys Wya", ["St Mary’s Way"]),
        ("Marl Road", ["Marle Rd"]),
        ("Xyzzy Street", []),
        ("", []),
    ],
)
def test_slips_that_people_make(typed, meant):
    assert spelt_nearly(read_search(typed).words, NAMES) == meant


def test_no_more_than_five_of_four_thousand_streets_are_offered():
    offered = spelt_nearly(read_search("ashfeild").words, street_names())
    assert len(offered) == 5
    assert all(name.startswith("Ashfield ") for name in offered)


def test_whole_name_is_told_from_a_part_of_it():
    mill = read_search("mill ln").words
    assert [name for name in NAMES if has_words(name, mill)] == ["Mill Lane", "Old Mill Lane"]
    assert [name for name in NAMES if is_name(name, mill)] == ["Mill Lane"]
