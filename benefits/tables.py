"""The rows of the benefits pages' tables and lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from benefits import rules
from benefits.coming import NextPayment
from benefits.models import (
    Award,
    BenefitPayment,
    Claim,
    ClaimMember,
    EvidenceRequest,
    Overpayment,
    Paper,
    Recovery,
    Sending,
)
from benefits.overview import Overview
from stockport.components import Action, Cell, SummaryRow
from stockport.outbox.connectors.attached import INFECTED
from stockport.templatetags.portal import day, pounds

Rows = list[list[str | Cell]]

AWARDS_HEAD = ["Help", "Dates", "Why", Cell("Each week", numeric=True)]
REQUEST_COLOURS = {"asked": "orange", "received": "blue", "accepted": "green", "rejected": "red"}
# How far papers are that were sent here, by Sending.with_progress.
PROGRESS = {
    "infected": ("Not all sent: a file has a virus", "red"),
    "waiting": ("Received, on its way", "yellow"),
    "there": ("With the benefits team", "blue"),
    "accepted": ("Accepted", "green"),
    "rejected": ("Not good enough", "red"),
}
# A payment to come against the weekly award.
AGAINST_AWARD = {
    rules.Change.EXPECTED: "as expected",
    rules.Change.REDUCED: "reduced",
    rules.Change.INCREASED: "increased",
}
RECOVERIES_HEAD = ["Date", "How", Cell("Paid back", numeric=True)]
SUPPORT_HEAD = ["Tax year", "Dates", Cell("Taken off the bill", numeric=True)]


def money(row_amount: str) -> Cell:
    """A cell of figures."""
    return Cell(row_amount, numeric=True)


def span(start: date, end: date) -> str:
    """From a day to another without saying a month or year twice: 12 to 25 October 2026."""
    if start == end:
        return day(end)
    if start.year != end.year:
        return f"{day(start)} to {day(end)}"
    first = f"{start.day}" if start.month == end.month else f"{start.day} {start:%B}"
    return f"{first} to {day(end)}"


def dates(award: Award) -> str:
    """From one day to another, or on."""
    if award.end is None:
        return f"From {day(award.start)}"
    return span(award.start, award.end)


def award_rows(awards: Iterable[Award]) -> Rows:
    """Each award: which help, from when to when, why, and pounds a week."""
    return [
        [
            *(award.get_kind_display(), dates(award), award.reason or "Not given"),
            money(pounds(award.weekly)),
        ]
        for award in awards
    ]


@dataclass(frozen=True)
class Payments:
    """Some payments as a table; who got them is a sentence where it is the same for all."""

    shown: Sequence[BenefitPayment]

    @property
    def paid_to(self) -> str:
        """Who got every payment; empty where they differ."""
        payees = {payment.goes_to for payment in self.shown}
        return payees.pop() if len(payees) == 1 else ""

    @property
    def are_mixed(self) -> bool:
        """Whether they are not all of one kind of help."""
        return len({payment.kind for payment in self.shown}) > 1

    @property
    def head(self) -> list[str | Cell]:
        """The heads of the columns."""
        payee = [] if self.paid_to else ["Paid to"]
        help_with = ["Help"] if self.are_mixed else []
        return ["Paid on", "For", *help_with, *payee, Cell("Amount", numeric=True)]

    @property
    def rows(self) -> Rows:
        """When, for which days, to whom and as what where that differs, and how much."""
        return [
            [
                day(payment.paid_on),
                span(*payment.period),
                *([payment.get_kind_display()] if self.are_mixed else []),
                *([] if self.paid_to else [payment.goes_to]),
                money(pounds(payment.amount)),
            ]
            for payment in self.shown
        ]


def support_rows(awards: Iterable[Award]) -> Rows:
    """What has reached the bill of each year, the newest first."""
    return [
        [award.year, dates(award), money(pounds(award.credited))]
        for award in awards
        if award.credited is not None
    ]


def next_payment_rows(following: NextPayment) -> list[SummaryRow]:
    """When, how much, how it comes about, who gets it, and for which days."""
    payment = following.payment
    against = f" ({AGAINST_AWARD[following.change]})" if following.change else ""
    rows = [
        SummaryRow("Date", f"{day(payment.paid_on)}, set by the council"),
        SummaryRow("Amount", f"{pounds(payment.amount)}{against}"),
        SummaryRow("How it is worked out", following.working),
        SummaryRow("Paid to", payment.goes_to),
        SummaryRow("For", span(*payment.period)),
    ]
    return [row for row in rows if row.value]


def overpayment_rows(overpayment: Overpayment, today: date) -> list[SummaryRow]:
    """What was overpaid, paid back and left, how it is paid back, and by when to disagree."""
    appeal = rules.Appeal(overpayment.decided, today)
    disagree = "To disagree, write to us by" if appeal.open else "The month to disagree ended on"
    rows = [
        SummaryRow("For", span(overpayment.period_start, overpayment.period_end)),
        SummaryRow("Why", overpayment.reason),
        SummaryRow("Overpaid", pounds(overpayment.original)),
        SummaryRow("Paid back so far", pounds(overpayment.recovered)),
        SummaryRow("Left to pay back", pounds(overpayment.left)),
        SummaryRow("How", recovery_words(overpayment)),
        SummaryRow("Decided on", day(overpayment.decided)),
        SummaryRow(disagree, day(appeal.by)),
        SummaryRow("With good reasons for being late, by", day(appeal.late_by) * appeal.late),
    ]
    return [row for row in rows if row.value]


def recovery_words(overpayment: Overpayment) -> str:
    """How an overpayment is paid back, and for how long."""
    if not overpayment.left:
        return "All paid back"
    if overpayment.method == Overpayment.Method.INVOICE:
        number = f" {overpayment.invoice}" if overpayment.invoice else ""
        return f"You pay it by invoice{number}"
    weeks = rules.weeks_left(overpayment.left, overpayment.weekly_recovery)
    return (
        f"We take {pounds(overpayment.weekly_recovery)} a week from your benefit,"
        f" for about {weeks} more week{'' if weeks == 1 else 's'}"
    )


@dataclass(frozen=True)
class OverpaymentCard:
    """An overpayment with its facts, and what has been paid back."""

    overpayment: Overpayment
    rows: list[SummaryRow]

    @property
    def recoveries(self) -> Rows:
        """Every amount that was paid back, the newest first."""
        return [_recovery_row(recovery) for recovery in self.overpayment.recoveries.all()]


def _recovery_row(recovery: Recovery) -> list[str | Cell]:
    amount = money(pounds(recovery.amount))
    return [day(recovery.taken_on), recovery.get_method_display(), amount]


def overpayment_cards(overview: Overview) -> list[OverpaymentCard]:
    """Each overpayment of a claim, the latest decision first."""
    return [
        OverpaymentCard(each, overpayment_rows(each, overview.today))
        for each in overview.overpayments
    ]


def request_tags(
    requests: Iterable[EvidenceRequest],
) -> list[tuple[EvidenceRequest, str, str, bool]]:
    """Each thing asked for (`with_sent_by`), how far it is, its colour, and whether it is wanted.

    The back office says “not sent yet” until its next extract: what was sent here is said instead.
    """
    return [(request, *request_words(request)) for request in requests]


def request_words(request: EvidenceRequest) -> tuple[str, str, bool]:
    """How far one is, the colour of that, and whether the resident must send something."""
    sent = vars(request)["sent"]
    if sent and request.state == EvidenceRequest.State.ASKED:
        return *PROGRESS[sent], sent in ("infected", "rejected")
    return request.get_state_display(), REQUEST_COLOURS[request.state], request.is_open


def sending_words(sending: Sending) -> tuple[str, str]:
    """How far papers (`with_progress`) are, and the colour of it."""
    return PROGRESS[vars(sending)["progress"]]


def paper_words(paper: Paper) -> str:
    """How far one file is."""
    delivery = paper.delivery
    if delivery is None or delivery.sent_at:
        return "With the benefits team"
    if delivery.reason == INFECTED:
        return "Not sent: we found a virus in it. Send a photo of the paper instead"
    return "Received, on its way"


def paper_rows(papers: Iterable[Paper]) -> list[SummaryRow]:
    """Each file, how far it is, and the link to it."""
    return [
        SummaryRow(paper.name, paper_words(paper), (Action("Open", paper.get_absolute_url(), ""),))
        for paper in papers
    ]


def member_rows(members: Iterable[ClaimMember]) -> list[SummaryRow]:
    """Who lives in the home, and as what they count."""
    return [SummaryRow(member.name, member.get_relation_display()) for member in members]


def claim_rows(claim: Claim) -> list[SummaryRow]:
    """Facts of the claim that stay the same."""
    rows = [
        SummaryRow("Claim reference", claim.reference),
        SummaryRow("In the name of", claim.person.full_name),
        SummaryRow("Address", claim.full_address),
        SummaryRow("Kind of home", claim.get_tenancy_display() if claim.tenancy else ""),
        SummaryRow("We got your claim on", day(claim.received)),
        SummaryRow("Decided on", day(claim.decided) if claim.decided else ""),
        SummaryRow("Ended on", day(claim.ended) if claim.ended else ""),
    ]
    return [row for row in rows if row.value]


def summary_rows(overview: Overview) -> list[SummaryRow]:
    """What matters of a claim in a list of claims."""
    claim, following = overview.claim, overview.next_payment
    weekly = [
        SummaryRow(award.get_kind_display(), f"{pounds(award.weekly)} a week")
        for award in overview.live_awards
        if award.holds_on(overview.today) and claim.status == Claim.Status.CURRENT
    ]
    coming = ""
    if following:
        coming = f"{pounds(following.payment.amount)} on {day(following.payment.paid_on)}"
    left = sum(overpayment.left for overpayment in overview.overpayments)
    rows = [
        SummaryRow("Claim reference", claim.reference),
        SummaryRow("Address", claim.full_address),
        *weekly,
        SummaryRow("Next payment", coming),
        SummaryRow("Overpayment left to pay back", pounds(left) if left else ""),
    ]
    return [row for row in rows if row.value]
