"""The demo borough as Civica knows it: household by household, when somebody asks for one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from stockport.demo.accounts import accounts_of
from stockport.demo.benefit_letters import benefit_letters_of
from stockport.demo.borough import SEED, write_revenues
from stockport.demo.civica.office import Office, Rows, rows_of
from stockport.demo.claims import claim_of
from stockport.demo.households import Household, households
from stockport.demo.letters import letters_of


def demo_office(today: date) -> Office:
    """A Civica that knows the demo borough as at the end of the day before, ready at once."""
    homes = {person.reference: home for home in households(SEED) for person in home.people}

    def learn(person: str) -> tuple[Rows, dict[str, bytes]]:
        if not (home := homes.get(person)):
            return {}, {}
        for other in home.people:
            homes.pop(other.reference)
        with TemporaryDirectory(prefix="civica-") as folder:
            rows = rows_of(write_revenues(Path(folder), today, homes=[home]))
        return rows, letters_by_reference([home], today)

    return Office(learn=learn)


def letters_by_reference(homes: Iterable[Household], today: date) -> dict[str, bytes]:
    """The PDFs of these households' letters."""
    accounts = [account for home in homes for account in accounts_of(home, today)]
    claims = (claim for one in accounts if not one.closed and (claim := claim_of(one, today)))
    return {
        **{letter.reference: letter.pdf for one in accounts for letter in letters_of(one)},
        **{letter.reference: letter.pdf for one in claims for letter in benefit_letters_of(one)},
    }
