"""What the pages print is added up again: the demo borough's accounts, and 5,000 generated ones.

The parts of the pages that have figures are drawn by themselves, because whole pages take too
long for so many; the demo residents' accounts are drawn whole too, and their figures compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
import time_machine
from django.db.models import Prefetch
from django.template.loader import get_template
from django.test import Client

from accounts.models import Person, PersonLink, Resident
from council_tax.bill import HEAD, Bill
from council_tax.models import Account, ChargeLine, ChargePeriod, Element, Transaction
from council_tax.overview import Overview
from council_tax.statement import HEAD as HISTORY_HEAD
from council_tax.statement import statement_rows
from stockport.demo.borough import SEED, write_revenues
from stockport.demo.full_size import write_full
from stockport.demo.households import household
from stockport.demo.residents import PLANS
from stockport.feeds.loader import load
from stockport.feeds.models import Quarantine
from stockport.money import to_pennies
from stockport.templatetags.govuk import records
from tests.factories.accounts import PersonLinkFactory

TODAY = date(2026, 11, 23)
GENERATED = 1_250  # of each seed
CONTROLLED = 400  # each such account is also spoilt by a penny, figure by figure
PENNY = Decimal("0.01")
TABLE = re.compile(r"<table.*?</table>", re.S)
ROW = re.compile(r"<tr.*?</tr>", re.S)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.S)
TAG = re.compile(r"<[^>]+>")
AMOUNT = re.compile(r"(\N{MINUS SIGN}?)£([\d,]+\.\d\d)")
DAYS = re.compile(
    r"^Band (\w)(?:, charged as (\w\N{MINUS SIGN}?))?, (\d+) of (\d+) days(?: of £.*)?$"
)
PERCENT = re.compile(r", ([\d.]+)% of £([\d,]+\.\d\d)$")
LESS = re.compile(r" (taken off|in credit|less\b.*)$")
BALANCE = re.compile(r'id="balance">(.*?)</p>')
# A figure at the beginning of a cell or of the balance.
FIGURE = re.compile(r'(?:<t[hd][^>]*>(?:<strong>)?|id="balance">)\N{MINUS SIGN}?£([\d,]+\.\d\d)')
Grid = list[list[str]]


@dataclass(frozen=True)
class Drawn:
    """The HTML of what one account's pages show."""

    account: str
    history: str
    years: dict[str, tuple[str, str]]  # instalments and bill of each


def tables(html: str) -> list[Grid]:
    """The tables of a page without their heads, as printed."""
    return [
        [[_text(cell) for cell in CELL.findall(row)] for row in ROW.findall(table)][1:]
        for table in TABLE.findall(html)
    ]


def _text(cell: str) -> str:
    return " ".join(unescape(TAG.sub("", cell)).split())


def amount(text: str) -> Decimal:
    """What a cell says, in pounds."""
    found = AMOUNT.search(text)
    if found is None:
        assert text in ("Nothing to pay", "No change")
        return Decimal(0)
    value = Decimal(found[2].replace(",", ""))
    return -value if found[1] or LESS.search(text) else value


def balance_of(html: str) -> Decimal:
    """The balance that the account's page prints."""
    printed = BALANCE.search(html)
    assert printed
    return amount(printed[1])


def assert_adds_up(grid: Grid, column: int) -> Decimal:
    """The last row of a column is the sum of those before it; gives it."""
    figures = [amount(row[column]) for row in grid]
    assert sum(figures[:-1]) == figures[-1], grid
    return figures[-1]


def check_bill(html: str) -> tuple[Decimal, Decimal]:
    """Lines add up to the printed totals; gives the year's charge, and what is left of it."""
    assert "We are checking these figures" not in html
    grids = tables(html)
    for grid in grids:
        for column in range(1, len(grid[0])):  # the amounts, and what changed in them
            assert_adds_up(grid, column)
    whole = {grid[-1][0].split()[1]: amount(grid[-1][1]) for grid in grids if _is_of_band(grid)}
    periods = [grid for grid in grids if grid[-1][0] == "Charge for these days"]
    for period in periods:
        check_days(period[0], whole)
        check_percentages(period)
    charge = amount(grids[-1][0][1])
    assert sum(amount(period[-1][1]) for period in periods) == charge
    return charge, amount(grids[-1][-1][1])


def _is_of_band(grid: Grid) -> bool:
    return grid[-1][0].endswith("for a whole year")


def check_days(row: list[str], whole: dict[str, Decimal]) -> None:
    """The days of a whole year's amount are the printed charge, to a penny."""
    found = DAYS.match(row[0])
    assert found, row
    due = to_pennies(whole[found[2] or found[1]] * int(found[3]) / int(found[4]))
    assert abs(due - amount(row[1])) <= PENNY
    if int(found[3]) < int(found[4]):
        assert amount(row[0]) == whole[found[2] or found[1]]


def check_percentages(period: Grid) -> None:
    """Each percentage is of what the lines before it leave, and comes to its amount."""
    left = Decimal(0)
    for row in period[:-1]:
        if found := PERCENT.search(row[0]):
            assert amount(found[0]) == left
            assert to_pennies(left * Decimal(found[1]) / 100) == abs(amount(row[1]))
        left += amount(row[1])


def check_history(html: str) -> Decimal:
    """Each balance is the one before it and the amount; gives the newest."""
    grids = tables(html)
    history = [(amount(row[2]), amount(row[3])) for row in (grids[0] if grids else ())]
    for (moved, newer), (_, older) in pairwise([*history, (Decimal(0), Decimal(0))]):
        assert newer == older + moved
    return history[0][1] if history else Decimal(0)


def check_instalments(html: str) -> Decimal:
    """Each is paid or left, and the columns add up; gives the sum of the instalments."""
    grids = tables(html)
    if not grids:
        return Decimal(0)
    for _, due, paid, left in grids[0]:
        assert amount(due) == amount(paid) + amount(left)
    assert_adds_up(grids[0], 2)
    assert_adds_up(grids[0], 3)
    return assert_adds_up(grids[0], 1)


def check(drawn: Drawn) -> None:
    """Lines with the printed total, the balance with transactions, instalments with the bill."""
    left = Decimal(0)
    for instalments, bill in drawn.years.values():
        charge, of_year = check_bill(bill)
        assert check_instalments(instalments) == charge
        left += of_year
    assert balance_of(drawn.account) == check_history(drawn.history) == left


def loaded() -> Iterator[tuple[Account, list[Element]]]:
    """Every account with what its pages read, a few hundred at a time, and what bands cost."""
    elements = list(Element.objects.order_by("year", "band", "element"))
    of_account = Account.objects.for_pages().prefetch_related(
        "year_totals",
        "instalments",
        Prefetch("transactions", Transaction.objects.with_balance()),
        Prefetch("charge_periods", ChargePeriod.objects.order_by("year", "sequence")),
        Prefetch("charge_periods__lines", ChargeLine.objects.order_by("line")),
    )
    for account in of_account.order_by("reference").iterator(chunk_size=400):
        yield account, elements


def parts_of(account: Account, elements: list[Element]) -> Drawn:
    """What has figures on the pages of one account, drawn by itself."""
    years = [each.year for each in account.year_totals.all()]
    overview = Overview(account, list(account.instalments.all()), TODAY, years[0])
    rows = statement_rows(account.transactions.all())
    history = _draw("govuk/components/records.html", records("", HISTORY_HEAD, rows))
    return Drawn(
        account=_draw("council_tax/_balance.html", {"account": account, "overview": overview}),
        history=history,
        years={year: year_of(account, elements, replace(overview, year=year)) for year in years},
    )


def year_of(account: Account, elements: list[Element], overview: Overview) -> tuple[str, str]:
    """The instalments and the bill of one year."""
    periods = [each for each in account.charge_periods.all() if each.year == overview.year]
    (totals,) = (each for each in account.year_totals.all() if each.year == overview.year)
    bill = Bill(overview.year, periods, totals, elements)
    return (
        _draw("council_tax/_instalments.html", {"overview": overview}),
        _draw("council_tax/_bill.html", {"bill": bill, "head": HEAD}),
    )


def _draw(template: str, context: dict[str, object]) -> str:
    return get_template(template).render(context)


def pages_of(client: Client, account: Account) -> Drawn:
    """The same of whole pages."""
    at = account.get_absolute_url()

    def html_of(address: str) -> str:
        response = client.get(f"{at}{address}")
        assert response.status_code == 200
        return response.content.decode()

    years = [each.year for each in account.year_totals.all()]
    return Drawn(
        account=html_of(""),
        history=html_of("transactions/"),
        years={year: (html_of(f"?year={year}"), html_of(f"bill/?year={year}")) for year in years},
    )


def printed(drawn: Drawn) -> object:
    """All the figures, as printed."""
    years = {year: [tables(html) for html in both] for year, both in drawn.years.items()}
    return balance_of(drawn.account), tables(drawn.history), years


def spoilt(html: str) -> Iterator[str]:
    """The HTML again and again, each time with another figure a penny more."""
    for found in FIGURE.finditer(html):
        more = Decimal(found[1].replace(",", "")) + PENNY
        yield f"{html[: found.start(1)]}{more:,}{html[found.end(1) :]}"


def each_spoilt(drawn: Drawn) -> Iterator[Drawn]:
    """What was drawn with one figure a penny more, for each figure in turn."""
    for html in spoilt(drawn.account):
        yield replace(drawn, account=html)
    for html in spoilt(drawn.history):
        yield replace(drawn, history=html)
    for year, (instalments, bill) in drawn.years.items():
        for html in spoilt(instalments):
            yield replace(drawn, years=drawn.years | {year: (html, bill)})
        for html in spoilt(bill):
            yield replace(drawn, years=drawn.years | {year: (instalments, html)})


def check_every_account() -> int:
    """Add up everything, and show with some that a penny more is noticed; how many accounts."""
    count = 0
    with time_machine.travel(TODAY):
        for count, (account, elements) in enumerate(loaded(), start=1):
            drawn = parts_of(account, elements)
            check(drawn)
            if count % CONTROLLED == 0:
                check_noticed(drawn)
    return count


def check_noticed(drawn: Drawn) -> None:
    wrong = list(each_spoilt(drawn))
    assert len(wrong) > 10
    for each in wrong:
        with pytest.raises(AssertionError):
            check(each)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_printed_figures_add_up_for_generated_accounts(db: None, tmp_path: Path, seed: int) -> None:
    load(write_full(tmp_path, TODAY, GENERATED, seed))
    assert not Quarantine.objects.exists()
    assert check_every_account() >= GENERATED


@pytest.mark.slow
def test_printed_figures_add_up_for_the_borough_and_its_whole_pages(
    db: None, tmp_path: Path, resident: Resident
) -> None:
    load(write_revenues(tmp_path, TODAY))
    assert not Quarantine.objects.exists()
    assert check_every_account() > 400
    PersonLink.objects.bulk_create(
        PersonLinkFactory.build(resident=resident, person=person) for person in Person.objects.all()
    )
    client = Client()
    client.force_login(resident)
    residents = {household(SEED, number).account_reference() for number in PLANS}
    with time_machine.travel(TODAY):
        shown = [each for each in loaded() if each[0].reference in residents]
        for account, elements in shown:
            pages = pages_of(client, account)
            check(pages)
            assert printed(pages) == printed(parts_of(account, elements))
    assert len(shown) == len(PLANS)


def _one_line(account: Account) -> None:
    account.charge_periods.all()[0].lines.all()[0].amount += PENNY


def _one_transaction(account: Account) -> None:
    account.balance += PENNY


def _one_instalment(account: Account) -> None:
    account.instalments.all()[0].amount += PENNY


@pytest.mark.parametrize("spoil", [_one_line, _one_transaction, _one_instalment])
def test_row_that_is_a_penny_off_is_noticed_on_the_page(
    db: None, tmp_path: Path, spoil: Callable[[Account], None]
) -> None:
    load(write_revenues(tmp_path, TODAY, homes=[household(SEED, 6)]))  # a single person
    ((account, elements),) = loaded()
    with time_machine.travel(TODAY):
        check(parts_of(account, elements))
        spoil(account)
        with pytest.raises(AssertionError):
            check(parts_of(account, elements))
