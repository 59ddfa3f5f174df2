"""What the page of one account shows: the balance, what is late, what is next, the instalments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.html import format_html

from council_tax.models import Account, Instalment, Liability
from council_tax.recovery import (
    ARRANGED,
    BREATHING_SPACE,
    StageWords,
    hold_words,
    is_by_instalments,
    stage_words,
)
from council_tax.rules import ZERO, Schedule, schedule, tax_year_of
from council_tax.wording import METHODS, balance_words
from stockport.components import Cell, SummaryRow
from stockport.money import pounds
from stockport.templatetags.portal import day

if TYPE_CHECKING:
    from accounts.models import Resident


def money(amount: Decimal) -> Cell:
    """A table cell with pounds."""
    return Cell(pounds(amount), numeric=True)


def total(words: str) -> Cell:
    """A table cell with a total as printed: figures in bold."""
    return Cell(format_html("<strong>{}</strong>", words), numeric=True)


@dataclass(frozen=True)
class Overview:
    """One account on one day, and one of its financial years."""

    account: Account
    instalments: list[Instalment]  # of every year
    today: date
    year: str

    @property
    def balance(self) -> str:
        """The balance in words: £10.00 to pay."""
        return balance_words(self.account.balance)

    @cached_property
    def schedule(self) -> Schedule:
        """The instalments as they stand today, of every year that is paid by them."""
        as_at = timezone.localdate(self.account.as_at)
        of_years = [each for each in self.instalments if self._is_by_instalments(each.year)]
        return schedule(of_years, as_at, self.today)

    @property
    def stage(self) -> StageWords | None:
        """What the recovery stage means, where it is not an ordinary bill."""
        return stage_words(self.account.stage)

    @property
    def to_do(self) -> str:
        """What to do about the stage, by when."""
        return self.stage.what_to_do(self.account.stage_date, self.today) if self.stage else ""

    @property
    def hold(self) -> str:
        """What a hold means; empty where there is none."""
        return hold_words(self.account.hold_reason)

    @property
    def arrangement(self) -> str:
        """What a payment arrangement means; empty where there is none."""
        return ARRANGED if self.account.arrangement else ""

    @property
    def by_instalments(self) -> bool:
        """Whether the instalments of the year's bill are still the way to pay."""
        return self._is_by_instalments(self.year)

    def _is_by_instalments(self, year: str) -> bool:
        account = self.account
        ended = not is_by_instalments(account.stage, account.stage_date, year)
        return not (account.arrangement or ended)

    @property
    def next(self) -> Instalment | None:
        """The next instalment to pay, where instalments apply."""
        return self.schedule.next

    @property
    def missed(self) -> list[Instalment]:
        """Instalments that were due before the day of the figures and are not paid in full."""
        return self.schedule.missed

    @property
    def asks_for_late(self) -> bool:
        """Whether we may ask for what is late: not in breathing space."""
        return self.account.hold_reason != BREATHING_SPACE

    @property
    def late(self) -> str:
        """How much is late: £145.00 is late."""
        how = "is late" if self.asks_for_late else "was not paid when it was due"
        return f"{pounds(self.schedule.overdue)} {how}"

    @property
    def how(self) -> str:
        """How it is paid: by Direct Debit."""
        return METHODS.get(self.account.payment_method, "")

    @property
    def instalment_head(self) -> list[str | Cell]:
        """The columns of the instalments."""
        return ["Due", *(Cell(name, numeric=True) for name in ("Amount", "Paid", "Left"))]

    @cached_property
    def of_year(self) -> list[Instalment]:
        """The year's instalments."""
        return [each for each in self.instalments if each.year == self.year]

    @cached_property
    def instalment_rows(self) -> list[list[str | Cell]]:
        """The year's instalments and their total."""
        mixed = len({each.direct_debit for each in self.of_year}) > 1
        lines: list[list[str | Cell]] = [
            [
                f"{day(each.due)}, by Direct Debit"
                if mixed and each.direct_debit
                else day(each.due),
                money(each.amount),
                money(each.paid),
                money(each.left),
            ]
            for each in self.of_year
        ]
        columns = [(each.amount, each.paid, each.left) for each in self.of_year]
        sums = [total(pounds(sum(column, ZERO))) for column in zip(*columns, strict=True)]
        return [*lines, [Cell("Total", header=True), *sums]] if lines else []

    @property
    def instalments_how(self) -> str:
        """How the year's instalments are paid, where all are paid alike."""
        if all(each.direct_debit for each in self.of_year):
            return "We take these payments by Direct Debit."
        if any(each.direct_debit for each in self.of_year):
            return ""
        return f"You make these payments yourself {self.how_otherwise}".strip() + "."

    @property
    def how_otherwise(self) -> str:
        """How it is paid where that is not Direct Debit: by standing order."""
        return "" if self.account.payment_method == "direct_debit" else self.how


def overviews_of(resident: Resident, today: date) -> list[Overview]:
    """Every account of the resident, open ones first, in one query."""
    dues = {"dues": Instalment.objects.of_each_account()}
    accounts = Account.objects.for_resident(resident).for_pages().annotate(**dues).open_first()
    year = tax_year_of(today)
    return [
        Overview(each, [Instalment.told(each, due) for due in each.dues], today, year)
        for each in accounts
    ]


def details(account: Account, liabilities: Iterable[Liability]) -> list[SummaryRow]:
    """What else there is to know about the account."""
    rows = [
        ("Account number", account.reference),
        ("Address", account.property.address),
        ("Council tax band", account.property.band),
        ("Who has to pay", _names(liabilities)),
        ("How it is paid", _payment(account)),
        ("How bills come", account.get_bills_by_display()),
        ("First day charged", day(account.opened)),
        ("Last day charged", day(account.closed) if account.closed else ""),
    ]
    return [SummaryRow(key, value) for key, value in rows if value]


def _names(liabilities: Iterable[Liability]) -> str:
    """Those liable now, each for all of it (LGFA 1992, sections 6(3) and 9), or who were."""
    everybody = list(liabilities)
    now = [each for each in everybody if each.end is None]
    names = sorted(now or everybody, key=lambda each: (each.role != "lead", each.person.full_name))
    of_each = dict.fromkeys(each.person.full_name for each in names)
    return " and ".join(of_each) + (", each for all of it" if len(now) > 1 else "")


def _payment(account: Account) -> str:
    how = account.get_payment_method_display() if account.payment_method else ""
    if account.payment_method == "direct_debit" and account.payment_day:
        how += f" on day {account.payment_day} of the month"
    if account.payment_method == "direct_debit" and account.bank_last4:
        how += f", from the bank account ending {account.bank_last4}"
    return how
