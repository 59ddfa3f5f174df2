"""Whether what somebody typed is what the council has: names, postcodes and references as written.

Strict about who, lenient about how: case, accents, hyphens, apostrophes, titles and initials never
matter, and half a surname, a nickname or one letter off never matches. Staff look at the rest.
"""

from __future__ import annotations

import re
import unicodedata

TITLES = {"mr", "mrs", "ms", "miss", "mx", "master", "dr", "prof", "professor", "rev", "reverend"}
TITLES |= {"sir", "dame", "lord", "lady", "revd", "fr", "cllr", "capt", "maj", "col", "messrs"}
AND = re.compile(r"\s(?:and|&|\+)\s|\s*[&+/]\s*", re.I)
APOSTROPHES = re.compile("['’\u2018\u02bc`\u00b4\u2032]")
# Letters that are no letter with a mark; German and Nordic names are written in two ways.
PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "\u0131": "i", "æ": "ae", "œ": "oe"})
LONG = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
THORN = str.maketrans({"þ": "th", "ß": "ss"})
SHORTEST_AFTER_MAC = 3  # letters: Mack and Macy are no Mc


def same_person(*, forenames: str, surname: str, held_forenames: str, held_surname: str) -> bool:
    """Whether the typed name is the one that the council holds, however either is written.

    The council may hold two people in one name (“Mr & Mrs J Smith”): either of them matches. Where
    it holds no forename at all, the surname decides.
    """
    first, last = _without_titles(forenames), _without_titles(surname)
    if not last:
        return False
    return any(
        _keys(last) & _keys(held_last) and _fit(first, held_first)
        for held_first, held_last in _held(held_forenames, held_surname)
    )


def postcode(text: str) -> str:
    """A postcode without spaces or punctuation, in capitals."""
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", text).upper())


def reference(text: str) -> str:
    """A reference without spaces, punctuation and leading zeros, in capitals."""
    return postcode(text).lstrip("0")


def written(text: str, longest: int = 20) -> list[str]:
    """Every way in which a back office may hold this reference: with leading zeros or without."""
    short = reference(text)
    return [short.zfill(length) for length in range(len(short), longest + 1)] if short else []


def key(text: str) -> str:
    """An online key without spaces or punctuation, in capitals."""
    return postcode(text)


def _words(text: str) -> list[str]:
    """The words in lower case, an apostrophe being nothing and a hyphen a space."""
    text = APOSTROPHES.sub("", unicodedata.normalize("NFKC", text).casefold())
    return re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", text))


def _without_titles(text: str) -> list[str]:
    return [word for word in _words(text) if word not in TITLES]


def _plain(word: str) -> str:
    """Without accents."""
    split = unicodedata.normalize("NFKD", word.translate(THORN).translate(PLAIN))
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def _spellings(word: str) -> set[str]:
    """The word without accents, in the short and the long way: Müller is Muller and Mueller."""
    return {_plain(word), _plain(word.translate(LONG))}


def _keys(surname: list[str]) -> set[str]:
    """A surname in one piece: O’Neill is oneill, de la Cruz delacruz, MacDonald mcdonald."""
    words = ["saint" if word == "st" else word for word in surname]
    # Each half of a double-barrelled name may be a Mac, and so may the whole: Mac Donald.
    pieces = "".join(words), "".join(map(_mc, words))
    return {_mc(spelling) for piece in pieces for spelling in _spellings(piece)}


def _mc(surname: str) -> str:
    rest = surname.removeprefix("mac")
    return f"mc{rest}" if rest != surname and len(rest) >= SHORTEST_AFTER_MAC else surname


def _held(forenames: str, surname: str) -> list[tuple[list[str], list[str]]]:
    """Each person that a record names: forenames and surname."""
    last = [word for part in AND.split(surname) for word in _without_titles(part)]
    given = [_without_titles(part) for part in AND.split(forenames)]
    if any(given):
        return [(first, last) for first in given if first]
    # Everything in one: the initials before the surname are the forenames.
    initials = [word for word in last if len(word) == 1]
    return [([initial], last[len(initials) :]) for initial in initials] or [([], last)]


def _fit(typed: list[str], held: list[str]) -> bool:
    """Whether forenames are the same as far as both go: J fits John, John fits J, Jane does not."""
    if not held:
        return True
    pairs = zip(typed, held, strict=False)
    return bool(typed) and all(_same_forename(one, other) for one, other in pairs)


def _same_forename(one: str, other: str) -> bool:
    if min(len(one), len(other)) == 1:
        return bool({each[0] for each in _spellings(one)} & {each[0] for each in _spellings(other)})
    return bool(_spellings(one) & _spellings(other))
