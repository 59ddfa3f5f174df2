"""Civica's benefits documents, put over the rows that the portal holds of a claim."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from xml.etree.ElementTree import Element

from stockport.feeds.civica.client import Conversation
from stockport.feeds.civica.reading import WrongAnswer, field, iso, money, needed_day
from stockport.feeds.held import Row

STATUSES = {
    "1": "current",
    "2": "future",
    "3": "cancelled",
    "4": "pending",
    "5": "suspended",
    "6": "defective",
}
# Payments of each kind: support goes to the bill, help with the rent to somebody.
KINDS = {"prp": "hb", "ctp": "cts"}

Rows = dict[str, list[Row]]


def read_claim(civica: Conversation, chosen: Element, reference: str, rows: Rows) -> None:
    """Bring a claim, in whatever state, up to what Civica says now; raises WrongAnswer."""
    place = field(chosen, "@ClaimPlaceRef")
    details = civica.document("hbdet", "HBClaimDetails", claimref=reference, placeref=place)
    if field(details, "HBClaimRef") != reference:
        raise WrongAnswer("Civica's hbdet is about another claim.")
    claim = next(row for row in rows["claims.csv"] if row["reference"] == reference)
    claim["status"] = STATUSES.get(field(chosen, "@ClaimStatus"), claim["status"])
    if claim["status"] != "cancelled":
        claim["ended"] = ""
    for type_, kind in KINDS.items():
        # A claim that has paid nothing has no list at all.
        answer = civica.document("hbpaydet", "HBPaymentDetails", type=type_)
        _read_payments(answer, reference, kind, rows)


def _read_payments(answer: Element, claim: str, kind: str, rows: Rows) -> None:
    """Add payments that are not held yet, and mark as paid the one that was due.

    Civica numbers none: equal ones on one day are counted, so that none gets lost.
    """
    mine = [
        row for row in rows["benefit_payments.csv"] if (row["claim"], row["kind"]) == (claim, kind)
    ]
    held = Counter(_figures(row) for row in mine if row["state"] == "paid")
    for each in answer.iter("PaymentDetails"):
        told = _payment(each)
        if held[_figures(told)]:
            held[_figures(told)] -= 1
            continue
        due = next((row for row in mine if _is_now_paid(row, told)), None)
        if due:
            due |= told
            continue
        row = {**_blank(claim, kind, mine), **told}
        mine.append(row)
        rows["benefit_payments.csv"].append(row)


def _is_now_paid(row: Row, told: Row) -> bool:
    period = ("period_start", "period_end")
    return row["state"] == "due" and all(row[name] == told[name] for name in period)


def _blank(claim: str, kind: str, mine: list[Row]) -> Row:
    """A new payment goes where the one before it went, under the number that follows."""
    latest = max(mine, key=lambda row: int(row["number"]), default=None)
    other = "council_tax_account" if kind == "cts" else "claimant"
    return {
        "claim": claim,
        "kind": kind,
        "number": str(int(latest["number"]) + 1 if latest else 1),
        "payee": latest["payee"] if latest else other,
        "destination": latest["destination"] if latest else "",
        "adjustment": "0.00",
        "adjustment_reason": "",
    }


def _figures(row: Row) -> tuple[str, Decimal, str, str]:
    return row["paid_on"], Decimal(row["amount"]), row["period_start"], row["period_end"]


def _payment(each: Element) -> Row:
    return {
        "state": "paid",
        "paid_on": iso(needed_day(each.get("DatePaid", ""))),
        "amount": str(abs(money(each, "@PayAmount"))),
        "period_start": iso(needed_day(each.get("PeriodStart", ""))),
        "period_end": iso(needed_day(each.get("PeriodEnd", ""))),
    }
