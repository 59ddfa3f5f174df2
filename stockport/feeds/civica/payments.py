"""Civica's benefit payments, made and next, put over those that the portal holds of a claim."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from xml.etree.ElementTree import Element

from stockport.feeds.civica.awards import credit
from stockport.feeds.civica.reading import day, field, iso, money, needed_day
from stockport.feeds.held import Row

DAY = timedelta(days=1)
# While a claim is one of these, a payment that is due stays where Civica names none yet.
GOING_ON = ("current", "future")
PERIOD = ("period_start", "period_end")

Rows = dict[str, list[Row]]


def read_payments(answer: Element, claim: str, kind: str, rows: Rows) -> None:
    """Add payments that are not held yet, and mark as paid the one that was due.

    Civica numbers none: equal ones on one day are counted, so that none gets lost.
    """
    mine = _of(rows, claim, kind)
    held = Counter(_figures(row) for row in mine if row["state"] == "paid")
    for each in answer.iter("PaymentDetails"):
        told = _payment(each)
        if held[_figures(told)]:
            held[_figures(told)] -= 1
            continue
        if kind == "cts":
            credit(rows, claim, told)
        due = next((row for row in mine if _is_now_paid(row, told)), None)
        if due:
            due |= told
            continue
        row = {**_blank(claim, kind, mine), **told}
        mine.append(row)
        rows["benefit_payments.csv"].append(row)


def read_next_payment(details: Element, claim: Row, rows: Rows) -> None:
    """Take the date and amount of the next payment of Housing Benefit.

    Civica gives no days that it is for: they follow those of the payment before it.
    """
    told = details.find(".//NextPayment")
    if told is None:
        return
    mine = sorted(_of(rows, claim["reference"], "hb"), key=lambda row: int(row["number"]))
    due = [row for row in mine if row["state"] == "due"]
    when, amount = day(field(told, "Date")), abs(money(told, "Amount"))
    if any(row["state"] == "paid" and row["paid_on"] == iso(when) for row in mine):
        return  # it has been made in the meantime
    if when and amount:
        _put(iso(when), amount, due or _following(mine, field(told, "PaymentSchedule")), rows)
    elif claim["status"] not in GOING_ON:
        rows["benefit_payments.csv"] = [
            row for row in rows["benefit_payments.csv"] if all(row is not one for one in due)
        ]


def _put(when: str, amount: Decimal, due: list[Row], rows: Rows) -> None:
    for row in due[:1]:
        if Decimal(row["amount"]) != amount:
            row |= {"amount": str(amount), "adjustment": "0.00", "adjustment_reason": ""}
        row["paid_on"] = when
        if all(row is not other for other in rows["benefit_payments.csv"]):
            rows["benefit_payments.csv"].append(row)


def _following(mine: list[Row], schedule: str) -> list[Row]:
    """The payment after the last one made, as one row without a date; none without a last one."""
    if not mine:
        return []
    first, end = (date.fromisoformat(mine[-1][name]) for name in PERIOD)
    start = end + DAY
    days = (start - first).days
    if "month" in schedule.lower():
        days = monthrange(start.year, start.month)[1]
    period = {"period_start": iso(start), "period_end": iso(start + days * DAY - DAY)}
    blank = _blank(mine[-1]["claim"], "hb", mine)
    return [{**blank, "state": "due", "amount": "0.00", "paid_on": "", **period}]


def _of(rows: Rows, claim: str, kind: str) -> list[Row]:
    return [
        row for row in rows["benefit_payments.csv"] if (row["claim"], row["kind"]) == (claim, kind)
    ]


def _is_now_paid(row: Row, told: Row) -> bool:
    return row["state"] == "due" and all(row[name] == told[name] for name in PERIOD)


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
