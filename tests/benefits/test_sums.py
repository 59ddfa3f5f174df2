"""What the pages print is added up again: for the demo borough, and for 2,000 made-up claims."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from html import unescape
from pathlib import Path
from random import Random
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.db.models import QuerySet
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client

from accounts.models import Person, PersonLink, Resident
from benefits import history, rules, working
from benefits.models import Award, AwardLine, BenefitPayment, Claim, Recovery
from benefits.rules import means
from benefits.rules.figures import figures_on
from benefits.tables import SUPPORT_HEAD, support_rows
from council_tax.bill import HEAD, PeriodTable
from council_tax.models import ChargeLine, ChargePeriod
from stockport.demo.borough import write_revenues
from stockport.feeds.loader import load
from stockport.feeds.models import Quarantine
from stockport.money import signed_pounds, to_pennies
from tests.factories.accounts import PersonLinkFactory

TODAY = date(2026, 11, 23)
MADE_UP = 2_000
CONTROLLED = 100  # every such one is also spoilt by a penny
PENNY = Decimal("0.01")
REACHED, TAKEN_OFF = "Support that has reached your bill", "Less: Council Tax Support"
TABLE = re.compile(r"<table.*?</table>", re.S)
ROW = re.compile(r"<tr.*?</tr>", re.S)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.S)
AMOUNT = re.compile(r"(\N{MINUS SIGN}?)£([\d,]+\.\d\d)")
# An amount that is all of a cell, with what stands before it.
FIGURE = re.compile(
    r"(<t[hd][^>]*>(?:<strong>)?)(\N{MINUS SIGN}?£[\d,]+\.\d\d)(?=(?:</strong>)?</t[hd]>)"
)
PAID = re.compile(r'id="paid">(.*?)<')
D = Decimal

Grid = list[list[str]]


def tables(html: str) -> dict[str, Grid]:
    """The tables of a part of a page by caption, as printed, without their heads."""
    found = {}
    for table in TABLE.findall(html):
        caption = re.search(r"<caption[^>]*>(.*?)</caption>", table, re.S)
        rows = [[_text(cell) for cell in CELL.findall(row)] for row in ROW.findall(table)]
        found[_text(caption[1]) if caption else ""] = rows[1:]
    return found


def _text(cell: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", cell)).split())


def amount(text: str) -> Decimal:
    """What a cell says, in pounds."""
    if text == "None":
        return D(0)
    found = AMOUNT.search(text)
    assert found, text
    value = D(found[2].replace(",", ""))
    return -value if found[1] else value


def assert_adds_up(grid: Grid) -> Decimal:
    """The last row is the sum of those before it; gives it."""
    figures = [amount(row[-1]) for row in grid]
    assert sum(figures[:-1]) == figures[-1], grid
    return figures[-1]


def check_worked_out(html: str) -> list[Decimal]:
    """Needs, income and steps add up, and the taper is of their difference; gives each award."""
    awards = []
    for part in html.split("</h2>")[1:]:
        grids = tables(part)
        if "What you get" not in grids:
            continue
        assert "We are checking" not in part
        awards.append(assert_adds_up(grids["What you get"]))
        if "Your income" in grids:
            above = assert_adds_up(grids["Your income"])
            above -= assert_adds_up(grids["What the law says you need"])
            check_taper(grids["What you get"], above, awards[-1])
    return awards


def check_taper(steps: Grid, above: Decimal, weekly: Decimal) -> None:
    """What is taken off for income is its share of what is above needs, unless nothing is left."""
    for words, taken in steps:
        if share := re.match(r"(\d+)p of each £1 of income", words):
            due = to_pennies(above * D(share[1]) / 100)
            assert -amount(taken) == due or (weekly == 0 and -amount(taken) < due)


def check_history(html: str) -> list[Decimal]:
    """Each payment is its award, with what is added, less what is taken back; gives the awards."""
    heads = [_text(head) for head in re.findall(r"<th[^>]*>(.*?)</th>", html)]
    (grid,) = tables(html).values()
    rows = [dict(zip(heads, row, strict=True)) for row in grid]
    for row in rows:
        parts = (row.get(part, "None") for part in ("Your award", "Added", "Taken back"))
        assert sum(amount(part) for part in parts) == amount(row["Paid"])
    total = PAID.search(html)
    assert total and amount(total[1]) == sum(amount(row["Paid"]) for row in rows)
    return [amount(row["Your award"]) for row in rows]


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


def check_awards(client: Client, claim: Claim) -> None:
    """What is worked out is what the claim's page says it gives."""
    steps = check_worked_out(html_of(client, f"{claim.get_absolute_url()}worked-out/"))
    grids = tables(html_of(client, claim.get_absolute_url()))
    for caption, given in grids.items():
        if caption.startswith("What you "):
            assert sorted(steps) == sorted(amount(row[-1]) for row in given)


def support_given(html: str) -> dict[str, Decimal]:
    """The support of each year that a claim's page says has reached the bill."""
    return {row[0]: amount(row[2]) for row in tables(html).get(REACHED, [])}


def support_billed(html: str) -> Decimal:
    """The support that a bill takes off, in all its periods together."""
    rows = [row for grid in tables(html).values() for row in grid]
    return -sum(amount(row[1]) for row in rows if row[0].startswith(TAKEN_OFF))


def check_support(client: Client, claim: Claim) -> None:
    """Support here is support on the bill, year by year, and nothing is missing on either."""
    here = support_given(html_of(client, claim.get_absolute_url()))
    account = {"period__account__reference": claim.council_tax_account, "type": "support"}
    years = ChargeLine.objects.filter(**account).values_list("period__year", flat=True).distinct()
    for year in here.keys() | set(years):
        bill = html_of(client, f"/council-tax/{claim.council_tax_account}/bill/?year={year}")
        assert support_billed(bill) == here[year]


def check_payments(client: Client, claim: Claim) -> None:
    """Every payment's award is the weekly award by its weeks, in every year."""
    awards = list(claim.awards.all())
    made = claim.payments.of_money().made()
    years = {history.year_of(payment.paid_on) for payment in made}
    for year in years:
        html = html_of(client, f"{claim.get_absolute_url()}payments/?year={year}")
        printed = check_history(html)
        rows = [each for each in made if history.year_of(each.paid_on) == year]
        for worth, payment in zip(printed, rows, strict=True):
            assert worth == weeks_of(payment, awards)


def weeks_of(payment: BenefitPayment, awards: list[Award]) -> Decimal:
    """Each week of a payment at the award that holds on its Monday."""
    mondays = range(((payment.period_end - payment.period_start).days + 1) // 7)
    return sum(
        award.weekly
        for week in mondays
        for award in awards
        if award.kind == payment.kind
        and award.holds_on(payment.period_start + timedelta(days=7 * week))
    )


Rows = Callable[[Claim], QuerySet[Any]]
# What is printed with a penny too much somewhere must fail: rows of a claim, their amount, and the
# check that looks at it.
A_PENNY_OFF: list[tuple[Rows, str, Callable[[Client, Claim], None]]] = [
    (
        lambda claim: AwardLine.objects.filter(award__claim=claim, part="award"),
        "amount",
        check_awards,
    ),
    (lambda claim: claim.awards.filter(lines__part="award").distinct(), "weekly", check_awards),
    (lambda claim: claim.payments.of_money().made(), "amount", check_payments),
    (lambda claim: Recovery.objects.filter(payment__claim=claim), "amount", check_payments),
    (lambda claim: claim.awards.filter(credited__isnull=False), "credited", check_support),
    (
        lambda claim: ChargeLine.objects.filter(
            period__account__reference=claim.council_tax_account, type="support"
        ),
        "amount",
        check_support,
    ),
]


@pytest.mark.slow
def test_printed_figures_add_up_for_every_claim_of_the_borough(borough: Client) -> None:
    assert not Quarantine.objects.exists()
    claims = list(Claim.objects.order_by("reference"))
    assert len(claims) > 50
    with time_machine.travel(TODAY):
        for claim in claims:
            check_awards(borough, claim)
            check_support(borough, claim)
            check_payments(borough, claim)
        for rows, field, check in A_PENNY_OFF:
            claim = next(claim for claim in reversed(claims) if rows(claim).exists())
            row = rows(claim).latest("pk")
            with pytest.raises(AssertionError), transaction.atomic():
                rows(claim).filter(pk=row.pk).update(**{field: getattr(row, field) + PENNY})
                check(borough, claim)


def made_up_household(chosen: Random) -> rules.Circumstances:
    """A household drawn at random, with everything that makes a line."""

    def up_to(most: int) -> Decimal:
        return D(chosen.randint(0, most * 100)) / 100

    others = tuple(rules.NonDependant(up_to(700)) for _ in range(chosen.choice((0, 0, 1, 2))))
    return rules.Circumstances(
        pension_age=chosen.random() < 0.5,
        couple=chosen.random() < 0.4,
        children=chosen.choice((0, 0, 1, 3)),
        earnings=up_to(200),
        other_income=up_to(400),
        capital=up_to(9_000),
        non_dependants=others,
        tenancy=chosen.choice(list(rules.Tenancy)),
        rent=up_to(300),
        ineligible_rent=up_to(40),
        spare_bedrooms=chosen.choice((0, 1, 2)),
        capped_benefits=chosen.choice((None, up_to(400))),
        council_tax=up_to(4_000),
        band=chosen.choice("ABCDEFGH"),
    )


def made_up_award(chosen: Random) -> tuple[Award, list[AwardLine]]:
    """An award as the estimator works it out, with its lines."""
    household, figures = made_up_household(chosen), figures_on(TODAY)
    kind, estimate = chosen.choice(
        (("hb", rules.housing_benefit), ("cts", rules.council_tax_support))
    )
    scheme = figures.pension_support if household.pension_age else figures.working_support
    own = figures.pension_capital if household.pension_age else figures.working_capital
    income = means.income(household, scheme.capital if kind == "cts" else own)
    needs = means.applicable_amount(household, figures)
    worked = estimate(household, TODAY)
    lines = [
        AwardLine(part="needs", words="Living costs", amount=needs),
        AwardLine(part="income", words="Income", amount=income),
        *(AwardLine(part="award", words=each.words, amount=each.amount) for each in worked.lines),
    ]
    return Award(kind=kind, start=date(2026, 4, 6), weekly=worked.weekly), lines


def made_up_payments(chosen: Random, weekly: Decimal) -> list[BenefitPayment]:
    """A year of four-weekly payments, some with arrears in them, some less a recovery."""
    payments = []
    for number in range(1, chosen.randint(2, 14)):
        start = date(2026, 4, 6) + timedelta(days=28 * (number - 1))
        taken = chosen.choice((D(0), D("14.40"), weekly * 4))
        arrears = chosen.choice((D(0), D("12.34")))
        payment = BenefitPayment(
            pk=number,
            kind="hb",
            paid_on=start + timedelta(days=28),
            period_start=start,
            period_end=start + timedelta(days=27),
            amount=weekly * 4 + arrears - min(taken, weekly * 4),
            adjustment=arrears,
            adjustment_reason="Arrears." if arrears else "",
            payee="claimant",
        )
        recovery = Recovery(payment=payment, amount=min(taken, weekly * 4))
        payment._prefetched_objects_cache = {"recoveries": Taken([recovery] if taken else [])}
        payments.append(payment)
    return payments


class Taken(list[Recovery]):
    """Recoveries that were fetched: no question to the database."""

    def all(self) -> list[Recovery]:
        return self


APRIL = (date(2026, 4, 1),)


def made_up_bill(chosen: Random) -> tuple[list[Award], list[PeriodTable]]:
    """A year's support as its award and its bill have it: in one period, or in two."""
    starts = chosen.choice((APRIL, (*APRIL, date(2026, 10, 5))))
    parts = {start: D(chosen.randint(1, 90_000)) / 100 for start in starts}
    award = Award(year="2026/27", start=date(2026, 4, 6), credited=sum(parts.values()))
    return [award], [made_up_period(chosen, *part) for part in parts.items()]


def made_up_period(chosen: Random, start: date, support: Decimal) -> PeriodTable:
    """Days with support taken off, and sometimes a discount before it."""
    gross = support + D(chosen.randint(0, 200_000)) / 100
    discount = chosen.choice((D(0), to_pennies((gross - support) / 4)))
    lines = [ChargeLine(type="support", reason="Council Tax Support", amount=-support)]
    if discount:
        lines.insert(0, ChargeLine(type="discount", reason="One adult", amount=-discount))
    period = ChargePeriod(
        year="2026/27",
        start=start,
        end=date(2027, 3, 31),
        days=(date(2027, 3, 31) - start).days + 1,
        band_listed="A",
        band_charged="A",
        gross=gross,
        net=gross - discount - support,
    )
    return PeriodTable(period, lines, None)


BILL = Template(
    "{% load govuk %}{% for each in tables %}{% table each.title head each.rows %}{% endfor %}"
)


def check_billed(here: str, bill: str) -> None:
    """Support on the claim's page is support on the bill, and what the bill prints adds up."""
    for grid in TABLE.findall(bill):
        assert_adds_up(next(iter(tables(grid).values())))
    assert support_given(here) == {"2026/27": support_billed(bill)}


def a_penny_more(html: str) -> Iterator[str]:
    """A part of a page with one of its figures a penny higher: each in turn."""
    for found in FIGURE.finditer(html):
        figure = signed_pounds(amount(found[2]) + PENNY)
        yield f"{html[: found.start()]}{found[1]}{figure}{html[found.end() :]}"


def assert_penny_counts(check: Callable[[str], object], html: str) -> None:
    """A penny more fails the check, wherever it is."""
    spoilt = list(a_penny_more(html))
    assert spoilt
    for each in spoilt:
        with pytest.raises(AssertionError):
            check(each)


@pytest.mark.slow
def test_printed_figures_add_up_for_made_up_claims() -> None:
    chosen = Random(1889)
    for number in range(MADE_UP):
        award, lines = made_up_award(chosen)
        each = working.WorkedOut(award, lines)
        context = {"each": each, "head": working.HEAD, "savings_head": working.SAVINGS_HEAD}
        worked = f"</h2>{render_to_string('benefits/_worked_out.html', context)}"
        assert check_worked_out(worked) == [award.weekly]
        payments = made_up_payments(chosen, award.weekly)
        context = {"history": history.History(payments), "caption": "Payments"}
        paid = render_to_string("benefits/_history.html", context)
        assert check_history(paid) == [award.weekly * 4] * len(payments)
        awards, bill_tables = made_up_bill(chosen)
        context = {"support_head": SUPPORT_HEAD, "support": support_rows(awards), "claim": Claim()}
        here = render_to_string("benefits/_support.html", context)
        bill = BILL.render(Context({"tables": bill_tables, "head": HEAD}))
        check_billed(here, bill)
        if number % CONTROLLED == 0:
            assert_penny_counts(check_worked_out, worked)
            assert_penny_counts(check_history, paid)
            assert_penny_counts(partial(check_billed, bill=bill), here)
            assert_penny_counts(partial(check_billed, here), bill)
