"""The transactions of an account as residents read them."""

from __future__ import annotations

from collections.abc import Iterable

from council_tax.models import Transaction
from council_tax.rules import year_bounds
from council_tax.wording import balance_words, transaction_words
from stockport.components import Cell
from stockport.money import pounds
from stockport.templatetags.portal import day

NO_BREAK = "\N{NO-BREAK SPACE}"

HEAD: list[str | Cell] = [
    "Date",
    "What",
    Cell("Amount", numeric=True),
    Cell("Balance", numeric=True),
]


def statement_rows(transactions: Iterable[Transaction]) -> list[list[str | Cell]]:
    """One row for each transaction (with its balance_after); words say added or taken off."""
    return [_row(each) for each in transactions]


CSV_HEAD = ("Date", "What", "Added (£)", "Taken off (£)", "Balance (£)", "Balance in words")


def csv_rows(transactions: Iterable[Transaction]) -> Iterable[tuple[object, ...]]:
    """The head, then a row for each: what adds and what takes off have a column each."""
    yield CSV_HEAD
    for each in transactions:
        added, off = (each.amount, "") if each.amount > 0 else ("", -each.amount)
        balance = each.balance_after
        yield each.posted, _words(each), added, off, balance, balance_words(balance)


def _row(each: Transaction) -> list[str | Cell]:
    direction = "added" if each.amount > 0 else f"taken{NO_BREAK}off"
    return [
        day(each.posted),
        _words(each),
        Cell(f"{pounds(each.amount)} {direction}", numeric=True),
        Cell(_keep_together(balance_words(each.balance_after)), numeric=True),
    ]


def _keep_together(words: str) -> str:
    """The words after the figure on one line: “to pay”, “in credit”."""
    figure, _, rest = words.partition(" ")
    return f"{figure} {rest.replace(' ', NO_BREAK)}"


def _words(each: Transaction) -> str:
    """What it is, with what the back office adds to it, its days and its year."""
    what = transaction_words(each.type, each.subcode, each.amount)
    says_more = each.description.lower() not in f"{what} council tax {each.year}".lower()
    if says_more:
        what = each.description if what == "Other" else f"{what}: {each.description}"
    parts = [what]
    days = (each.period_start, each.period_end)
    if each.period_start and each.period_end and days != year_bounds(each.year):
        parts.append(f"{day(each.period_start)} to {day(each.period_end)}")
    if not any(each.year in part for part in parts):
        parts.append(each.year)
    return ", ".join(parts)
