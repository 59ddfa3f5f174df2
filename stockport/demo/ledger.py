"""An account's history in one year: what was charged, paid, moved and is left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from stockport.demo.bills import ZERO, Bill
from stockport.demo.instalments import Instalment

# What a bill is made of; what is paid, refunded or moved later does not change it.
BILLED = ("charge", "discount", "exemption", "premium", "support", "other")
SUBCODES = {
    "discount": "DISCOUNT",
    "exemption": "EXEMPTION",
    "premium": "LEVY",
    "support": "LCTRS",
    "direct_debit": "DIRECTDEBIT",
    "standing_order": "S/O",
    "card": "DCARD",
    "cash": "CASH",
    "discretionary": "CTDRS",
}
PAID_BY = {
    "direct_debit": "Direct Debit",
    "standing_order": "Standing order",
    "card": "Debit card",
    "cash": "Cash at a PayPoint shop",
}


@dataclass(frozen=True)
class Entry:
    """One transaction; above zero adds to what is owed, in pounds."""

    posted: date
    type: str
    amount: Decimal
    subcode: str = ""
    description: str = ""
    period: tuple[date, date] | None = None


@dataclass
class YearLedger:
    """One account in one year."""

    bill: Bill
    instalments: list[Instalment]
    entries: list[Entry] = field(default_factory=list)
    # Of the days before `bill`, where something changed within the year.
    earlier: Bill | None = None

    @property
    def bills(self) -> list[Bill]:
        """The parts of the year that are charged alike, in order."""
        return [self.earlier, self.bill] if self.earlier else [self.bill]

    @property
    def charge(self) -> Decimal:
        """Pounds to pay for the year."""
        return sum((bill.charge for bill in self.bills), ZERO)

    @property
    def last_billed(self) -> date:
        """When the newest bill was issued."""
        return max(entry.posted for entry in self.entries if entry.type in BILLED)

    def raise_bill(self, posted: date, lines_posted: date | None = None) -> None:
        """Post the charge and each of its lines."""
        bill, period = self.bill, (self.bill.start, self.bill.end)
        self.entries.append(
            Entry(posted, "charge", bill.gross, "CHARGE", f"Council tax {bill.year.name}", period)
        )
        for line in bill.lines:
            kind = "other" if line.type == "discretionary" else line.type
            on = lines_posted or posted
            code = SUBCODES[line.type]
            self.entries.append(Entry(on, kind, line.amount, code, line.reason, period))

    def correct(self, posted: date, before: Bill) -> None:
        """Post that an earlier, longer bill is replaced by this one."""
        issued, words = before.year.billed, f"Council tax {before.year.name}"
        period = (before.start, before.end)
        self.entries.append(Entry(issued, "charge", before.gross, "CHARGE", words, period))
        less = self.bill.gross - before.gross
        words = "You moved out"
        period = (self.bill.end + timedelta(days=1), before.end)
        self.entries.append(Entry(posted, "charge", less, "CHARGE", words, period))

    def split(self, posted: date, earlier: Bill, later: Bill, words: str) -> None:
        """Post what two parts cost more than the bill that they replace: a discount has ended."""
        more = earlier.charge + later.charge - self.bill.charge
        period, code = (later.start, later.end), SUBCODES["discount"]
        self.entries.append(Entry(posted, "discount", more, code, words, period))
        self.earlier, self.bill = earlier, later

    def pay(self, posted: date, amount: Decimal, method: str) -> None:
        """Post a payment of so many pounds."""
        code, words = SUBCODES[method], PAID_BY[method]
        self.entries.append(Entry(posted, "payment", -amount, code, words))

    def total(self, *types: str) -> Decimal:
        """The sum of the entries of these types, in pounds; of all entries where none is named."""
        return sum((e.amount for e in self.entries if not types or e.type in types), ZERO)

    @property
    def outstanding(self) -> Decimal:
        """Pounds owed for the year; below zero is in credit."""
        return self.total()

    def paid_of_each(self) -> list[Decimal]:
        """What has been paid of each instalment, the oldest first, in pounds."""
        pool = max(ZERO, -self.total("payment", "transfer", "refund"))
        parts = []
        for instalment in self.instalments:
            part = min(pool, instalment.amount)
            pool -= part
            parts.append(part)
        return parts

    def pay_instalments(
        self, until: date, skipped: Iterable[date], method: str, days_early: int
    ) -> None:
        """Pay every instalment so many days early up to `until`, but the skipped ones."""
        covered = self.paid_of_each()
        for instalment, cover in zip(self.instalments, covered, strict=True):
            owed = instalment.amount - cover
            paid_on = instalment.due - timedelta(days=days_early)
            if owed and paid_on <= until and instalment.due not in skipped:
                self.pay(paid_on, owed, method)


def numbered(ledgers: Iterable[YearLedger]) -> list[tuple[int, YearLedger, Entry]]:
    """Every entry of an account, numbered from 1 in the order of posting."""
    rows = [(ledger, entry) for ledger in ledgers for entry in ledger.entries]
    rows.sort(key=lambda row: row[1].posted)
    return [(number, ledger, entry) for number, (ledger, entry) in enumerate(rows, start=1)]
