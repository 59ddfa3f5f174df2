"""A borough of full size, by the same generator as the demo: a night's full extract, or a delta.

For rehearsals and `make bench`. People and council tax only; nothing is held in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from stockport.demo import rows
from stockport.demo.accounts import Account, accounts_of
from stockport.demo.borough import SEED
from stockport.demo.extract import Writer, extracted_at
from stockport.demo.homes import Town
from stockport.demo.households import Household, household
from stockport.demo.people import SOURCE
from stockport.demo.rows import COLUMNS
from stockport.demo.years import tax_year

# What an ordinary night brings: of a hundred accounts, two have something new.
CHANGED = 0.02
PAYMENT = Decimal("10.00")
FILES = ("people", "elements", *(make.__name__ for make in rows.OF_ACCOUNT))


def write_full(folder: Path, today: date, accounts: int, seed: int = SEED) -> Path:
    """Everything as at the end of the day before, for at least so many accounts."""
    with Writer(folder, SOURCE, extracted_at(today), _headers()) as extract:
        for year in (tax_year(today).previous, tax_year(today)):
            extract.add("elements", rows.published(year))
        for home, owed in _households(today, accounts, seed):
            _add(extract, home, owed)
    return folder


def write_delta(folder: Path, today: date, accounts: int, seed: int = SEED) -> Path:
    """What changed since the full extract of the day before: two accounts of a hundred paid."""
    chosen, yesterday = Random(f"{seed}:delta:{today}"), today - timedelta(days=1)  # noqa: S311
    since = extracted_at(yesterday)
    with Writer(folder, SOURCE, extracted_at(today), _headers(), since) as extract:
        for home, owed in _households(yesterday, accounts, seed):
            if chosen.random() < CHANGED:
                owed[-1].ledgers[-1].pay(yesterday, PAYMENT, "card")
                _add(extract, home, owed)
    return folder


def _headers() -> dict[str, str]:
    return {name: COLUMNS[name] for name in FILES}


def _households(today: date, accounts: int, seed: int) -> Iterator[tuple[Household, list[Account]]]:
    """Household after household with its accounts, until there are so many."""
    town, number = Town(households=accounts, streets=900, apart=2), 0
    while accounts > 0:
        home = household(seed, number, town)
        owed = accounts_of(home, today)
        accounts, number = accounts - len(owed), number + 1
        yield home, owed


def _add(extract: Writer, home: Household, owed: list[Account]) -> None:
    extract.add("people", rows.people(home))
    for account in owed:
        for make in rows.OF_ACCOUNT:
            extract.add(make.__name__, make(account))
