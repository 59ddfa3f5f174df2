"""The payments of a claim by tax year, each with what it was made up of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from benefits.models import BenefitPayment
from benefits.tables import Rows, money, span
from stockport.components import Cell
from stockport.money import pounds, signed_pounds
from stockport.templatetags.portal import day

CSV_HEAD = (
    *("Paid on", "From", "To", "Help", "Award for these dates", "Added or kept back"),
    *("Why", "Taken back", "Paid", "Paid to", "Account ending"),
)


def year_of(when: date) -> str:
    """The tax year of a day, as printed: 2026/27."""
    first = when.year if (when.month, when.day) >= (4, 1) else when.year - 1
    return f"{first}/{(first + 1) % 100:02}"


def years_between(first: date, last: date) -> list[str]:
    """Every tax year from one day to another, the newest first."""
    start = int(year_of(first)[:4])
    return [year_of(date(year, 4, 1)) for year in range(int(year_of(last)[:4]), start - 1, -1)]


def days_of(year: str) -> tuple[date, date]:
    """The first and the last day of a tax year that `years_between` gave."""
    first = int(year[:4])
    return date(first, 4, 1), date(first + 1, 3, 31)


def worth(payment: BenefitPayment) -> Decimal:
    """The award for a payment's dates, in pounds: before what is added and taken back."""
    return payment.amount + payment.recovered - payment.adjustment


@dataclass(frozen=True)
class History:
    """Payments of one year, the newest first, with `recoveries` fetched."""

    payments: Sequence[BenefitPayment]

    @property
    def paid_to(self) -> str:
        """Who got every payment; empty where they differ."""
        payees = {payment.goes_to for payment in self.payments}
        return payees.pop() if len(payees) == 1 else ""

    @property
    def head(self) -> list[str | Cell]:
        """The heads of the columns."""
        return [
            *("Paid on", "For"),
            *(Cell(name, numeric=True) for name in ("Your award", *self._differences, "Paid")),
            *([] if self.paid_to else ["Paid to"]),
        ]

    @property
    def rows(self) -> Rows:
        """Each payment, so that its figures add up to what was paid."""
        return [self._row(payment) for payment in self.payments]

    @property
    def _differences(self) -> list[str]:
        """What some payment differs by from its award: a column each."""
        added = any(payment.adjustment for payment in self.payments)
        taken = any(payment.recovered for payment in self.payments)
        return ["Added"] * added + ["Taken back"] * taken

    def _row(self, payment: BenefitPayment) -> list[str | Cell]:
        amounts = {"Added": payment.adjustment, "Taken back": -payment.recovered}
        differences = [amounts[name] for name in self._differences]
        return [
            day(payment.paid_on),
            f"{payment.get_kind_display()}, {span(*payment.period)}",
            money(pounds(worth(payment))),
            *(money(signed_pounds(amount) if amount else "None") for amount in differences),
            money(pounds(payment.amount)),
            *([] if self.paid_to else [payment.goes_to]),
        ]

    @property
    def total(self) -> Decimal:
        """Pounds paid in the year."""
        return sum((payment.amount for payment in self.payments), Decimal("0.00"))

    @property
    def reasons(self) -> list[str]:
        """Why payments were more or less than their award, apart from what was taken back."""
        return [
            f"{day(payment.paid_on)}: {payment.adjustment_reason}"
            for payment in self.payments
            if payment.adjustment
        ]


def csv_rows(payments: Iterable[BenefitPayment]) -> Iterable[Sequence[object]]:
    """The payments for a spreadsheet: dates as 2026-11-23, amounts in pounds."""
    yield CSV_HEAD
    for payment in payments:
        yield (
            *(payment.paid_on, payment.period_start, payment.period_end),
            *(payment.get_kind_display(), worth(payment), payment.adjustment),
            *(payment.adjustment_reason, payment.recovered, payment.amount),
            *(payment.get_payee_display(), payment.destination.removeprefix("ending ")),
        )
