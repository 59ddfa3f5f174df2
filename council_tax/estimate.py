"""The form of the estimate of a year's council tax, and the tables of what it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from council_tax import rules
from council_tax.bill import Rows, signed
from council_tax.overview import money, total
from council_tax.wording import band_words
from stockport.amounts import PoundsField
from stockport.components import Cell
from stockport.dates import DateField
from stockport.forms import GovukForm, RadioSelect
from stockport.money import pounds
from stockport.templatetags.portal import day

BANDS = [(band, band) for band in "ABCDEFGH"]
PERCENT = {"two": 0, "one": 25, "one_from": 25, "none": 50}


def _radios(label: str, error: str, choices: list[tuple[str, str]], **kwargs: Any) -> Any:
    errors = {"required": error, "invalid_choice": error}
    return forms.ChoiceField(
        label=label, choices=choices, widget=RadioSelect, error_messages=errors, **kwargs
    )


class DayOfYearField(DateField):
    """A day that may be left out, and otherwise is one of the running financial year."""

    def within(self, first_day: date, last_day: date, typed: date | None) -> None:
        """ValidationError where what was typed is of another year."""
        if typed and not first_day <= typed <= last_day:
            raise ValidationError(
                f"{self.noun} must be from {day(first_day)} to {day(last_day)}: we estimate this"
                " tax year only"
            )


class EstimateForm(GovukForm):
    """What a year's council tax depends on; `year` is the one that is estimated."""

    move = _radios(
        "Are you moving?",
        "Select whether you are moving",
        [
            ("none", "No"),
            ("within", "Yes, from one home in the borough to another"),
            ("into", "Yes, into the borough"),
            ("out", "Yes, out of the borough"),
        ],
    )
    moved_on = DayOfYearField(
        label="If you are moving, on which day?",
        noun="The day you move",
        required=False,
        help_text="You do not pay for that day in the home you leave. For example, 3 12 2026.",
    )
    band = _radios(
        "Which band is your home in?",
        "Select the band of your home",
        BANDS,
        help_text="The one you live in now, or move into from outside the borough. It is on the"
        " bill, and on GOV.UK for any address.",
    )
    new_band = _radios(
        "If you move within the borough, which band is the new home in?",
        "Select the band of your new home",
        BANDS,
        required=False,
    )
    adults = _radios(
        "How many adults count for council tax?",
        "Select how many adults count",
        [
            ("two", "Two or more"),
            ("one", "One, all the time"),
            ("one_from", "One, from a day that I give below"),
            ("none", "None, but the home is not exempt"),
        ],
        help_text="Full-time students, some carers and some others do not count. A home where"
        " everybody is a student is exempt: nothing is charged for it.",
    )
    alone_since = DayOfYearField(
        label="If it is one from a day, which day?",
        noun="The day from which one adult counts",
        required=False,
        help_text="The first day on which only one lives there. For example, 3 12 2026.",
    )
    disabled = _radios(
        "Is there a disabled band reduction?",
        "Select whether there is a disabled band reduction",
        [("no", "No"), ("yes", "Yes, or I want to see what it would change")],
        help_text="For a home with a room or space that somebody disabled needs. It is charged as"
        " one band lower.",
    )
    paid = PoundsField(
        label="What you have paid for this year so far",
        required=False,
        help_text="For the homes above. Leave it empty if you have paid nothing yet.",
    )
    number = _radios(
        "How many instalments a year?",
        "Select how many instalments",
        [("10", "10, from April to January"), ("12", "12, from April to March")],
    )

    def __init__(self, *args: Any, year: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bounds = rules.year_bounds(year)

    def clean_moved_on(self) -> date | None:
        """A day of the year, needed for a move."""
        return self._day("moved_on", needed=self.cleaned_data.get("move") not in (None, "none"))

    def clean_alone_since(self) -> date | None:
        """A day of the year, needed for a discount from a day."""
        return self._day("alone_since", needed=self.cleaned_data.get("adults") == "one_from")

    def clean_new_band(self) -> str:
        """Needed for a move within the borough."""
        band: str = self.cleaned_data["new_band"]
        if not band and self.cleaned_data.get("move") == "within":
            raise ValidationError("Select the band of your new home")
        return band

    def _day(self, name: str, *, needed: bool) -> date | None:
        field, typed = self.fields[name], self.cleaned_data[name]
        if not needed:
            return None
        if typed is None:
            raise ValidationError(f"Enter {field.noun[0].lower()}{field.noun[1:]}")  # type: ignore[attr-defined]
        field.within(*self.bounds, typed)  # type: ignore[attr-defined]
        return typed  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Estimate:
    """What the answers of a valid form come to; `annuals` are the year's pounds of each band."""

    given: dict[str, Any]
    annuals: dict[str, Decimal]
    first_day: date
    last_day: date
    today: date

    @cached_property
    def stays(self) -> list[rules.Stay]:
        """The days that are charged alike, in order."""
        given = self.given
        bands = [given["band"], given["new_band"]]
        homes = rules.days_of_homes(given["move"], given["moved_on"], self.first_day, self.last_day)
        since, percent = given["alone_since"] or self.first_day, PERCENT[given["adults"]]
        return [
            part
            for band, days in zip(bands, homes, strict=False)
            for part in rules.discounted(self._stay(band, *days), percent, since)
        ]

    def _stay(self, band: str, first_day: date, last_day: date) -> rules.Stay:
        charged = self._charged(band)
        return rules.Stay(band, self.annuals[charged], first_day, last_day)

    def _charged(self, band: str) -> str:
        reduced = self.given["disabled"] == "yes"
        return rules.band_with_disabled_reduction(band) if reduced else band

    @property
    def cost(self) -> Decimal:
        """The year's council tax, in pounds."""
        return rules.cost(self.stays)

    @property
    def left(self) -> Decimal:
        """What is not paid of it, in pounds; below zero where too much was paid."""
        return self.cost - Decimal(self.given["paid"])

    @property
    def tables(self) -> list[tuple[str, Rows]]:
        """A table for each stay, and what they come to."""
        of_each = [(self._title(stay), self._rows(stay)) for stay in self.stays]
        return [*of_each, ("The whole year", self._year_rows())]

    @property
    def plan(self) -> Rows:
        """The payments of what is left, which add up to it."""
        payments = rules.instalment_plan(max(self.left, rules.ZERO), self._count)
        if not payments:
            return []
        first, rest = payments[0], payments[1:]
        lines: Rows = [["First payment" if rest else "One payment", money(first)]]
        if rest:
            times = f"{len(rest)} more payments" if len(rest) > 1 else "1 more payment"
            each = f" of {pounds(rest[0])} each" if len(rest) > 1 else ""
            lines.append([f"Then {times}{each}", money(sum(rest, rules.ZERO))])
        return [*lines, [Cell("All payments", header=True), total(pounds(self.left))]]

    @property
    def _count(self) -> int:
        in_12, move = self.given["number"] == "12", self.given["move"]
        if move == "out":
            return 1
        if move == "none":
            return rules.payments_left(self.today, self.first_day, in_12)
        issued = max(self.today, self.given["moved_on"])
        return rules.instalment_count(issued, self.first_day, in_12)

    def _title(self, stay: rules.Stay) -> str:
        return f"{day(stay.first_day)} to {day(stay.last_day)}"

    def _rows(self, stay: rules.Stay) -> Rows:
        whole = (self.last_day - self.first_day).days + 1
        band = band_words(stay.band, self._charged(stay.band))
        of_year = f"{stay.days} of {whole} days of {pounds(stay.annual)} a year"
        lines: Rows = [[f"{band}, {of_year}", money(stay.gross)]]
        if stay.discount:
            what = "single person discount" if stay.percent_off == 25 else "discount"
            lines.append([f"Less: {what} ({stay.percent_off}%)", signed(-stay.discount)])
        return [*lines, [Cell("Cost of these days", header=True), total(pounds(stay.net))]]

    def _year_rows(self) -> Rows:
        lines: Rows = [[self._title(stay), money(stay.net)] for stay in self.stays]
        if not self.given["paid"]:
            return [*lines, [Cell("To pay for the year", header=True), total(pounds(self.cost))]]
        lines.append(["Less: what you have paid", signed(-self.given["paid"])])
        last = signed(self.left).text
        words = "Paid too much" if self.left < 0 else "Left to pay"
        return [*lines, [Cell(words, header=True), total(last)]]
