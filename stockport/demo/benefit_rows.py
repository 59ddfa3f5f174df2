"""The rows of benefits in the revenues extract: one function for each file."""

from __future__ import annotations

from collections.abc import Iterator

from stockport.demo.awards import awards_of, overpayments_of, payments_of, recoveries_of
from stockport.demo.benefit_letters import benefit_letters_of
from stockport.demo.bills import ZERO
from stockport.demo.claims import Claim
from stockport.demo.decisions import decisions_of, requests_of
from stockport.demo.rows import Row
from stockport.demo.workings import lines_of

COLUMNS = {
    "claims": "reference,person,place_reference,type,status,received,decided,ended,address,"
    "postcode,tenancy,status_reason,needed,needed_by,council_tax_account",
    "claim_members": "claim,number,relation,name,person,start,end,may_see",
    "awards": "claim,kind,start,end,weekly,reason,year,credited",
    "award_lines": "claim,kind,start,number,part,words,amount",
    "benefit_payments": "claim,kind,number,state,paid_on,amount,period_start,period_end,payee,"
    "destination,adjustment,adjustment_reason",
    "overpayments": "claim,reference,period_start,period_end,original,recovered,weekly_recovery,"
    "method,decided,reason,invoice",
    "recoveries": "claim,overpayment,number,taken_on,amount,method,payment_kind,payment_number",
    "evidence_requests": "claim,reference,item,why,proofs,asked,due,state,state_reason",
    "decisions": "claim,reference,kind,decided,start,weekly,reason",
    "benefit_documents": "claim,reference,type,issued,year,person,superseded_by,pages,sha256,"
    "size,file",
}


def claims(claim: Claim) -> Iterator[Row]:
    """The claim itself."""
    plan, home = claim.plan, claim.account.home
    yield [
        *(claim.reference, claim.account.household.lead.reference, "1", plan.type, plan.status),
        *(claim.received, claim.decided, claim.ended, home.address, home.postcode),
        *(plan.tenancy if plan.pays_rent else "", claim.status_reason, claim.needed),
        *(claim.needed_by, claim.account.reference if plan.lowers_bill else ""),
    ]


def awards(claim: Claim) -> Iterator[Row]:
    """What it gives a week."""
    for award in awards_of(claim):
        year = award.year.name if award.kind == "cts" else ""
        yield [
            *(claim.reference, award.kind, award.start, award.end, award.weekly, award.reason),
            *(year, award.credited),
        ]


def benefit_payments(claim: Claim) -> Iterator[Row]:
    """What has been paid and what is next."""
    for paid in payments_of(claim):
        yield [
            *(claim.reference, paid.kind, paid.number, paid.state, paid.paid_on, paid.amount),
            *(paid.start, paid.end, paid.payee, paid.destination, ZERO, ""),
        ]


def overpayments(claim: Claim) -> Iterator[Row]:
    """What must be paid back."""
    for over in overpayments_of(claim, payments_of(claim)):
        yield [
            *(claim.reference, over.reference, over.start, over.end, over.original),
            *(over.recovered, over.weekly, "invoice" if over.invoice else "from_benefit"),
            *(over.decided, "You told us late that your wages had gone up.", over.invoice),
        ]


def recoveries(claim: Claim) -> Iterator[Row]:
    """What has been taken back, payment by payment."""
    payments = payments_of(claim)
    for over in overpayments_of(claim, payments):
        for number, taken in enumerate(recoveries_of(claim, payments), start=1):
            yield [
                *(claim.reference, over.reference, number, taken.taken_on, taken.amount),
                *("from_benefit", "hb", taken.payment),
            ]


def claim_members(claim: Claim) -> Iterator[Row]:
    """Who lives in the home; a partner may see the claim."""
    for number, one in enumerate(claim.account.household.people, start=1):
        partner = number > 1
        yield [
            *(claim.reference, number, "partner" if partner else "claimant"),
            *(f"{one.forenames} {one.surname}", one.reference, claim.received, None, partner),
        ]


def award_lines(claim: Claim) -> Iterator[Row]:
    """How each award is worked out."""
    for award in awards_of(claim):
        for number, line in enumerate(lines_of(claim, award), start=1):
            yield [
                *(claim.reference, award.kind, award.start, number),
                *(line.part, line.words, line.amount),
            ]


def decisions(claim: Claim) -> Iterator[Row]:
    """The letters that told of each award, and of the end."""
    for number, told in enumerate(decisions_of(claim), start=1):
        yield [
            *(claim.reference, f"D{number:03}", told.kind, told.decided, told.start),
            *(told.weekly, told.reason),
        ]


def evidence_requests(claim: Claim) -> Iterator[Row]:
    """What the council has asked for."""
    for number, request in enumerate(requests_of(claim), start=1):
        yield [
            *(claim.reference, f"E{number:03}", request.item, request.why, request.proofs),
            *(request.asked, request.due, request.state, request.state_reason),
        ]


def benefit_documents(claim: Claim) -> Iterator[Row]:
    """The letters, one for each person who claims."""
    for letter in benefit_letters_of(claim):
        sent = letter.sent
        yield [
            *(claim.reference, letter.reference, sent.type, sent.issued, sent.year),
            *(letter.person.reference, letter.superseded_by, 1, letter.sha256, len(letter.pdf)),
            letter.file,
        ]
