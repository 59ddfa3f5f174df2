"""Council tax accounts, as the back office would have them at the end of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from stockport.demo.bills import ZERO, Support, bill
from stockport.demo.homes import Home
from stockport.demo.households import Household
from stockport.demo.instalments import Instalment, annual, during_the_year, spread_again
from stockport.demo.ledger import Entry, YearLedger
from stockport.demo.plans import Pays, Plan, Relief
from stockport.demo.support import support_in
from stockport.demo.years import TaxYear, tax_year

COURT_COSTS = ((7, "Summons costs", Decimal("64.50")), (11, "Court order costs", Decimal("29.00")))
UNPAID_BEFORE_COURT = 7  # instalments
A_WEEK = Decimal("10.00")  # under an arrangement
WEEK = timedelta(days=7)
FIRST_OPENED = 2009
SKIPPED = {Pays.MISSED_ONE: 1, Pays.MISSED_THREE: 3}


@dataclass
class Account:
    """One household's account for one home: a ledger for each year that is shown."""

    household: Household
    home: Home
    reference: str
    opened: date
    closed: date | None
    ledgers: list[YearLedger]
    stage: tuple[str, date]

    @property
    def balance(self) -> Decimal:
        """Pounds owed; below zero is in credit."""
        return sum((ledger.outstanding for ledger in self.ledgers), ZERO)


def accounts_of(household: Household, today: date) -> list[Account]:
    """The accounts of a household at the end of the day before, the one it left first."""
    opened = date(FIRST_OPENED + household.number % 12, 4 + household.number % 9, 3)
    moved = household.moved_on(today)
    if moved and household.left:
        return _moved(household, household.left, (opened, moved), today)
    ledgers = [_whole_year(household, year, today) for year in _years(today)]
    _settle(household, ledgers, today)
    reference = household.account_reference()
    stage = _stage(household, ledgers, today - timedelta(days=1))
    return [Account(household, household.home, reference, opened, None, ledgers, stage)]


def _years(today: date) -> tuple[TaxYear, TaxYear]:
    return tax_year(today).previous, tax_year(today)


def _whole_year(household: Household, year: TaxYear, today: date) -> YearLedger:
    plan, last_day = household.plan, household.relief_until(today)
    support: Support | None = support_in(plan.claim, year, today)
    relief = Relief.NONE if last_day and last_day < year.start else plan.relief
    made = bill(year, year.start, year.end, household.home.band, relief, support)
    number = 1 if plan.pays is Pays.TOO_MUCH else plan.instalments
    ledger = YearLedger(made, annual(made.charge, year, number, plan.day))
    late_lines = year.billed + 2 * WEEK if plan.pays is Pays.TOO_MUCH else None
    ledger.raise_bill(year.billed, late_lines)
    if last_day and year.start <= last_day < year.end:
        _end_relief(ledger, plan, last_day)
    return ledger


def _end_relief(ledger: YearLedger, plan: Plan, last_day: date) -> None:
    """Bill the days after it again, without it, and spread what there is more to pay."""
    whole, after = ledger.bill, last_day + timedelta(days=1)
    year, band, told = whole.year, whole.band_listed, after + WEEK
    before = bill(year, whole.start, last_day, band, plan.relief, None)
    without = bill(year, after, whole.end, band, Relief.NONE, None)
    ledger.split(told, before, without, f"{plan.relief.capitalize()} ended")
    ledger.instalments = spread_again(ledger.instalments, ledger.charge, told)


def _settle(household: Household, ledgers: list[YearLedger], today: date) -> None:
    """Pay what this household pays."""
    plan, until = household.plan, today - timedelta(days=1)
    skipped = latest_due(ledgers, until, SKIPPED.get(plan.pays, 0))
    last_year = ledgers[0]
    if plan.pays is Pays.NOT_LAST_YEAR:
        skipped = latest_due(ledgers[:1], last_year.bill.year.end, UNPAID_BEFORE_COURT)
        for month, words, costs in COURT_COSTS:
            posted = date(last_year.bill.year.first, month, 24)
            last_year.entries.append(Entry(posted, "costs", costs, "COSTS", words))
    for ledger in ledgers:
        billed = ledger.bill.year.billed + WEEK
        if plan.pays is Pays.IN_ADVANCE:
            ledger.pay(billed, ledger.charge, plan.method)
        elif plan.pays is Pays.TOO_MUCH:
            ledger.pay(billed, ledger.bill.gross, plan.method)
        else:
            days_early = 0 if plan.method == "direct_debit" else household.number % 4
            ledger.pay_instalments(until, skipped, plan.method, days_early)
    if plan.pays is Pays.TOO_MUCH:
        refund = Entry(last_year.bill.year.start + 3 * WEEK, "refund", -last_year.outstanding)
        last_year.entries.append(refund)
    if plan.arrangement and skipped:
        _keep_arrangement(ledgers, skipped[-1] + timedelta(days=42), until)


def _keep_arrangement(ledgers: list[YearLedger], start: date, until: date) -> None:
    """A little each week to the oldest year that has something owing."""
    day = start
    while day <= until:
        owing = next(ledger for ledger in ledgers if ledger.outstanding > 0)
        owing.pay(day, min(owing.outstanding, A_WEEK), "card")
        day += WEEK


def latest_due(ledgers: list[YearLedger], until: date, number: int) -> list[date]:
    """The latest so many due dates up to a day, the latest first."""
    due = [instalment.due for ledger in ledgers for instalment in ledger.instalments]
    return sorted((day for day in due if day <= until), reverse=True)[:number]


def _stage(household: Household, ledgers: list[YearLedger], until: date) -> tuple[str, date]:
    plan = household.plan
    missed = latest_due(ledgers, until, SKIPPED.get(plan.pays, 0))
    if plan.pays is Pays.NOT_LAST_YEAR:
        return "liability_order", date(ledgers[0].bill.year.first, 11, 24)
    if plan.pays is Pays.MISSED_THREE and missed:
        return "final_notice", missed[-1] + timedelta(days=35)
    if missed and not plan.hold and missed[0] + 2 * WEEK <= until:
        return "reminder", missed[0] + 2 * WEEK
    return "bill", ledgers[-1].last_billed


def _moved(
    household: Household, left: Home, dates: tuple[date, date], today: date
) -> list[Account]:
    """The closed account and the new one; what was paid too much goes from one to the other."""
    opened, moved = dates
    last_day, told = moved - timedelta(days=1), moved + WEEK
    until = today - timedelta(days=1)
    old = _left(household, left, last_day, today)
    credit = -sum((ledger.outstanding for ledger in old), ZERO)
    new = _arrived(household, moved, max(ZERO, credit), today)
    if credit > 0:
        words = "Moved to your account for your new home"
        old[-1].entries.append(Entry(told, "transfer", credit, "TRANSFER", words))
    first, second = household.account_reference(left=True), household.account_reference()
    return [
        Account(household, left, first, opened, last_day, old, _stage(household, old, until)),
        Account(household, household.home, second, moved, None, new, _stage(household, new, until)),
    ]


def _left(household: Household, home: Home, last_day: date, today: date) -> list[YearLedger]:
    plan, ledgers = household.plan, []
    for year in _years(today):
        if year.start > last_day:
            continue
        whole = bill(year, year.start, year.end, home.band, plan.relief, None)
        schedule = annual(whole.charge, year, plan.instalments, plan.day)
        final = bill(year, year.start, min(year.end, last_day), home.band, plan.relief, None)
        ledger = YearLedger(final, schedule)
        if final.end == year.end:
            ledger.raise_bill(year.billed)
        else:
            ledger.correct(last_day + WEEK, whole)
            ledger.pay_instalments(last_day, (), plan.method, 0)
            ledger.instalments = _cut(schedule, final.charge, last_day)
        ledger.pay_instalments(today - timedelta(days=1), (), plan.method, 0)
        ledgers.append(ledger)
    return ledgers


def _cut(schedule: list[Instalment], charge: Decimal, last_day: date) -> list[Instalment]:
    """The instalments due by the last day, cut to a smaller bill; a final one for any rest."""
    kept: list[Instalment] = []
    for instalment in schedule:
        left = charge - sum((part.amount for part in kept), ZERO)
        if instalment.due <= last_day and left > 0:
            kept.append(Instalment(instalment.due, min(left, instalment.amount)))
    left = charge - sum((part.amount for part in kept), ZERO)
    return [*kept, Instalment(last_day + 3 * WEEK, left)] if left > 0 else kept


def _arrived(household: Household, moved: date, credit: Decimal, today: date) -> list[YearLedger]:
    plan, told, ledgers = household.plan, moved + WEEK, []
    for year in _years(today):
        if year.end < moved:
            continue
        begun = max(year.start, moved)
        made = bill(year, begun, year.end, household.home.band, plan.relief, None)
        if begun == moved:
            schedule = during_the_year(made.charge, year, told, plan.instalments, plan.day)
            ledger = YearLedger(made, schedule)
            ledger.raise_bill(told)
            if credit:
                words = "Moved from the account for your old home"
                ledger.entries.append(Entry(told, "transfer", -credit, "TRANSFER", words))
        else:
            ledger = YearLedger(made, annual(made.charge, year, plan.instalments, plan.day))
            ledger.raise_bill(year.billed)
        ledger.pay_instalments(today - timedelta(days=1), (), plan.method, 0)
        ledgers.append(ledger)
    return ledgers
