"""For every account of the demo borough, what the pages print is added up again."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
import time_machine
from django.test import Client

from accounts.models import Person, PersonLink, Resident
from council_tax.models import Account
from stockport.demo.borough import write_revenues
from stockport.feeds.loader import load
from stockport.feeds.models import Quarantine
from tests.factories.accounts import PersonLinkFactory

TODAY = date(2026, 11, 23)
TABLE = re.compile(r"<table.*?</table>", re.S)
ROW = re.compile(r"<tr.*?</tr>", re.S)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.S)
AMOUNT = re.compile(r"(\N{MINUS SIGN}?)£([\d,]+\.\d\d)")

Grid = list[list[str]]


def tables(html: str) -> list[Grid]:
    """The tables of a page without their heads, as printed."""
    return [
        [[_text(cell) for cell in CELL.findall(row)] for row in ROW.findall(table)][1:]
        for table in TABLE.findall(html)
    ]


def _text(cell: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", cell)).split())


def amount(text: str) -> Decimal:
    """What a cell says, in pounds."""
    found = AMOUNT.search(text)
    if found is None:
        assert text == "Nothing to pay"
        return Decimal(0)
    value = Decimal(found[2].replace(",", ""))
    return -value if found[1] or text.endswith(("taken off", "in credit")) else value


def assert_adds_up(grid: Grid, column: int) -> None:
    """The last row of a column is the sum of those before it."""
    figures = [amount(row[column]) for row in grid]
    assert sum(figures[:-1]) == figures[-1], grid


@pytest.fixture
def borough(db: None, tmp_path: Path, resident: Resident) -> Client:
    """The demo borough, and somebody who may see all of it."""
    load(write_revenues(tmp_path, TODAY))
    PersonLink.objects.bulk_create(
        PersonLinkFactory.build(resident=resident, person=person) for person in Person.objects.all()
    )
    client = Client()
    client.force_login(resident)
    return client


def html_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def check_account(client: Client, account: Account) -> None:
    html = html_of(client, account.get_absolute_url())
    for grid in tables(html):
        for column in (1, 2, 3):
            assert_adds_up(grid, column)
    balance = re.search(r'id="balance">(.*?)</p>', html)
    assert balance is not None
    assert amount(balance[1]) == account.balance


def check_history(client: Client, account: Account) -> None:
    (history,) = tables(html_of(client, f"{account.get_absolute_url()}transactions/"))
    assert amount(history[0][3]) == account.balance
    for newer, older in pairwise(history):
        assert amount(newer[3]) == amount(older[3]) + amount(newer[2])


def check_bill(client: Client, account: Account, year: str) -> Decimal:
    """What the page says is left of the year."""
    html = html_of(client, f"{account.get_absolute_url()}bill/?year={year}")
    assert "We are checking these figures" not in html
    grids = tables(html)
    for grid in grids:
        assert_adds_up(grid, 1)
    charged = sum(amount(grid[-1][1]) for grid in grids if grid[-1][0] == "Charge for these days")
    assert charged == amount(grids[-1][0][1])
    return amount(grids[-1][-1][1])


def check_all_years(client: Client, account: Account) -> None:
    years = account.year_totals.values_list("year", flat=True)
    assert sum(check_bill(client, account, year) for year in years) == account.balance


def test_printed_figures_add_up_for_every_account_of_the_borough(borough: Client) -> None:
    assert not Quarantine.objects.exists()
    accounts = list(Account.objects.order_by("reference"))
    assert len(accounts) > 400
    with time_machine.travel(TODAY):
        for account in accounts:
            check_account(borough, account)
            newest = account.year_totals.latest("year").year
            check_bill(borough, account, newest)
        for account in accounts[::5]:
            check_history(borough, account)
            check_all_years(borough, account)
