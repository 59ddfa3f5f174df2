"""Civica's benefits documents, put over the rows that the portal holds of a claim."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from stockport.feeds.civica.awards import read_awards
from stockport.feeds.civica.client import Conversation
from stockport.feeds.civica.payments import read_next_payment, read_payments
from stockport.feeds.civica.reading import WrongAnswer, field
from stockport.feeds.held import Row

STATUSES = {
    "1": "current",
    "2": "future",
    "3": "cancelled",
    "4": "pending",
    "5": "suspended",
    "6": "defective",
}
# Payments of each kind: support goes to the bill, help with the rent to somebody.
KINDS = {"prp": "hb", "ctp": "cts"}

Rows = dict[str, list[Row]]


def read_claim(civica: Conversation, chosen: Element, reference: str, rows: Rows) -> None:
    """Bring a claim, in whatever state, up to what Civica says now; raises WrongAnswer."""
    place = field(chosen, "@ClaimPlaceRef")
    details = civica.document("hbdet", "HBClaimDetails", claimref=reference, placeref=place)
    if field(details, "HBClaimRef") != reference:
        raise WrongAnswer("Civica's hbdet is about another claim.")
    claim = next(row for row in rows["claims.csv"] if row["reference"] == reference)
    claim["status"] = STATUSES.get(field(chosen, "@ClaimStatus"), claim["status"])
    if claim["status"] != "cancelled":
        claim["ended"] = ""
    read_awards(details, reference, rows)
    for type_, kind in KINDS.items():
        # A claim that has paid nothing has no list at all.
        answer = civica.document("hbpaydet", "HBPaymentDetails", type=type_)
        read_payments(answer, reference, kind, rows)
    read_next_payment(details, claim, rows)
