"""All that is held about a resident's claims, machine-readable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import F

from benefits.drafts import kept_in
from benefits.models import (
    Award,
    AwardLine,
    BenefitPayment,
    Claim,
    ClaimDraft,
    ClaimMember,
    ClaimRequest,
    Decision,
    Document,
    EvidenceRequest,
    Opening,
    Overpayment,
    Paper,
    Recovery,
    Sending,
)

if TYPE_CHECKING:
    from accounts.models import Resident

CLAIM = (
    *("reference", "type", "status", "received", "decided", "ended", "address", "postcode"),
    *("tenancy", "status_reason", "needed", "needed_by", "council_tax_account"),
)
MEMBER = ("claim__reference", "number", "relation", "name", "start", "end", "may_see")
AWARD = ("claim__reference", "kind", "start", "end", "weekly", "reason", "year", "credited")
LINE = (
    *("award__claim__reference", "award__kind", "award__start", "number"),
    *("part", "words", "amount"),
)
PAYMENT = (
    *("claim__reference", "kind", "number", "state", "paid_on", "amount", "period_start"),
    *("period_end", "payee", "destination", "adjustment", "adjustment_reason"),
)
OVERPAYMENT = (
    *("claim__reference", "reference", "period_start", "period_end", "original", "recovered"),
    *("weekly_recovery", "method", "decided", "reason", "invoice"),
)
RECOVERY = (
    *("overpayment__claim__reference", "overpayment__reference", "number", "taken_on"),
    *("amount", "method", "payment__number"),
)
REQUEST = (
    *("claim__reference", "reference", "item", "why", "proofs", "asked", "due", "state"),
    "state_reason",
)
SENDING = (
    *("reference", "claim_reference", "request_reference", "item", "status", "status_at"),
    *("message", "created_at"),
)
PAPER = (
    *("claim_reference", "request_reference", "sending__reference", "position", "kind", "name"),
    *("size", "created_at"),
)
DOCUMENT = (
    *("claim__reference", "reference", "type", "issued", "year", "person__reference"),
    *("superseded_by", "pages", "sha256", "size", "file"),
)
OPENED = ("claim_reference", "document_reference", "opened_at")
ASKED = (
    *("reference", "kind", "claim_reference", "decision_reference", "answers", "status"),
    *("status_at", "message", "created_at"),
)
DECISION = ("claim__reference", "reference", "kind", "decided", "start", "weekly", "reason")


def personal_data(resident: Resident) -> Iterable[tuple[str, list[Mapping[str, Any]]]]:
    """Every row of the claims that this resident may see, by what it is."""
    claims = Claim.objects.for_resident(resident).order_by("reference")
    yield "claims", list(claims.values(*CLAIM, as_at=F("confirmation__at")))
    for name, rows, fields, order in (
        ("household", ClaimMember.objects, MEMBER, ("claim", "number")),
        ("awards", Award.objects, AWARD, ("claim", "kind", "start")),
        ("award_lines", AwardLine.objects, LINE, ("award", "number")),
        ("payments", BenefitPayment.objects, PAYMENT, ("claim", "kind", "number")),
        ("overpayments", Overpayment.objects, OVERPAYMENT, ("claim", "reference")),
        ("recoveries", Recovery.objects, RECOVERY, ("overpayment", "number")),
        ("evidence_requests", EvidenceRequest.objects, REQUEST, ("claim", "reference")),
        ("decisions", Decision.objects, DECISION, ("claim", "reference")),
        ("documents", Document.objects, DOCUMENT, ("claim", "reference")),
    ):
        mine = rows.for_resident(resident).order_by(*order)
        yield name, list(mine.values(*fields))
    yield from _own(resident)


def _own(resident: Resident) -> Iterable[tuple[str, list[Mapping[str, Any]]]]:
    """What this resident alone opened, sent, asked and began."""
    openings = Opening.objects.for_resident(resident).order_by("pk")
    yield "letters_opened", list(openings.values(*OPENED))
    sent = Sending.objects.for_resident(resident).order_by("pk")
    yield "papers_sent", list(sent.values(*SENDING))
    yield "papers", list(Paper.objects.for_resident(resident).order_by("pk").values(*PAPER))
    asked = ClaimRequest.objects.for_resident(resident).order_by("pk")
    yield "requests", list(asked.values(*ASKED))
    drafts = ClaimDraft.objects.for_resident(resident).order_by("pk")
    yield "drafts", [_draft(draft) for draft in drafts]


def _draft(draft: ClaimDraft) -> dict[str, Any]:
    return {"form": draft.form, "changed_at": draft.changed_at, "answers": kept_in(draft)}
