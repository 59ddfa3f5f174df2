"""Civica's council tax documents, put over the rows that the portal holds of an account."""

from __future__ import annotations

from decimal import Decimal
from xml.etree.ElementTree import Element

from stockport.feeds.civica.client import Conversation
from stockport.feeds.civica.periods import read_periods
from stockport.feeds.civica.reading import (
    WrongAnswer,
    day,
    field,
    iso,
    money,
    needed_day,
    year_name,
)
from stockport.feeds.held import Row

ZERO = Decimal("0.00")
STAGES = {"BIL": "bill", "RM1": "reminder", "RM2": "second_reminder"}
TYPES = {
    "CHARGE": "charge",
    "PAYMENTS": "payment",
    "REFUNDS": "refund",
    "COSTS": "costs",
    "PENALTY": "penalty",
    "LCTRS": "support",
    "BENEFITS": "support",
    "DISCOUNT": "discount",
    "DISREGARD": "discount",
    "REDUCTION": "discount",
    "ANNEXE": "discount",
    "DISABLED": "discount",
    "EXEMPTION": "exemption",
    "LEVY": "premium",
    "TRANSFER": "transfer",
    "WRITEOFF": "write_off",
}
PAID_BY = ("payment", "transfer", "refund")
LAST_DIGITS = 4

Rows = dict[str, list[Row]]


def read_account(civica: Conversation, reference: str, rows: Rows) -> None:
    """Bring the rows of one account up to what Civica says now.

    Raises WrongAnswer where an answer is about another account: what the session has selected
    is asked for before and after the documents that do not name it.
    """
    details = choose_account(civica, reference)
    account = _of(rows["accounts.csv"], "reference", reference)[0]
    _read_details(details, account)
    for year in details.iter("RecYrTotals"):
        name = year_name(year.get("Year", ""))
        _read_transactions(civica, reference, name, rows)
        _read_totals(year, reference, name, rows)
        _read_instalments(civica, reference, name, rows)
    _turn_signs(account, _of(rows["transactions.csv"], "account", reference))
    for name in {row["year"] for row in _of(rows["instalments.csv"], "account", reference)}:
        _spread_payments(reference, name, rows)
    read_periods(civica.document("ctxprop", "Places", proplist="y"), account, rows)
    again = choose_account(civica, reference)
    if money(again, "CtxActBalance") != Decimal(account["balance"]):
        raise WrongAnswer("Civica's figures changed while they were read.")


def _of(rows: list[Row], column: str, value: str) -> list[Row]:
    return [row for row in rows if row[column] == value]


def choose_account(civica: Conversation, reference: str) -> Element:
    """Make this the account of the session: its details; raises WrongAnswer for another's."""
    details = civica.document("ctxdet", "CtaxDetails", actref=reference)
    if field(details, "CtxActRef") != reference:
        raise WrongAnswer("Civica's ctxdet is about another account.")
    return details


def _read_details(details: Element, account: Row) -> None:
    account["balance"] = str(money(details, "CtxActBalance"))
    if field(details, "ActPayGrp@DirectDebit").lower() in ("yes", "true", "y"):
        account["payment_method"] = "direct_debit"
        digits = field(details, "BankDetails@BankActNumber")
        account["bank_last4"] = digits[-LAST_DIGITS:] if digits.isdigit() else ""
    elif account["payment_method"] == "direct_debit":
        account |= {"payment_method": "", "payment_day": "", "bank_last4": ""}
    years = sorted(details.iter("RecYrTotals"), key=lambda each: each.get("Year", ""))
    account["arrangement"] = str(
        any(field(year, "SparNo") not in ("", "0") for year in years)
    ).lower()
    if years:
        _read_stage(years, account)


def _read_stage(years: list[Element], account: Row) -> None:
    """The stage of the newest year, where it is another than the one that the extract gave.

    Any code that is not one of the three harmless ones may be a final notice, a summons or an
    order: the extract tells which, so its word stays for as long as it is one of those.
    """
    code = field(years[-1], "Stage@StageCode").upper()
    stage = STAGES.get(code, "")
    if not stage and account["stage"] in STAGES.values():
        stage = "other"
    if code and stage and stage != account["stage"]:
        account["stage"] = stage
        account["stage_date"] = iso(day(field(years[-1], "Stage@StageDate")))


def _read_totals(year: Element, reference: str, name: str, rows: Rows) -> None:
    """Signs are not to be trusted: each kind has its own, and transfers the one that adds up."""
    charge = abs(money(year, "TotalCharge")) - abs(money(year, "TotalBenefits"))
    outstanding = money(year, "BalanceOutstanding")
    known = {
        "charge": charge,
        "payments": abs(money(year, "TotalPayments")),
        "refunds": abs(money(year, "TotalRefunds")),
        "costs": abs(money(year, "TotalCosts")),
        "penalties": abs(money(year, "TotalPenalties")),
        "write_offs": -abs(money(year, "TotalWriteoffs")),
    }
    rest = outstanding + known["payments"] - sum(known.values(), ZERO) + known["payments"]
    transfers = money(year, "TotalTransfers")
    known["transfers"] = rest if abs(rest) == abs(transfers) else transfers
    known["outstanding"] = outstanding
    told = {"account": reference, "year": name, **{key: str(kept) for key, kept in known.items()}}
    others = [
        row for row in rows["year_totals.csv"] if (row["account"], row["year"]) != (reference, name)
    ]
    rows["year_totals.csv"] = [*others, told]


def _read_transactions(civica: Conversation, reference: str, name: str, rows: Rows) -> None:
    """Told apart by their numbers alone: two equal payments on a day are two."""
    answer = civica.document("ctxtrn", "Transactions", recyear=name[:4], trantype="All")
    _refuse_other(answer, reference)
    held = {row["number"]: row for row in _of(rows["transactions.csv"], "account", reference)}
    told = [_transaction(each, reference, name, held) for each in answer.iter("Transaction")]
    rows["transactions.csv"] = [
        row
        for row in rows["transactions.csv"]
        if (row["account"], row["year"]) != (reference, name)
    ] + told


def _transaction(each: Element, reference: str, name: str, held: dict[str, Row]) -> Row:
    number, kind = each.get("Number", "").strip(), each.get("TranType", "").strip().upper()
    amount, posted = money(each, "Amount"), iso(needed_day(field(each, "Date@NumericEquiv")))
    known = held.get(number)
    if known and known["posted"] == posted and abs(Decimal(known["amount"])) == abs(amount):
        return known | {"year": name, "amount": str(amount)}
    return {
        "account": reference,
        "number": number,
        "year": name,
        "posted": posted,
        "type": TYPES.get(kind, "other"),
        "subcode": field(each, "SubCode"),
        "amount": str(amount),
        "period_start": iso(day(field(each, "Period@Start"))),
        "period_end": iso(day(field(each, "Period@End"))),
        "description": "",
    }


def _turn_signs(account: Row, transactions: list[Row]) -> None:
    """Turn every sign where only that makes the transactions add up to the balance.

    A balance of nothing is reached either way: then charges that come to less than nothing tell.
    """
    balance = Decimal(account["balance"])
    total = sum((Decimal(row["amount"]) for row in transactions), ZERO)
    charges = (Decimal(row["amount"]) for row in transactions if row["type"] == "charge")
    if -total == balance and (total != balance or sum(charges, ZERO) < 0):
        for row in transactions:
            row["amount"] = str(-Decimal(row["amount"]))


def _read_instalments(civica: Conversation, reference: str, name: str, rows: Rows) -> None:
    answer = civica.document("irins", "Instalments", recno="1", module="C", recyear=name[:4])
    _refuse_other(answer, reference)
    told = sorted(
        (
            needed_day(each.get("DateDue", "")),
            abs(money(each, "@AmountDue")),
            each.get("DDInd", "").strip().lower() in ("yes", "true", "y", "1"),
        )
        for each in answer.iter("Instalment")
    )
    others = [
        row for row in rows["instalments.csv"] if (row["account"], row["year"]) != (reference, name)
    ]
    rows["instalments.csv"] = others + [
        {
            "account": reference,
            "year": name,
            "number": str(number),
            "due": due.isoformat(),
            "amount": str(amount),
            "paid": str(ZERO),
            "direct_debit": str(direct_debit).lower(),
        }
        for number, (due, amount, direct_debit) in enumerate(told, start=1)
    ]


def _spread_payments(reference: str, name: str, rows: Rows) -> None:
    """What was received goes to the oldest instalments: Civica does not say of each."""
    received = [
        Decimal(row["amount"])
        for row in _of(rows["transactions.csv"], "account", reference)
        if row["year"] == name and row["type"] in PAID_BY
    ]
    pool = max(ZERO, -sum(received, ZERO))
    of_year = [
        row for row in _of(rows["instalments.csv"], "account", reference) if row["year"] == name
    ]
    for row in sorted(of_year, key=lambda each: int(each["number"])):
        part = min(pool, Decimal(row["amount"]))
        row["paid"] = str(part)
        pool -= part


def _refuse_other(answer: Element, reference: str) -> None:
    """Where the answer names its account, it is ours."""
    named = field(answer, "CtxActRef")
    if named and named != reference:
        raise WrongAnswer("Civica answered about another account.")
