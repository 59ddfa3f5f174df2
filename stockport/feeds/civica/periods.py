"""Civica's places: which days of a year are charged, and the net charge of each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from stockport.feeds.civica.reading import field, iso, money, needed_day, year_of
from stockport.feeds.held import Row
from stockport.money import to_pennies

REASON = "Discounts and other changes together"


def read_periods(places: Element, account: Row, rows: dict[str, list[Row]]) -> None:
    """Replace the years whose periods or net charges are no longer those that are held.

    Civica gives no lines. While the figures are those of the extract, its lines explain them;
    where they differ, one line says what comes off or on until the next extract.
    """
    told: dict[str, list[Row]] = {}
    for place in places.iter("Place"):
        if field(place, "PlaceRef") == account["property"]:
            for charge in place.iter("ChargeDetails"):
                row = _period(place, charge, account["reference"])
                told.setdefault(row["year"], []).append(row)
    for year, periods in told.items():
        _replace(account["reference"], year, periods, rows)


def _replace(account: str, year: str, periods: list[Row], rows: dict[str, list[Row]]) -> None:
    held = [row for row in rows["charge_periods.csv"] if _is_of(row, account, year)]
    if {_figures(row) for row in held} == {_figures(row) for row in periods}:
        return
    for file in ("charge_periods.csv", "charge_lines.csv"):
        rows[file] = [row for row in rows[file] if not _is_of(row, account, year)]
    for sequence, row in enumerate(sorted(periods, key=lambda each: each["start"]), start=1):
        row["sequence"] = str(sequence)
        rows["charge_periods.csv"].append(row)
        if difference := Decimal(row["net"]) - Decimal(row["gross"]):
            line = {"line": "1", "type": "other", "code": "", "reason": REASON, "percent": ""}
            key = {name: row[name] for name in ("account", "year", "sequence")}
            rows["charge_lines.csv"].append({**key, **line, "amount": str(difference)})


def _is_of(row: Row, account: str, year: str) -> bool:
    return (row["account"], row["year"]) == (account, year)


def _figures(row: Row) -> tuple[str, str, str]:
    return row["start"], row["end"], row["net"]


def _period(place: Element, charge: Element, account: str) -> Row:
    start = needed_day(field(charge, "Dates@Start"))
    year = year_of(start)
    last = date(int(year[:4]) + 1, 3, 31)
    end = min(needed_day(field(charge, "Dates@End") or last.isoformat()), last)
    days, whole = (end - start).days + 1, (last - last.replace(year=last.year - 1)).days
    net = money(charge, "NetCharge")
    gross = to_pennies(money(place, "FullYearCharge") * days / whole) or net
    band = field(place, "Band")
    return {
        "account": account,
        "year": year,
        "start": iso(start),
        "end": iso(end),
        "days": str(days),
        "band_listed": band,
        "band_charged": band,
        "gross": str(gross),
        "net": str(net),
    }
