"""What the council has told about a claim: decisions, and what it has asked to see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from stockport.demo.awards import (
    Award,
    awards_of,
    overpayments_of,
    payments_of,
    weekly_rent_help,
)
from stockport.demo.bills import ZERO
from stockport.demo.claims import DAY, WEEK, Claim
from stockport.demo.years import monday_of
from stockport.money import pounds
from stockport.templatetags.portal import day

PROOFS = {
    "Payslips for the last two months": (
        "Your wages decide how much help you get.",
        "Payslips;A letter from your employer",
    ),
    "Bank statements for the last two months, for every account": (
        "We check your income and savings once in a while.",
        "Statements with your name on;Screenshots that show your name and every payment",
    ),
    "Proof of your income, such as your latest pension letter": (
        "Your income decides how much help you get.",
        "A letter about your pension;Bank statements that show it",
    ),
    "Proof of your National Insurance number": (
        "We cannot pay anybody without one.",
        "A payslip;A letter from the Department for Work and Pensions or HMRC",
    ),
}


@dataclass(frozen=True)
class Decision:
    """One letter."""

    kind: str
    decided: date
    start: date
    weekly: Decimal
    reason: str


@dataclass(frozen=True)
class Request:
    """One thing asked for."""

    item: str
    why: str
    proofs: str
    asked: date
    due: date | None
    state: str
    state_reason: str = ""


def decisions_of(claim: Claim) -> list[Decision]:
    """A letter for every award, one for the end, and one for what was paid too much."""
    awards = awards_of(claim)
    told = [_told(claim, award) for award in awards]
    if claim.ended and claim.decided:
        kinds = dict.fromkeys(award.kind for award in awards if award.kind in ("hb", "cts"))
        told += [
            Decision(kind, claim.decided, claim.ended + DAY, ZERO, claim.status_reason)
            for kind in kinds
        ]
    return told + _overpaid(claim)


def _overpaid(claim: Claim) -> list[Decision]:
    """That too much was paid, and what the rent help is from then on."""
    return [
        Decision(
            *("hb", over.decided, over.end + DAY),
            ZERO if claim.ended else weekly_rent_help(claim, over.end + DAY),
            f"We paid you {pounds(over.original)} too much for {day(over.start)} to"
            f" {day(over.end)}: you told us late that your wages had gone up.",
        )
        for over in overpayments_of(claim, payments_of(claim))
    ]


def _told(claim: Claim, award: Award) -> Decision:
    if claim.plan.status == "future" and claim.decided:
        return Decision(award.kind, claim.decided, award.start, award.weekly, "A new claim.")
    reason = f"Rents, council tax and benefit rates changed in April {award.year.first}."
    return Decision(award.kind, award.year.billed, award.start, award.weekly, reason)


def requests_of(claim: Claim) -> list[Request]:
    """What the claim waits for; the last of them came, and was not good enough."""
    items = claim.needed.split(";") if claim.needed else []
    asked = monday_of(claim.today) - 2 * WEEK
    requests = [
        Request(item, *PROOFS[item], asked=asked, due=claim.needed_by, state="asked")
        for item in items[:-1]
    ]
    for item in items[-1:]:
        words = "A page is missing. Send all of them."
        requests.append(
            Request(item, *PROOFS[item], asked, claim.needed_by, "rejected", words),
        )
    return requests
