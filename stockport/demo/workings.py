"""How each award was worked out: what is needed, what comes in, and what is left to give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from stockport.demo.awards import Award
from stockport.demo.bills import ZERO
from stockport.demo.claims import Claim
from stockport.demo.reference import personal_allowance
from stockport.demo.years import TaxYear
from stockport.money import PENNY, to_pennies

RENT_TAPER, SUPPORT_TAPER = Decimal("0.65"), Decimal("0.20")
MEALS = Decimal("37.30")
SPARE_BEDROOM = Decimal("0.14")
STATE_PENSION_SHARE = Decimal("0.80")


@dataclass(frozen=True)
class Line:
    """One figure, in pounds."""

    part: str
    words: str
    amount: Decimal


def lines_of(claim: Claim, award: Award) -> list[Line]:
    """The figures of one award; those of the part “award” add up to it."""
    if award.kind in ("crf", "dhp"):
        return [Line("award", "Towards the rent that Housing Benefit does not cover", award.weekly)]
    excess = _excess(claim, award.year)
    means = [*_means(claim, award.year, excess)]
    if award.kind == "cts":
        taken = to_pennies(excess * SUPPORT_TAPER)
        return [*means, Line("award", "Your council tax", award.weekly + taken), *_taper(20, taken)]
    return [*means, *_rent(claim, award, to_pennies(excess * RENT_TAPER))]


def _excess(claim: Claim, year: TaxYear) -> Decimal:
    """The income above what is needed, such that the support on the bill comes out."""
    (bill,) = (ledger.bill for ledger in claim.account.ledgers if ledger.bill.year == year)
    full = to_pennies((bill.charge + bill.support) * 7 / bill.days)
    taken = to_pennies(full * (1 - claim.plan.support))
    return taken / SUPPORT_TAPER if taken > PENNY else ZERO


def _means(claim: Claim, year: TaxYear, excess: Decimal) -> Iterator[Line]:
    plan = claim.account.household.plan
    needed = personal_allowance(year, pensioner=plan.pensioner, couple=plan.joint)
    words = "Living costs of a couple" if plan.joint else "Living costs of one person"
    yield Line("needs", words, needed)
    if plan.pensioner:
        pension = to_pennies(needed * STATE_PENSION_SHARE)
        other = "Private pension" if excess else "Pension Credit"
        yield Line("income", "State Pension", pension)
        yield Line("income", other, needed + excess - pension)
    else:
        words = "Wages, after the part that we ignore" if excess else "Universal Credit"
        yield Line("income", words, needed + excess)
    yield Line("capital", "Savings", Decimal(claim.account.household.number * 137 % 5_900))


def _rent(claim: Claim, award: Award, taken: Decimal) -> Iterator[Line]:
    eligible = award.weekly + taken
    less = [
        Line("award", words, -amount)
        for words, amount in (
            ("Meals, which benefit does not cover", _meals(claim)),
            ("Rent above what benefit covers for your home", claim.plan.top_up),
            ("14% of your rent, for one spare bedroom", _spare_bedroom(claim, eligible)),
        )
        if amount
    ]
    yield Line("award", "Your rent", eligible - sum((line.amount for line in less), ZERO))
    yield from less
    yield from _taper(65, taken)


def _meals(claim: Claim) -> Decimal:
    return MEALS if claim.plan.tenancy == "supported" else ZERO


def _spare_bedroom(claim: Claim, eligible: Decimal) -> Decimal:
    """What is taken off the rent of a council home of working age, so that so much is left."""
    plan = claim.account.household.plan
    if claim.plan.tenancy != "council" or plan.pensioner:
        return ZERO
    return to_pennies(eligible / (1 - SPARE_BEDROOM)) - eligible


def _taper(percent: int, taken: Decimal) -> list[Line]:
    if not taken:
        return []
    return [Line("award", f"{percent}p of each £1 of income above what you need", -taken)]
