"""Civica's weekly entitlement, put over the awards that the portal holds of a claim."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from xml.etree.ElementTree import Element

from stockport.feeds.civica.reading import day, iso, money, year_of
from stockport.feeds.held import Row

KINDS = {"CTX": "cts", "PrivateRent": "hb", "CouncilRent": "hb"}
DAY = timedelta(days=1)

Rows = dict[str, list[Row]]


def read_awards(details: Element, claim: str, rows: Rows) -> None:
    """Take the weekly amounts of now; awards of other times, and of other funds, stay.

    Nothing a week, or no first day, is no award: what was paid before still needs the one held.
    """
    for tag, kind in KINDS.items():
        for told in details.iter(tag):
            weekly, start = abs(money(told, "@WeeklyBenefit")), day(told.get("PeriodStart", ""))
            if weekly and start:
                _take(rows, {"claim": claim, "kind": kind}, start, weekly, told)


def _take(rows: Rows, key: Row, start: date, weekly: Decimal, told: Element) -> None:
    held = _awards(rows, key)
    now = next((row for row in held if holds_on(row, iso(start))), None)
    if now and Decimal(now["weekly"]) == weekly:
        return  # the extract's words about it are still true
    if now and now["start"] == iso(start):
        now |= {"weekly": str(weekly), "reason": ""}
        rows["award_lines.csv"] = [
            row for row in rows["award_lines.csv"] if not _is_line_of(row, now)
        ]
        return
    if now:
        now["end"] = iso(start - DAY)
    later = [row["start"] for row in held if row["start"] > iso(start)]
    ends = [iso(date.fromisoformat(first) - DAY) for first in later]
    end = min(filter(None, [iso(day(told.get("PeriodEnd", ""))), *ends]), default="")
    year = year_of(start) if key["kind"] == "cts" else ""
    figures = {"start": iso(start), "end": end, "weekly": str(weekly), "year": year}
    rows["awards.csv"].append({**key, **figures, "reason": "", "credited": ""})


def credit(rows: Rows, claim: str, payment: Row) -> None:
    """Count support that has reached the bill to the award of its first day, else to the newest."""
    held = sorted(_awards(rows, {"claim": claim, "kind": "cts"}), key=lambda row: row["start"])
    if not held:
        return
    first = payment["period_start"]
    award = next((row for row in held if holds_on(row, first)), held[-1])
    award["credited"] = str(Decimal(award["credited"] or 0) + Decimal(payment["amount"]))
    award["year"] = award["year"] or year_of(date.fromisoformat(award["start"]))


def holds_on(award: Row, when: str) -> bool:
    """Whether an award is in force on a day."""
    return award["start"] <= when and (not award["end"] or award["end"] >= when)


def _awards(rows: Rows, key: Row) -> list[Row]:
    return [row for row in rows["awards.csv"] if row == row | key]


def _is_line_of(line: Row, award: Row) -> bool:
    return all(line[name] == award[name] for name in ("claim", "kind", "start"))
