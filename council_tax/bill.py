"""How one year's bill is made up, in tables whose rows add up to their last one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from council_tax.models import ChargeLine, ChargePeriod, Element, YearTotal
from council_tax.models.codes import ElementKind
from council_tax.overview import money, total
from council_tax.rules import ZERO, adds_up, days_in_year, explains, previous_year
from council_tax.wording import band_words, line_words, printed_band
from stockport.components import Cell
from stockport.money import pounds, signed_pounds, to_pennies
from stockport.templatetags.portal import day

Rows = list[list[str | Cell]]

HEAD: list[str | Cell] = ["What", Cell("Amount", numeric=True)]
# Elements that the council may print together one year and apart in another.
TOGETHER: dict[str, tuple[str, ...]] = {
    ElementKind.COUNCIL: (ElementKind.COUNCIL_GENERAL, ElementKind.ADULT_SOCIAL_CARE),
    ElementKind.POLICE_AND_MAYORAL: (ElementKind.POLICE, ElementKind.MAYORAL_GENERAL),
}


def signed(amount: Decimal) -> Cell:
    """An amount that reduces a bill has a minus sign; the words of its row say so as well."""
    return Cell(signed_pounds(amount), numeric=True)


def sum_of(elements: Iterable[Element]) -> Decimal:
    """What they cost together, in pounds."""
    return sum((element.amount for element in elements), ZERO)


def change_words(was: Decimal, is_now: Decimal, base: Decimal | None = None) -> str:
    """£71.77 more (4.3%), where the percentage is of `base`: what it was, unless it is given."""
    if was == is_now:
        return "No change"
    more = is_now - was
    percent = f" ({abs(more) * 100 / base:.1f}%)" if (base := base or was) else ""
    return f"{pounds(more)} {'more' if more > 0 else 'less'}{percent}"


@dataclass(frozen=True)
class BandTable:
    """What a whole year costs in one band, by who sets it."""

    band: str
    elements: list[Element]
    before: list[Element]  # of the same band, the year before

    @property
    def head(self) -> list[str | Cell]:
        """The columns: with what changed, where the amounts of the year before are known."""
        if not self.before:
            return HEAD
        return [*HEAD, Cell(f"Change on {previous_year(self.elements[0].year)}", numeric=True)]

    @property
    def annual(self) -> Decimal:
        """The year's amount in pounds."""
        return sum_of(self.elements)

    @property
    def title(self) -> str:
        """Band A for a whole year."""
        return f"Band {printed_band(self.band)} for a whole year"

    @property
    def rows(self) -> Rows:
        """The elements and their sum."""
        lines: Rows = [
            [element.get_element_display(), money(element.amount)] for element in self.elements
        ]
        lines.append([Cell(self.title, header=True), total(pounds(self.annual))])
        if self.before:
            for line, words in zip(lines, self._changes(), strict=True):
                line.append(Cell(words, numeric=True))
        return lines

    def _changes(self) -> list[str]:
        of_each = [self._change(element) for element in self.elements]
        return [*of_each, change_words(sum_of(self.before), self.annual)]

    def _change(self, element: Element) -> str:
        """What changed of one element; the law counts adult social care's percentage on all of
        the council's amount (SI 2011/3038, as amended).
        """
        kinds = TOGETHER.get(element.element, ())
        was = [each for each in self.before if each.element in (element.element, *kinds)]
        if not was:
            return "Not known"
        council = (ElementKind.COUNCIL, *TOGETHER[ElementKind.COUNCIL])
        is_care = element.element == ElementKind.ADULT_SOCIAL_CARE
        base = [each for each in self.before if each.element in council] if is_care else was
        return change_words(sum_of(was), element.amount, sum_of(base))


@dataclass(frozen=True)
class PeriodTable:
    """Days that are charged alike: the band's charge for them, and what changes it."""

    period: ChargePeriod
    lines: list[ChargeLine]
    annual: Decimal | None  # pounds for the whole year, where the elements are known

    @property
    def title(self) -> str:
        """1 April 2026 to 31 March 2027."""
        return f"{day(self.period.start)} to {day(self.period.end)}"

    @property
    def band(self) -> str:
        """The band, and the one that is charged where it differs."""
        return band_words(self.period.band_listed, self.period.band_charged)

    @property
    def is_explained(self) -> bool:
        """Whether the days of the year's amount are the charge before reductions."""
        period = self.period
        return self.annual is None or explains(self.annual, period.start, period.end, period.gross)

    @property
    def rows(self) -> Rows:
        """The charge for the days, each line with its reason, and what remains."""
        return [
            [f"{self.band}, {self._days}", money(self.period.gross)],
            *self._line_rows(),
            [Cell("Charge for these days", header=True), total(pounds(self.period.net))],
        ]

    @property
    def _days(self) -> str:
        """33 of 365 days of £2,618.90: the sum that the charge comes from, where it is known."""
        days, whole = self.period.days, days_in_year(self.period.year)
        if self.annual is None or days == whole:
            return f"{days} of {whole} days"
        return f"{days} of {whole} days of {pounds(self.annual)}"

    def _line_rows(self) -> Iterator[list[str | Cell]]:
        """Each line after those before it: a percentage is of what they left."""
        left = self.period.gross
        for line in self.lines:
            yield [_words(line, left), signed(line.amount)]
            left += line.amount


def _words(line: ChargeLine, before: Decimal) -> str:
    """Less: Council Tax Support, 70% of £1,309.45."""
    said = line_words(line.type, line.code, line.reason)
    if line.percent:
        percent = f"{line.percent.normalize():f}%"
        if abs(to_pennies(before * line.percent / 100)) == abs(line.amount):
            said += f", {percent} of {pounds(before)}"
        elif percent not in said:
            said += f", {percent}"
    return f"{'Plus' if line.amount > 0 else 'Less'}: {said}"


@dataclass(frozen=True)
class Bill:
    """One year of one account."""

    year: str
    periods: list[ChargePeriod]  # with their lines
    totals: YearTotal | None
    elements: list[Element]  # of the year and the year before, every band

    @cached_property
    def bands(self) -> list[BandTable]:
        """A table for each band that is charged, where the council has set one."""
        charged = dict.fromkeys(period.band_charged for period in self.periods)
        tables = [
            BandTable(
                band,
                self._elements(band, self.year),
                self._elements(band, previous_year(self.year)),
            )
            for band in charged
        ]
        return [table for table in tables if table.elements]

    def _elements(self, band: str, year: str) -> list[Element]:
        """Those of a band in a year, in the order of the bill."""
        found = [each for each in self.elements if (each.band, each.year) == (band, year)]
        return sorted(found, key=lambda each: ElementKind.values.index(each.element))

    @property
    def has_care_percentage(self) -> bool:
        """Whether it says how adult social care changed: the base of that percentage is unusual."""
        care = ElementKind.ADULT_SOCIAL_CARE
        compared = [each for table in self.bands if table.before for each in table.elements]
        return any(each.element == care for each in compared)

    @cached_property
    def period_tables(self) -> list[PeriodTable]:
        """A table for each period, in the order of the days."""
        annual = {table.band: table.annual for table in self.bands}
        return [
            PeriodTable(period, list(period.lines.all()), annual.get(period.band_charged))
            for period in self.periods
        ]

    @property
    def is_band_reduced(self) -> bool:
        """Whether some days are charged as a lower band than the home is in."""
        return any(period.band_charged != period.band_listed for period in self.periods)

    @property
    def charge(self) -> Decimal:
        """The year's charge in pounds."""
        return self.totals.charge if self.totals else ZERO

    @property
    def charge_rows(self) -> Rows:
        """The periods and the year's charge."""
        lines: Rows = [[table.title, money(table.period.net)] for table in self.period_tables]
        return [
            *lines,
            [Cell(f"Your charge for {self.year}", header=True), total(pounds(self.charge))],
        ]

    @property
    def total_rows(self) -> Rows:
        """From the year's charge to what is outstanding, without what did not happen."""
        if self.totals is None:
            return []
        moves = [(words, amount) for words, amount in _moves(self.totals) if amount]
        lines: Rows = [[words, signed(amount)] for words, amount in moves]
        return [
            [f"Your charge for {self.year}", money(self.charge)],
            *lines,
            _outcome(self.totals),
        ]

    @property
    def is_sound(self) -> bool:
        """Whether everything that is printed adds up, to the penny."""
        parts = [
            (table.period.gross, table.lines, table.period.net) for table in self.period_tables
        ]
        explained = all(table.is_explained for table in self.period_tables)
        return explained and adds_up(parts, self.charge)


def _moves(totals: YearTotal) -> Iterable[tuple[str, Decimal]]:
    return (
        ("Plus: court costs", totals.costs),
        ("Plus: penalties", totals.penalties),
        ("Plus: refunds to you", totals.refunds),
        (_transfer(totals.transfers), totals.transfers),
        (_direction("amounts written off", totals.write_offs), totals.write_offs),
        ("Less: what you have paid", -totals.payments),
    )


def _direction(words: str, amount: Decimal) -> str:
    return f"{'Plus' if amount > 0 else 'Less'}: {words}"


def _transfer(amount: Decimal) -> str:
    if amount > 0:
        return "Plus: moved to another account of yours"
    return "Less: moved here from another account of yours"


def _outcome(totals: YearTotal) -> list[str | Cell]:
    """The last row; a credit says so in the row and in the amount."""
    words = "In credit for" if totals.outstanding < 0 else "Left to pay for"
    figure = total(signed_pounds(totals.outstanding))
    return [Cell(f"{words} {totals.year}", header=True), figure]
