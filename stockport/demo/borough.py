"""The demo borough's two nightly extracts: revenues and benefits, and highways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from stockport.demo import assets, benefit_rows, rows
from stockport.demo.accounts import Account, accounts_of
from stockport.demo.claims import Claim, claim_of
from stockport.demo.extract import extracted_at, write
from stockport.demo.households import Household, households
from stockport.demo.people import SOURCE
from stockport.demo.reference import year_with_figures
from stockport.demo.rows import Row
from stockport.demo.years import tax_year

T = TypeVar("T")

SEED = 1889  # the year the county borough was created
HIGHWAYS = "highways"


def write_revenues(
    folder: Path, today: date, seed: int = SEED, homes: Sequence[Household] = ()
) -> Path:
    """People, council tax and benefits as at the end of the day before, of these households or
    of all; gives the folder.
    """
    homes = homes or households(seed)
    accounts = [account for one in homes for account in accounts_of(one, today)]
    claims = _claims(accounts, today)
    years = (tax_year(today).previous, tax_year(today))
    files: dict[str, Iterable[Row]] = {
        "people": _each(rows.people, homes),
        "elements": _each(rows.published, years),
        **{make.__name__: _each(make, accounts) for make in rows.OF_ACCOUNT},
        **{
            make.__name__: _each(make, claims)
            for make in (
                *(benefit_rows.claims, benefit_rows.claim_members, benefit_rows.awards),
                *(benefit_rows.award_lines, benefit_rows.benefit_payments),
                *(benefit_rows.overpayments, benefit_rows.recoveries),
                *(benefit_rows.evidence_requests, benefit_rows.decisions),
                benefit_rows.benefit_documents,
            )
        },
    }
    columns = rows.COLUMNS | benefit_rows.COLUMNS
    listed = {name: (columns[name], found) for name, found in files.items()}
    return write(folder, SOURCE, extracted_at(today), listed)


def claims_of(seed: int, today: date) -> list[Claim]:
    """Every claim of the borough."""
    accounts = [account for one in households(seed) for account in accounts_of(one, today)]
    return _claims(accounts, today)


def _claims(accounts: list[Account], today: date) -> list[Claim]:
    return [claim for one in accounts if not one.closed and (claim := claim_of(one, today))]


def write_highways(folder: Path, today: date, seed: int = SEED) -> Path:
    """Street lights and grids as at the end of the day before; gives the folder."""
    files = {"assets": (assets.COLUMNS, assets.assets(seed, today))}
    return write(folder, HIGHWAYS, extracted_at(today), files)


def _each(make: Callable[[T], Iterator[Row]], things: Iterable[T]) -> Iterator[Row]:
    return (row for thing in things for row in make(thing))


def borrowed_figures(today: date) -> dict[str, str]:
    """Years shown that have no published figures in the data, and the year used instead."""
    years = (tax_year(today).previous, tax_year(today))
    return {
        year.name: year_with_figures(year) for year in years if year_with_figures(year) != year.name
    }
