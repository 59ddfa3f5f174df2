"""What recovery stages, holds and arrangements mean, and what to do, in words for residents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from council_tax.rules import tax_year_of
from stockport.templatetags.portal import day


@dataclass(frozen=True)
class StageWords:
    """A recovery stage: what has happened, what to do, in how many days, and what it changes."""

    title: str
    meaning: str
    to_do: str
    days: int | None = None  # to pay in, of which the day of the letter is the first; {by}
    whole_balance: bool = False  # paying by instalments has ended
    debt_advice: bool = False

    def what_to_do(self, sent: date | None, today: date) -> str:
        """What to do, with the last day for it where the day of the letter is known."""
        if self.days is None:
            return self.to_do
        if sent is None:
            return self.to_do.format(by=f"within {self.days} days of our letter")
        last = sent + timedelta(days=self.days - 1)
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
# order, regulations 34 and 35; what may follow, Part VI. The 7 days of a reminder (23(3)) and of
# a final notice (34(1)) begin with the day on which it is issued.
STAGES: Mapping[str, StageWords] = MappingProxyType(
    {
        "reminder": StageWords(
            "We sent you a reminder",
            "A payment had not reached us when we wrote to you.",
            "Pay what is overdue {by}. After that, the rest of the year’s bill can become due"
            " all at once.",
            days=7,
        ),
        "second_reminder": StageWords(
            "We sent you a second reminder",
            "A payment was late for the second time this year.",
            "Pay what is overdue {by}. After that, the rest of the year’s bill can become due all"
            " at once. If you pay it and then another payment is late this year, the rest becomes"
            " due without another reminder.",
            days=7,
        ),
        "final_notice": StageWords(
            "We sent you a final notice",
            "The rest of the year’s bill is due all at once. You can no longer pay it by"
            " the instalments on the bill.",
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


def stage_words(stage: str) -> StageWords | None:
    """The words for a stage; None for an ordinary bill, and “ask us” for an unknown stage."""
    return None if stage == "bill" else STAGES.get(stage, ASK_US)


def is_by_instalments(stage: str, sent: date | None, year: str) -> bool:
    """Whether a year's bill is still paid by its instalments, as far as the stage says.

    A letter that ended them is about the year it was sent in or an earlier one: never about the
    bill of a later year.
    """
    words = stage_words(stage)
    if words is None or not words.whole_balance:
        return True
    return sent is not None and tax_year_of(sent) < year


ARRANGED = (
    "You have a payment arrangement: our letter about it says how much to pay, and when. While you"
    " keep to it, we take no further steps."
)
BREATHING_SPACE = "breathing_space"
# Breathing space: SI 2020/1311, regulations 6 (what was owed when it was asked for), 7 and 11 (no
# interest, fees, enforcement or asking for it) and 26 and Part 3 (how long). It is no payment
# holiday: what falls due meanwhile is to be paid (the Insolvency Service's guidance).
HOLDS: Mapping[str, str] = MappingProxyType(
    {
        BREATHING_SPACE: "You are in breathing space. It lasts up to 60 days, or for a mental"
        " health crisis as long as the treatment and 30 days more. Until it ends we do not ask you"
        " for what you owed when it began, add no interest or charges to it and take no step to"
        " collect it. Keep paying what falls due after it began.",
        "dispute": "You have told us that something is wrong. Until we have answered, we take no"
        " further steps. Keep paying the part that you agree with.",
    }
)


def hold_words(reason: str) -> str:
    """What a hold means; an empty text where there is none."""
    if not reason:
        return ""
    return HOLDS.get(reason, "We are taking no further steps at present. Ask us for how long.")
