"""People: invented, and the same every day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stockport.demo.reference import invented

SOURCE = "revenues"
TITLES = {"Mrs": "woman", "Ms": "woman", "Miss": "woman", "Dr": "woman", "Mr": "man"}
OLDER = (date(1936, 1, 1), date(1955, 1, 1))
ADULT = (date(1956, 1, 1), date(2003, 1, 1))
KEY_LETTERS = "2346789BCDFGHJKMPQRTVWXY"  # none that is read as another
TITLE_SHARES = (22, 18, 9, 3, 48)


@dataclass(frozen=True)
class Person:
    """Somebody the council knows."""

    reference: str
    title: str
    forenames: str
    surname: str
    date_of_birth: date
    online_key: str
    phone_last3: str
    bank_last3: str
    ni_number: str


def person_reference(household: int, *, joint: bool = False) -> str:
    """The back office's reference of a household's first or second adult."""
    return f"P{1_000_000 + household * 2 + joint}"


def person(seed: int, household: int, *, joint: bool = False, pensioner: bool = False) -> Person:
    """An adult of this household."""
    chosen = Random(f"{seed}:person:{household}:{joint}")  # noqa: S311
    title = chosen.choices(list(TITLES), TITLE_SHARES)[0]
    start, end = OLDER if pensioner else ADULT
    return Person(
        reference=person_reference(household, joint=joint),
        title=title,
        forenames=chosen.choice(invented(TITLES[title])),
        surname=chosen.choice(invented("surname")),
        date_of_birth=start + timedelta(days=chosen.randrange((end - start).days)),
        online_key="-".join("".join(chosen.choices(KEY_LETTERS, k=4)) for _ in range(2)),
        phone_last3=f"{chosen.randrange(1000):03}",
        bank_last3=f"{chosen.randrange(1000):03}",
        # HMRC gives no number that begins with QQ (manual NIM39110).
        ni_number=f"QQ{chosen.randrange(1_000_000):06}{chosen.choice('ABCD')}",
    )
