"""A night's extract with wrong values, file by file, and what staff are to be told of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from stockport.feeds.tables import Column, Reference, Table, Type, declared
from tests.factories.extract import ExtractFolder, reference_of

LINE = 3  # of the row that is changed: the second, below the header
SUM_IS_WRONG = "accounts.csv, line 2: "  # whose figures it is about, and then what adds up to what
# Amounts by file that must add up with those of others.
SUMS = {
    "accounts.csv": "balance",
    "charge_periods.csv": "net",
    "charge_lines.csv": "amount",
    "year_totals.csv": "charge",
    "instalments.csv": "amount",
    "transactions.csv": "amount",
}


class Wrong(NamedTuple):
    """One thing that is wrong: its name, how it comes about, what staff read."""

    name: str
    make: Callable[[ExtractFolder], object]
    told: str


def everything_wrong(extract: ExtractFolder, households: int) -> Iterator[Wrong]:
    """Each way to be wrong, for each file of the extract that can be."""
    tables = [table for table in declared().values() if table.file in extract.rows]
    for table in tables:
        yield from wrong_codes(table)
        yield from (to_nobody(table, reference) for reference in table.references)
    for file, column in SUMS.items():
        yield Wrong(f"{file} a penny out", partial(add_penny, file, column), SUM_IS_WRONG)
    half = [reference_of(number) for number in range(1, households // 2)]
    missing = f"accounts.csv: {len(half)} of {households}"
    yield Wrong("half of the accounts missing", lambda extract: extract.without(*half), missing)


def wrong_codes(table: Table) -> Iterator[Wrong]:
    """What is not one of the column's codes, or no date, number or pattern as it asks for."""
    column = next(column for column in table.columns if is_strict(table, column))
    told = f"{table.file}, line {LINE}, column {column.name}: must "
    change = partial(put, table.file, (column.name,), "none such")
    yield Wrong(f"{table.file} with a bad {column.name}", change, told)


def is_strict(table: Table, column: Column) -> bool:
    """Whether not every text may stand in it."""
    codes = table.choices(column) and not column.other
    return bool(codes or column.pattern or column.type is not Type.TEXT)


def to_nobody(table: Table, reference: Reference) -> Wrong:
    """A row that names one of another file that is not there."""
    told = f"no such row in {reference.to}"
    # The first column alone: the others of a key are numbers, or years.
    change = partial(put, table.file, reference.columns[:1], "X0")
    return Wrong(f"{table.file} names nobody of {reference.to}", change, told)


def put(file: str, columns: tuple[str, ...], text: str, extract: ExtractFolder) -> None:
    """This text in these columns of the row."""
    extract.row(file, LINE - 2).update(dict.fromkeys(columns, text))


def add_penny(file: str, column: str, extract: ExtractFolder) -> None:
    """A penny more in the first row of each account: nobody's figures can be taken."""
    seen = set()
    for row in extract.rows[file]:
        account = row.get("account", row.get("reference"))
        if account not in seen:
            row[column] = str(Decimal(row[column]) + Decimal("0.01"))
        seen.add(account)
