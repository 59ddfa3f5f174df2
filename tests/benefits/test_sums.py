"""What the pages print is added up again: for the demo borough, and for 2,000 made-up claims."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path
from random import Random

import pytest
import time_machine
from django.db.models import Sum
from django.template.loader import render_to_string
from django.test import Client

from accounts.models import Person, PersonLink, Resident
from benefits import history, rules, working
from benefits.models import Award, AwardLine, BenefitPayment, Claim, Recovery
from benefits.rules import means
from benefits.rules.figures import figures_on
from council_tax.models import ChargeLine
from stockport.demo.borough import write_revenues
from stockport.feeds.loader import load
from stockport.feeds.models import Quarantine
from stockport.money import pounds, to_pennies
from tests.factories.accounts import PersonLinkFactory

TODAY = date(2026, 11, 23)
MADE_UP = 2_000
TABLE = re.compile(r"<table.*?</table>", re.S)
ROW = re.compile(r"<tr.*?</tr>", re.S)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.S)
AMOUNT = re.compile(r"(\N{MINUS SIGN}?)£([\d,]+\.\d\d)")
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


def check_support(client: Client, claim: Claim) -> None:
    """Support here is support on the bill, year by year, and nothing is missing on either."""
    grids = tables(html_of(client, claim.get_absolute_url()))
    here = {row[0]: amount(row[2]) for row in grids.get("Support that has reached your bill", [])}
    account = {"period__account__reference": claim.council_tax_account, "type": "support"}
    lines = ChargeLine.objects.filter(**account).values_list("period__year")
    billed = {year: -total for year, total in lines.annotate(total=Sum("amount"))}
    assert here == billed
    for year, support in billed.items():
        bill = html_of(client, f"/council-tax/{claim.council_tax_account}/bill/?year={year}")
        assert pounds(support) in _text(bill)


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
            assert abs(worth - weeks_of(payment, awards)) <= D("0.01")


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


def test_printed_figures_add_up_for_every_claim_of_the_borough(borough: Client) -> None:
    assert not Quarantine.objects.exists()
    claims = list(Claim.objects.order_by("reference"))
    assert len(claims) > 50
    with time_machine.travel(TODAY):
        for claim in claims:
            check_awards(borough, claim)
            check_support(borough, claim)
            check_payments(borough, claim)


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


def test_printed_figures_add_up_for_made_up_claims() -> None:
    chosen = Random(1889)
    for _ in range(MADE_UP):
        award, lines = made_up_award(chosen)
        each = working.WorkedOut(award, lines)
        context = {"each": each, "head": working.HEAD, "savings_head": working.SAVINGS_HEAD}
        html = render_to_string("benefits/_worked_out.html", context)
        assert check_worked_out(f"</h2>{html}") == [award.weekly]
        payments = made_up_payments(chosen, award.weekly)
        context = {"history": history.History(payments), "caption": "Payments"}
        printed = check_history(render_to_string("benefits/_history.html", context))
        assert printed == [award.weekly * 4] * len(payments)
