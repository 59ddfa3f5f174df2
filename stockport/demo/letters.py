"""What the council has sent about an account: bills, and what follows when one is not paid."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from stockport.demo.accounts import Account
from stockport.demo.bills import ZERO
from stockport.demo.ledger import BILLED, YearLedger
from stockport.demo.pdf import page
from stockport.demo.people import Person
from stockport.money import pounds

RECEIVED = ("payment", "transfer", "refund")
# Stages before the one that an account is in, with the days from each to that one.
STEPS = {
    "reminder": (("reminder", 0),),
    "final_notice": (("reminder", 14), ("final_notice", 0)),
    "liability_order": (
        *(("reminder", 150), ("final_notice", 136), ("summons", 31)),
        ("liability_order", 0),
    ),
}
TITLES = {
    "bill": "Your council tax bill",
    "reminder": "Reminder: a council tax payment is late",
    "final_notice": "Final notice",
    "summons": "Summons to the magistrates' court",
    "liability_order": "The court has made a liability order",
}


@dataclass(frozen=True)
class Notice:
    """A step with its own letters; pounds asked for."""

    account: Account
    type: str
    issued: date
    year: str
    amount: Decimal

    @property
    def reference(self) -> str:
        """The same every night, whatever else is sent."""
        return f"{self.account.reference}-{self.issued:%y%m%d}-{self.type}"


@dataclass(frozen=True)
class Letter:
    """A notice as it went to one person."""

    notice: Notice
    person: Person
    superseded_by: str

    @property
    def reference(self) -> str:
        """Of this person's copy."""
        return reference_of(self.notice, self.person)

    @property
    def file(self) -> str:
        """Its name in the folder of letters."""
        return f"{self.notice.issued.year}/{self.reference}.pdf"

    @cached_property
    def pdf(self) -> bytes:
        """The letter itself."""
        notice, account = self.notice, self.notice.account
        name = " ".join((self.person.title, self.person.forenames, self.person.surname))
        return page(
            (
                *(f"{notice.issued.day} {notice.issued:%B %Y}", "", name, account.home.line_1),
                *(account.home.postcode, "", TITLES[notice.type]),
                *(f"Year {notice.year}, account {account.reference}", ""),
                *(f"Amount: {pounds(notice.amount)}", "", "This letter is invented: a demo."),
            )
        )

    @property
    def sha256(self) -> str:
        """Of the PDF, in hexadecimal."""
        return hashlib.sha256(self.pdf).hexdigest()


def reference_of(notice: Notice, person: Person) -> str:
    """The reference of a person's copy of a notice."""
    return f"{notice.reference}-{person.reference}"


def notices_of(account: Account) -> list[Notice]:
    """Everything sent for the years that are shown, by year and then by day."""
    bills = [notice for ledger in account.ledgers for notice in _bills(account, ledger)]
    return [*bills, *_steps(account)]


def letters_of(account: Account) -> Iterator[Letter]:
    """A copy for everybody liable; a later bill of a year replaces the one before it."""
    notices = notices_of(account)
    for place, notice in enumerate(notices):
        later = next(
            (n for n in notices[place + 1 :] if n.type == notice.type and n.year == notice.year),
            None,
        )
        replaced = later if notice.type == "bill" else None
        for person in account.household.people:
            by = reference_of(replaced, person) if replaced else ""
            yield Letter(notice, person, by)


def _bills(account: Account, ledger: YearLedger) -> Iterator[Notice]:
    billed = [entry for entry in ledger.entries if entry.type in BILLED]
    for day in sorted({entry.posted for entry in billed}):
        amount = sum((entry.amount for entry in billed if entry.posted <= day), ZERO)
        yield Notice(account, "bill", day, ledger.bill.year.name, amount)


def _steps(account: Account) -> Iterator[Notice]:
    stage, since = account.stage
    for type_, before in STEPS.get(stage, ()):
        day = since - timedelta(days=before)
        ledger = _owing(account, day)
        amount = _overdue(ledger, day) if type_ == "reminder" else _owed(ledger, day)
        yield Notice(account, type_, day, ledger.bill.year.name, amount)


def _owing(account: Account, day: date) -> YearLedger:
    """The oldest year of which something is overdue on a day; the newest where none is."""
    overdue = [ledger for ledger in account.ledgers if _overdue(ledger, day) > 0]
    return overdue[0] if overdue else account.ledgers[-1]


def _overdue(ledger: YearLedger, day: date) -> Decimal:
    """What was due by a day and had not been paid, in pounds."""
    due = sum((each.amount for each in ledger.instalments if each.due <= day), ZERO)
    received = [e.amount for e in ledger.entries if e.type in RECEIVED and e.posted <= day]
    return max(ZERO, due + sum(received, ZERO))


def _owed(ledger: YearLedger, day: date) -> Decimal:
    """All that was owed for a year on a day, in pounds."""
    return max(ZERO, sum((e.amount for e in ledger.entries if e.posted <= day), ZERO))
