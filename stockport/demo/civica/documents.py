"""The demo borough's rows as Civica's XML documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement

Row = dict[str, str]

STAGE_CODES = {"bill": "BIL", "reminder": "RM1", "second_reminder": "RM2"}
STATUSES = {
    "current": "1",
    "future": "2",
    "cancelled": "3",
    "pending": "4",
    "suspended": "5",
    "defective": "6",
}
TYPES = {
    "charge": "CHARGE",
    "payment": "PAYMENTS",
    "refund": "REFUNDS",
    "costs": "COSTS",
    "penalty": "PENALTY",
    "support": "LCTRS",
    "discount": "DISCOUNT",
    "exemption": "EXEMPTION",
    "premium": "LEVY",
    "transfer": "TRANSFER",
    "write_off": "WRITEOFF",
    "other": "CTDRS",
}
LETTERS = {
    "bill": "Council Tax Bill",
    "reminder": "Reminder Notice",
    "second_reminder": "Second Reminder Notice",
    "final_notice": "Final Notice",
    "summons": "Summons",
    "liability_order": "Liability Order",
}
BENEFIT_LETTERS = {"decision": "Benefit Notification", "overpayment": "Overpayment"}
OPEN = "9999-12-31"


@dataclass(frozen=True)
class Style:
    """How this Civica writes: the defects that real ones have."""

    inverted: bool = False  # signs of transactions and instalments turned
    padded: bool = False  # references with spaces around
    text_dates: bool = False  # 23/11/2026

    def reference(self, text: str) -> str:
        """A reference."""
        return f"  {text}   " if self.padded else text

    def date(self, text: str) -> str:
        """A date of the extract's; open where it has none."""
        text = text or OPEN
        return "/".join(reversed(text.split("-"))) if self.text_dates else text

    def signed(self, amount: str) -> str:
        """An amount of a transaction or an instalment."""
        return str(-Decimal(amount)) if self.inverted else amount


def select(person: Row, accounts: Iterable[Row], style: Style) -> Element:
    """ctxsel: who it is, and every account."""
    root = Element("CtaxSelectDoc")
    name = SubElement(root, "PersonName")
    _text(name, "PersonReference", style.reference(person["reference"]))
    _text(name, "Surname", person["surname"])
    for account in accounts:
        status = "CURRENT" if account["status"] == "open" else "CLOSED"
        reference = style.reference(account["reference"])
        attributes = {"CtaxActRef": reference, "AccountStatus": status}
        SubElement(root, "CtaxActDetails", attributes | {"CtaxBalance": account["balance"]})
    return root


def details(
    account: Row, years: Iterable[Row], charged: dict[str, Decimal], style: Style
) -> Element:
    """ctxdet: the account, and each year's totals. `charged` is before support."""
    root = Element("CtaxDetails")
    _text(root, "CtxActRef", style.reference(account["reference"]))
    _text(root, "CtxActBalance", account["balance"])
    _text(root, "CtxActClosed", str(account["status"] == "closed").upper())
    group = SubElement(SubElement(root, "AccountDetails"), "ActPayGrp")
    group.set("DirectDebit", "Yes" if account["payment_method"] == "direct_debit" else "No")
    digits = account["bank_last4"]
    SubElement(group, "BankDetails", BankActNumber=f"0000{digits}" if digits else "")
    finances = SubElement(root, "FinancialDetails")
    for year in years:
        _year(finances, account, year, charged[year["year"]], style)
    return root


def _year(finances: Element, account: Row, year: Row, charged: Decimal, style: Style) -> None:
    totals = SubElement(finances, "RecYrTotals", Year=year["year"][:4])
    _text(totals, "BalanceOutstanding", year["outstanding"])
    _text(totals, "TotalCharge", str(charged))
    _text(totals, "TotalBenefits", str(charged - Decimal(year["charge"])))
    _text(totals, "TotalPayments", f"-{year['payments']}")
    for name in ("costs", "refunds", "transfers", "penalties", "write_offs"):
        _text(totals, f"Total{name.title().replace('_O', 'o')}", year[name])
    _text(totals, "SparNo", "1" if account["arrangement"] == "true" else "0")
    code = STAGE_CODES.get(account["stage"], "LO1")
    date = style.date(account["stage_date"])
    SubElement(totals, "Stage", StageCode=code, StageDate=date)


def transactions(rows: Iterable[Row], style: Style) -> Element:
    """ctxtrn: everything that happened in a year."""
    root = Element("Transactions")
    for row in rows:
        attributes = {"Number": row["number"], "TranType": TYPES[row["type"]]}
        each = SubElement(root, "Transaction", attributes | {"Year": row["year"][:4]})
        posted = row["posted"] if style.text_dates else row["posted"].replace("-", "")
        SubElement(each, "Date", NumericEquiv=style.date(posted) if style.text_dates else posted)
        _text(each, "Amount", style.signed(row["amount"]))
        _text(each, "SubCode", row["subcode"])
        if row["period_start"]:
            start, end = style.date(row["period_start"]), style.date(row["period_end"])
            SubElement(each, "Period", Start=start, End=end)
    return root


def instalments(rows: Iterable[Row], style: Style) -> Element:
    """irins: what is due when in a year."""
    root = Element("Instalments")
    for row in rows:
        SubElement(
            root,
            "Instalment",
            DateDue=style.date(row["due"]),
            AmountDue=style.signed(row["amount"]),
            DDInd="Y" if row["direct_debit"] == "true" else "N",
        )
    return root


def places(home: Row, periods: Iterable[Row], style: Style) -> Element:
    """ctxprop: the home, and the days that are charged."""
    root = Element("Places")
    place = SubElement(root, "Place")
    _text(place, "PlaceRef", style.reference(home["reference"]))
    _text(place, "Address1", home["address_line_1"])
    _text(place, "PostCode", home["postcode"])
    _text(place, "Band", home["band"])
    for row in periods:
        charge = SubElement(place, "ChargeDetails")
        SubElement(
            charge,
            "Dates",
            Start=style.date(row["start"]),
            End=style.date(row["end"]),
            Days=row["days"],
        )
        _text(charge, "NetCharge", row["net"])
    return root


def claims(rows: Iterable[Row], style: Style) -> Element:
    """hbsel: every claim in every state."""
    root = Element("HBSelectDoc")
    listed = SubElement(root, "HBClaimList")
    for row in rows:
        SubElement(
            listed,
            "HBClaimDetails",
            ClaimNumber=style.reference(row["reference"]),
            ClaimPlaceRef=row["place_reference"],
            ClaimStatus=STATUSES[row["status"]],
        )
    return root


def claim(row: Row, awards: Iterable[Row], due: Row | None, style: Style) -> Element:
    """hbdet: one claim, what it gives a week now, and the next payment, empty where none is."""
    root = Element("HBClaimDetails")
    _text(root, "HBClaimRef", style.reference(row["reference"]))
    _text(root, "HBClaimStatus", STATUSES[row["status"]])
    following = SubElement(root, "NextPayment")
    _text(following, "Date", style.date(due["paid_on"]) if due else "")
    _text(following, "Amount", style.signed(due["amount"]) if due else "")
    entitlement = SubElement(root, "BenefitEntitlement")
    rent = "CouncilRent" if row["tenancy"] == "council" else "PrivateRent"
    for award in awards:
        SubElement(
            entitlement,
            "CTX" if award["kind"] == "cts" else rent,
            PeriodStart=style.date(award["start"]),
            PeriodEnd=style.date(award["end"]),
            WeeklyBenefit=style.signed(award["weekly"]),
        )
    return root


def letters(rows: Iterable[Row], benefit_letters: Iterable[Row], style: Style) -> Element:
    """viewdoc: a person's letters about council tax and about benefits, which have one list."""
    root = Element("Documents")
    for row in rows:
        name = f"{LETTERS.get(row['type'], 'Letter')} {row['year']}"
        each = _letter(root, row["reference"], "CT", row["issued"], style)
        _text(each, "DocumentName", name)
        _text(each, "Ref1", style.reference(row["account"]))
        _text(each, "Module", "C")
    for row in benefit_letters:
        each = _letter(root, row["reference"], "Notif", row["issued"], style)
        _text(each, "DocumentName", BENEFIT_LETTERS.get(row["type"], "Letter"))
        _text(each, "Ref1", style.reference(row["claim"]))
        _text(each, "Module", "B")
    return root


def _letter(root: Element, reference: str, type_: str, issued: str, style: Style) -> Element:
    made = {"datecreated": style.date(issued), "downloaded": "N"}
    return SubElement(root, "Document", {"id": style.reference(reference), "type": type_} | made)


def payments(rows: list[Row], style: Style) -> Element:
    """hbpaydet: what has been paid; without payments there is no list."""
    root = Element("HBPaymentDetails")
    if rows:
        listed = SubElement(root, "PaymentList")
        for row in rows:
            SubElement(
                listed,
                "PaymentDetails",
                DatePaid=style.date(row["paid_on"]),
                PayAmount=row["amount"],
                PeriodStart=style.date(row["period_start"]),
                PeriodEnd=style.date(row["period_end"]),
            )
    return root


def said(tag: str, words: str) -> Element:
    """An answer of one word."""
    root = Element("Answer")
    _text(root, tag, words)
    return root


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text
