"""The published figures that the demo borough stands on (data/README.md says whose they are)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from stockport.demo.years import TaxYear

DATA = Path(__file__).parent / "data"

ELEMENTS = {
    "stockport_council_general": "council_general",
    "adult_social_care_precept": "adult_social_care",
    "mayoral_police_and_crime": "police",
    "mayoral_general_incl_fire": "mayoral_general",
}


@dataclass(frozen=True)
class Postcode:
    """A unit postcode and its point: metres on the National Grid, and WGS84 degrees."""

    code: str
    easting: int
    northing: int
    latitude: float
    longitude: float

    @property
    def sector(self) -> str:
        """SK1 3 of SK1 3XE."""
        return self.code[:-2]


@cache
def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def postcodes() -> tuple[Postcode, ...]:
    """Every unit postcode of SK1 to SK8, in order."""
    return tuple(
        Postcode(
            row["postcode"],
            int(row["easting"]),
            int(row["northing"]),
            float(row["latitude"]),
            float(row["longitude"]),
        )
        for row in _rows("postcodes.csv")
    )


@cache
def invented(kind: str) -> tuple[str, ...]:
    """Invented names of a kind: woman, man, surname or street."""
    return tuple(row["name"] for row in _rows("invented_names.csv") if row["kind"] == kind)


@cache
def _elements() -> dict[str, dict[str, dict[str, Decimal]]]:
    found: dict[str, dict[str, dict[str, Decimal]]] = {}
    for row in _rows("council_tax_elements.csv"):
        band = found.setdefault(row["year"], {}).setdefault(row["band"], {})
        band[ELEMENTS[row["element"]]] = Decimal(row["amount"])
    return found


@cache
def year_with_figures(year: TaxYear) -> str:
    """The name of this year, or of the nearest one whose figures are known."""
    known = sorted(_elements())
    return year.name if year.name in known else known[0 if year.name < known[0] else -1]


def elements(year: TaxYear) -> dict[str, dict[str, Decimal]]:
    """What each authority charges in a full year: band to element to pounds."""
    return _elements()[year_with_figures(year)]


@cache
def full_charge(year: TaxYear, band: str) -> Decimal:
    """A full year's charge of a band, in pounds: the sum of its elements."""
    return sum(elements(year)[band].values(), Decimal(0))


@cache
def housing_allowance(year: TaxYear, rooms: str) -> Decimal:
    """Local housing allowance in pounds a week; rooms: shared, 1 bed … 4 bed."""
    return next(
        Decimal(row["amount"])
        for row in _rows("benefit_rates.csv")
        if row["year"] == year_with_figures(year)
        and row["parameter"] == "lha_southern_greater_manchester_weekly"
        and row["case"] == rooms
    )


@cache
def weekly_recovery(year: TaxYear) -> Decimal:
    """The standard weekly recovery of an overpayment from benefit, in pounds."""
    return next(
        Decimal(row["basic"])
        for row in _rows("benefit_overpayment_recovery_rates.csv")
        if row["year"] == year_with_figures(year) and row["type"] == "standard"
    )


@cache
def personal_allowance(year: TaxYear, *, pensioner: bool, couple: bool) -> Decimal:
    """What Housing Benefit says that the adults of a home need, in pounds a week."""
    older = {True: "couple pension age before 1 Apr 2021", False: "single pension age before 1 Apr"}
    younger = {True: "couple one or both 18+", False: "single 25 or over"}
    case = (older if pensioner else younger)[couple]
    return next(
        Decimal(row["amount"])
        for row in _rows("benefit_rates.csv")
        if row["year"] == year_with_figures(year)
        and row["parameter"] == "hb_personal_allowance"
        and row["case"].startswith(case)
    )
