"""What residents tell the council or ask of it about a claim: sent once, and followed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from accounts.models import Person
from benefits.drafts import end_draft
from benefits.models import Claim, ClaimDraft, ClaimMember, ClaimRequest
from benefits.models.request import CHANGES, RequestKind
from benefits.papers import DESTINATION
from stockport.outbox.actions import enqueue, send_email
from stockport.outbox.connectors.attached import SEALED
from stockport.references import new_reference
from stockport.requested import send_once
from stockport.sealing import seal

if TYPE_CHECKING:
    from accounts.models import Resident
    from stockport.outbox.models import Delivery

DELIVERY = "benefits_request"
BANK_SUBJECT = "You asked us to pay your benefit into another account"
BANK_BODY = """Somebody who was signed in to your account has asked us to pay your benefit into
another bank account. The reference is {reference}.

If it was you, you need to do nothing.

If it was not you, contact the council straight away, and change your password:
{contact}
"""


@dataclass(frozen=True)
class Told:
    """What a form says. `secret` reaches the benefits team and can be read nowhere before."""

    kind: str
    answers: Mapping[str, Any]
    summary: Sequence[tuple[str, str]]
    decision_reference: str = ""
    secret: Mapping[str, str] = field(default_factory=dict)


def is_claimant(resident: Resident, claim: Claim) -> bool:
    """Whether the resident made the claim, and does not only see it as a partner."""
    return Person.objects.for_resident(resident).filter(pk=claim.person_id).exists()


def kinds_for(resident: Resident, claim: Claim) -> list[RequestKind]:
    """The changes that can be told about this claim; a bank account only by who made it."""
    left_out = {
        RequestKind.RENT: not claim.has_rent_to_tell,
        RequestKind.BANK: not claim.has_rent_to_tell or not is_claimant(resident, claim),
    }
    return [kind for kind in CHANGES if not left_out.get(kind)]


def asked_already(
    resident: Resident, claim: Claim, kind: str, decision_reference: str = ""
) -> ClaimRequest | None:
    """An open request that another one of this kind would repeat."""
    if kind in CHANGES and kind != RequestKind.BANK:
        return None
    mine = ClaimRequest.objects.for_resident(resident).open()
    return mine.filter(
        claim_reference=claim.reference, kind=kind, decision_reference=decision_reference
    ).first()


def send_request(*, resident: Resident, claim: Claim, told: Told, token: UUID) -> ClaimRequest:
    """The request of a form, with its delivery; the same form again gives the same.

    A bank account that changes is told by e-mail, without a number, so that its owner hears of it
    where it was somebody else. Raises AlreadyAsked.
    """
    request = ClaimRequest(
        reference=new_reference("BN"),
        kind=told.kind,
        resident=resident,
        claim_reference=claim.reference,
        decision_reference=told.decision_reference,
        person_reference=_person_of(resident, claim).reference,
        answers=dict(told.answers),
        summary=[list(row) for row in told.summary],
        form_token=token,
    )

    def save() -> None:
        request.delivery = _deliver(request, told)
        request.save()
        end_draft(resident=resident, key=token, request=request)
        if told.kind == RequestKind.BANK:
            _tell_by_email(request)

    return send_once(request, ClaimRequest.objects.all(), save)


def _person_of(resident: Resident, claim: Claim) -> Person:
    """The person that this resident is in the claim: who made it, or their partner."""
    people = Person.objects.for_resident(resident)
    if claimant := people.filter(pk=claim.person_id).first():
        return claimant
    member = ClaimMember.objects.filter(claim=claim).seen_by(people)
    return people.get(pk=member.values("person_id")[:1])


def _deliver(request: ClaimRequest, told: Told) -> Delivery:
    payload = {
        "kind": request.kind,
        "claim_reference": request.claim_reference,
        "decision_reference": request.decision_reference,
        "person_reference": request.person_reference,
        "answers": request.answers,
    }
    if told.secret:
        payload[SEALED] = seal(json.dumps({"bank_account": dict(told.secret)}))
    return enqueue(
        destination=DESTINATION,
        kind=DELIVERY,
        payload=payload,
        reference=request.reference,
        resident=request.resident,
    )


def _tell_by_email(request: ClaimRequest) -> None:
    send_email(
        to=[request.resident.email],
        subject=BANK_SUBJECT,
        body=BANK_BODY.format(reference=request.reference, contact=settings.CONTACT_URL),
        resident=request.resident,
        reference=request.reference,
    )


def erase(*, resident: Resident) -> int:
    """Delete requests and drafts here; how many rows. What has left is the council's record."""
    drafts = ClaimDraft.objects.for_resident(resident).delete()[0]
    return drafts + ClaimRequest.objects.for_resident(resident).delete()[0]
