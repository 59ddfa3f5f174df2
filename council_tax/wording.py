"""What codes of the back office mean, in words for residents. Every unknown code has words too."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from stockport.money import MINUS, pounds

METHODS: Mapping[str, str] = MappingProxyType(
    {
        "direct_debit": "by Direct Debit",
        "standing_order": "by standing order",
        "card": "by debit or credit card",
        "cash": "in cash",
    }
)

# Sub-codes of Civica OpenRevenues for a payment.
PAID_BY: Mapping[str, str] = MappingProxyType(
    {
        "DIRECTDEBIT": "by Direct Debit",
        "D/D CASH": "by Direct Debit",
        "S/O": "by standing order",
        "CASH": "in cash",
        "PP": "at a PayPoint",
        "CCARD": "by credit card",
        "DCARD": "by debit card",
        "POCH": "by cheque",
        "BAILIF": "through an enforcement agent",
    }
)

TRANSACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "charge": "Council tax charge",
        "payment": "Payment",
        "refund": "Refund to you",
        "costs": "Court costs",
        "penalty": "Penalty",
        "support": "Council Tax Support",
        "discount": "Discount",
        "exemption": "Exemption",
        "premium": "Premium",
        "transfer": "Transfer between accounts",
        "write_off": "Amount written off",
    }
)

# A movement in the direction that its type does not usually have.
REVERSED: Mapping[str, str] = MappingProxyType(
    {
        "charge": "Council tax charge reduced",
        "payment": "Payment returned",
        "refund": "Refund cancelled",
        "costs": "Court costs cancelled",
        "penalty": "Penalty cancelled",
        "support": "Council Tax Support taken back",
        "discount": "Discount taken back",
        "exemption": "Exemption taken back",
        "premium": "Premium cancelled",
        "write_off": "Written-off amount put back",
    }
)
ADDING = frozenset({"charge", "refund", "costs", "penalty", "premium"})


def transaction_words(kind: str, subcode: str, amount: Decimal) -> str:
    """What a transaction is; its amount in pounds tells an ordinary one from a reversed one."""
    if kind not in TRANSACTIONS:
        return "Other"
    reversed_one = (amount < 0) if kind in ADDING else (amount > 0)
    if reversed_one and kind in REVERSED:
        return REVERSED[kind]
    if kind == "payment":
        return f"Payment {PAID_BY.get(subcode, '')}".strip()
    return TRANSACTIONS[kind]


# Lines that residents know by a name, by the type and the code of the back office.
LINES: Mapping[tuple[str, str], str] = MappingProxyType(
    {("discount", "SPD"): "Single person discount", ("discount", "DIS50"): "50% discount"}
)
LINE_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "discount": "Discount",
        "exemption": "Exemption",
        "premium": "Premium",
        "disabled": "Disabled band reduction",
        "support": "Council Tax Support",
        "discretionary": "Local help",
    }
)


def line_name(kind: str, code: str, reason: str) -> str:
    """What a line of a bill is called inside a sentence, whatever days its reason names."""
    if known := LINES.get((kind, code)):
        return known
    if kind in ("support", "disabled"):
        return LINE_TYPES[kind]
    return _with_reason(LINE_TYPES.get(kind, "Adjustment"), reason)


def line_words(kind: str, code: str, reason: str) -> str:
    """What a line of a bill is, and why: Exemption (Everyone here is a full-time student)."""
    return _with_reason(LINES.get((kind, code)) or LINE_TYPES.get(kind, "Adjustment"), reason)


def _with_reason(name: str, reason: str) -> str:
    """Both, or only one where the other says nothing more."""
    if not reason:
        return name
    return reason if name.lower() in reason.lower() else f"{name} ({reason})"


def balance_words(balance: Decimal) -> str:
    """A balance in pounds without relying on its sign."""
    if balance > 0:
        return f"{pounds(balance)} to pay"
    return f"{pounds(balance)} in credit" if balance < 0 else "Nothing to pay"


def band_words(listed: str, charged: str) -> str:
    """The band of a period; with a disabled band reduction “Band B, charged as A”."""
    if listed == charged:
        return f"Band {listed}"
    return f"Band {listed}, charged as {printed_band(charged)}"


def printed_band(band: str) -> str:
    """A band as printed: with a real minus sign in the reduced band A."""
    return band.replace("-", MINUS)
