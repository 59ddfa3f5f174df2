"""What a claim gives: weekly awards, payments made and due, and an overpayment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from stockport.demo.bills import ZERO
from stockport.demo.claims import DAY, WEEK, Claim
from stockport.demo.ledger import YearLedger
from stockport.demo.reference import housing_allowance, weekly_recovery
from stockport.demo.years import TaxYear, days_between, tax_year
from stockport.money import to_pennies
from stockport.working_days import working_day

RECOVERED_PERIODS = 3
OVERPAID_WEEKS = 6
OVERPAID_A_WEEK = Decimal("86.40")
YEARLY_RISE = Decimal("0.03")
FUND_BEGINS = date(2026, 4, 1)  # Crisis and Resilience Fund


@dataclass(frozen=True)
class Award:
    """So many pounds a week from one day to another, both included."""

    kind: str
    start: date
    end: date | None
    weekly: Decimal
    reason: str
    year: TaxYear
    credited: Decimal | None = None


@dataclass(frozen=True)
class Payment:
    """A payment for a period of days, both ends included."""

    kind: str
    number: int
    state: str
    paid_on: date
    amount: Decimal
    start: date
    end: date
    payee: str
    destination: str = ""


@dataclass(frozen=True)
class Recovery:
    """What was taken back from a payment."""

    taken_on: date
    amount: Decimal
    payment: int


@dataclass(frozen=True)
class Overpayment:
    """What was paid too much, and how much of it is paid back."""

    reference: str
    start: date
    end: date
    original: Decimal
    recovered: Decimal
    weekly: Decimal
    decided: date
    invoice: str = ""  # how it is paid back where the benefit has ended


def april_monday(year: TaxYear) -> date:
    """The first Monday of a year, when weekly awards change."""
    return year.start + timedelta(days=-year.start.weekday() % 7)


def weekly_rent_help(claim: Claim, monday: date) -> Decimal:
    """Pounds a week of Housing Benefit in the week that begins on this Monday."""
    latest = claim.years[1]
    year = min(tax_year(monday), latest)
    allowance = housing_allowance(latest, claim.plan.rooms) * claim.plan.rent_share
    return to_pennies(allowance * (1 - YEARLY_RISE * (latest.first - year.first)))


def awards_of(claim: Claim) -> list[Award]:
    """Every award from last year on, rent first."""
    if not claim.plan.decided_yet:
        return []
    rent = _rent_awards(claim) if claim.plan.pays_rent else []
    return rent + _top_ups(claim, rent) + (_support_awards(claim) if claim.plan.lowers_bill else [])


def _top_ups(claim: Claim, rent: list[Award]) -> list[Award]:
    """Help with the rest of the rent: a fund of its own took it over in April 2026."""
    if not claim.plan.top_up:
        return []
    reason = "Your rent is more than Housing Benefit covers"
    return [
        Award(top_up(award.start), award.start, award.end, claim.plan.top_up, reason, award.year)
        for award in rent
    ]


def top_up(start: date) -> str:
    """The kind of a housing payment from a day on."""
    return "crf" if start >= FUND_BEGINS else "dhp"


def _rent_awards(claim: Claim) -> list[Award]:
    awards = []
    for year, following in zip(claim.years, (claim.years[1], None), strict=True):
        start = max(april_monday(year), claim.begins)
        end = april_monday(following) - DAY if following else None
        end = claim.ended if claim.ended and (end is None or claim.ended < end) else end
        if end is None or start <= end:
            reason = f"Your rent and income from April {year.first}"
            awards.append(Award("hb", start, end, weekly_rent_help(claim, start), reason, year))
    return awards


def _support_awards(claim: Claim) -> list[Award]:
    if claim.plan.status == "future":
        return [_support_to_come(claim)]
    awards = []
    for ledger in claim.account.ledgers:
        if ledger.bill.support:
            end = claim.ended or ledger.bill.year.end
            days = days_between(ledger.bill.start, end)
            weekly = to_pennies(ledger.bill.support * 7 / days)
            reason = f"Your income and council tax from April {ledger.bill.year.first}"
            awards.append(
                Award(
                    *("cts", ledger.bill.start, end, weekly, reason),
                    *(ledger.bill.year, ledger.bill.support),
                )
            )
    return awards


def _support_to_come(claim: Claim) -> Award:
    year, charge = claim.years[1], claim.account.ledgers[-1].bill.charge
    weekly = to_pennies(charge * claim.plan.support * 7 / year.days)
    return Award("cts", claim.begins, None, weekly, "Your income and council tax", year)


def payments_of(claim: Claim) -> list[Payment]:
    """Payments from last year on: all that were made, and the next one."""
    if not claim.plan.decided_yet:
        return []
    rent = _rent_payments(claim) if claim.plan.pays_rent else []
    rent += _top_up_payments(claim, rent)
    support = [_credit(claim, ledger) for ledger in claim.account.ledgers if ledger.bill.support]
    return rent + support


def _credit(claim: Claim, ledger: YearLedger) -> Payment:
    """Support reaches the bill once a year, with the bill."""
    year = ledger.bill.year
    number = year.first - claim.received.year + 1
    end = claim.ended or year.end
    payee = "council_tax_account"
    amount = ledger.bill.support
    return Payment("cts", number, "paid", year.billed, amount, year.start, end, payee)


def _rent_payments(claim: Claim) -> list[Payment]:
    plan, first_shown = claim.plan, april_monday(claim.years[0])
    length = plan.weeks * WEEK
    skipped = max(0, -((claim.begins - first_shown) // length))
    payments: list[Payment] = []
    while not payments or payments[-1].state == "paid":
        number = skipped + len(payments) + 1
        start = claim.begins + (number - 1) * length
        if claim.stops and start > claim.stops:
            break
        end = start + length - DAY
        if claim.stops and end > claim.stops:
            if not claim.ended:
                break  # on hold: a period that is not over waits
            end = claim.stops
        payments.append(_rent_payment(claim, number, start, end))
    return _less_recovery(claim, payments)


def _rent_payment(claim: Claim, number: int, start: date, end: date) -> Payment:
    mondays = _mondays(start, end)
    paid_on = working_day(end + DAY)
    return Payment(
        kind="hb",
        number=number,
        state="paid" if paid_on < claim.today else "due",
        paid_on=paid_on,
        amount=sum((weekly_rent_help(claim, monday) for monday in mondays), ZERO),
        start=start,
        end=end,
        payee=claim.plan.payee,
        destination=_destination(claim),
    )


def _top_up_payments(claim: Claim, rent: list[Payment]) -> list[Payment]:
    """One with every payment of rent, and one of each fund where it changes within."""
    if not claim.plan.top_up:
        return []
    return [
        replace(one, kind=kind, amount=claim.plan.top_up * weeks, start=first, end=end)
        for one in rent
        for kind, weeks, first, end in _funds(_mondays(one.start, one.end))
    ]


def _funds(mondays: list[date]) -> Iterator[tuple[str, int, date, date]]:
    """Each fund of some weeks: how many are its own, and their first and last day."""
    for kind, own in groupby(mondays, top_up):
        weeks = list(own)
        yield kind, len(weeks), weeks[0], weeks[-1] + WEEK - DAY


def _mondays(start: date, end: date) -> list[date]:
    return [start + week * WEEK for week in range(days_between(start, end) // 7)]


def _destination(claim: Claim) -> str:
    digits = f"{claim.account.household.number * 7_919 % 10_000:04}"
    return "" if claim.plan.payee == "rent_account" else f"ending {digits}"


def _recovery(claim: Claim) -> Decimal:
    return weekly_recovery(claim.years[1])


def _less_recovery(claim: Claim, payments: list[Payment]) -> list[Payment]:
    """The last few payments and the next one are lower while an overpayment is paid back."""
    if not claim.plan.overpaid or claim.ended:
        return payments
    taken = claim.plan.weeks * _recovery(claim)
    from_number = payments[-1].number - RECOVERED_PERIODS
    return [
        replace(payment, amount=payment.amount - taken)
        if payment.number >= from_number
        else payment
        for payment in payments
    ]


def overpayments_of(claim: Claim, payments: list[Payment]) -> list[Overpayment]:
    """The overpayment being taken from this claim's payments, or to be paid once it ended."""
    if not claim.plan.overpaid:
        return []
    if claim.ended:
        return [_invoiced(claim, claim.ended)]
    first = [payment for payment in payments if payment.kind == "hb"][-RECOVERED_PERIODS - 1]
    rate = _recovery(claim)
    return [
        Overpayment(
            reference=f"OP{claim.reference}",
            start=first.start - (OVERPAID_WEEKS + 4) * WEEK,
            end=first.start - 4 * WEEK - DAY,
            original=OVERPAID_WEEKS * OVERPAID_A_WEEK,
            recovered=RECOVERED_PERIODS * claim.plan.weeks * rate,
            weekly=rate,
            decided=first.start - 10 * DAY,
        )
    ]


def _invoiced(claim: Claim, ended: date) -> Overpayment:
    """Of the last weeks of a claim, nothing of it paid back yet."""
    return Overpayment(
        reference=f"OP{claim.reference}",
        start=ended - OVERPAID_WEEKS * WEEK + DAY,
        end=ended,
        original=OVERPAID_WEEKS * OVERPAID_A_WEEK,
        recovered=ZERO,
        weekly=ZERO,
        decided=ended + 3 * WEEK,
        invoice=f"HB{claim.reference}",
    )


def recoveries_of(claim: Claim, payments: list[Payment]) -> list[Recovery]:
    """What was taken from each of the last payments that were made; nothing once it ended."""
    if claim.ended:
        return []
    made = [one for one in payments if one.kind == "hb" and one.state == "paid"]
    taken = claim.plan.weeks * _recovery(claim)
    return [Recovery(one.paid_on, taken, one.number) for one in made[-RECOVERED_PERIODS:]]
