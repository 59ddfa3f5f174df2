"""What codes of the back office mean, in words for residents. Every unknown code has words too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType

from stockport.money import MINUS, pounds
from stockport.templatetags.portal import day


@dataclass(frozen=True)
class StageWords:
    """A recovery stage: what has happened, what to do, in how many days, and what it changes."""

    title: str
    meaning: str
    to_do: str
    days: int | None = None  # from the day of the letter; {by} in `to_do`
    whole_balance: bool = False  # paying by instalments has ended
    debt_advice: bool = False

    def what_to_do(self, sent: date | None, today: date) -> str:
        """What to do, with the last day for it where the day of the letter is known."""
        if self.days is None:
            return self.to_do
        if sent is None:
            return self.to_do.format(by=f"within {self.days} days of our letter")
        last = sent + timedelta(days=self.days)
        asked = f"by {day(last)}"
        by = asked if last >= today else f"now: our letter asked for it {asked}"
        return self.to_do.format(by=by)


ASK_US = StageWords(
    "We have written to you about this account",
    "Our letter says what it is about.",
    "If you do not have the letter, ask us what it means for you.",
)

# The Council Tax (Administration and Enforcement) Regulations 1992 (SI 1992/613): reminders and
# the loss of instalments, regulation 23; final notice, regulation 33; summons and liability
# order, regulations 34 and 35; what may follow, Part VI.
STAGES: Mapping[str, StageWords] = MappingProxyType(
    {
        "reminder": StageWords(
            "We sent you a reminder",
            "A payment had not reached us when we wrote to you.",
            "Pay what is overdue {by}. After that, the rest of this year’s bill can become due"
            " all at once.",
            days=7,
        ),
        "second_reminder": StageWords(
            "We sent you a second reminder",
            "A payment was late for the second time this year.",
            "Pay what is overdue {by}. If another payment is late this year, the rest of the"
            " bill becomes due all at once, without another reminder.",
            days=7,
        ),
        "final_notice": StageWords(
            "We sent you a final notice",
            "The rest of this year’s bill is due all at once. You can no longer pay it by"
            " the instalments on your bill.",
            "Pay what is left {by}, or ask us for a payment arrangement. After that we may ask"
            " the magistrates’ court for a summons, and its costs are added.",
            days=7,
            whole_balance=True,
            debt_advice=True,
        ),
        "summons": StageWords(
            "We sent you a summons",
            "We have asked the magistrates’ court to confirm that you owe this. The summons"
            " gives the day of the hearing.",
            "If you pay what is left, with costs, before the hearing, it stops there. You can still"
            " ask us for a payment arrangement. You only need to go to court if you disagree that"
            " you have to pay.",
            whole_balance=True,
            debt_advice=True,
        ),
        "liability_order": StageWords(
            "The court has made a liability order",
            "The magistrates’ court has confirmed that you owe this.",
            "Pay what is left, or ask us for a payment arrangement, as soon as you can. Otherwise"
            " we may take it from wages or benefits, or pass it to enforcement agents, and their"
            " fees are added.",
            whole_balance=True,
            debt_advice=True,
        ),
    }
)


WHOLE_BALANCE_STAGES = [code for code, words in STAGES.items() if words.whole_balance]


def stage_words(stage: str) -> StageWords | None:
    """The words for a stage; None for an ordinary bill, and “ask us” for an unknown stage."""
    return None if stage == "bill" else STAGES.get(stage, ASK_US)


HOLDS: Mapping[str, str] = MappingProxyType(
    {
        "breathing_space": "You are in breathing space: time to get advice about your debts. Until"
        " it ends we do not chase what you owed before it or add to it.",
        "dispute": "You have told us that something is wrong. Until we have answered, we take no"
        " further steps. Keep paying the part that you agree with.",
    }
)


def hold_words(reason: str) -> str:
    """What a hold means; an empty text where there is none."""
    if not reason:
        return ""
    return HOLDS.get(reason, "We are taking no further steps at present. Ask us for how long.")


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
