"""What residents tell the council or ask of it about a claim: sent once, and followed."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import Person
from benefits.drafts import end_draft
from benefits.models import Claim, ClaimDraft, ClaimMember, ClaimRequest
from benefits.models.request import CHANGES, RequestKind, RequestStatus
from benefits.papers import DESTINATION
from stockport.db import violated_constraint
from stockport.outbox.actions import enqueue, send_email
from stockport.outbox.connectors.attached import SEALED
from stockport.references import new_reference
from stockport.sealing import seal

if TYPE_CHECKING:
    from accounts.models import Resident
    from stockport.outbox.connectors.base import Update
    from stockport.outbox.models import Delivery

logger = logging.getLogger(__name__)

DELIVERY = "benefits_request"
# The words of a back office for how far a request is.
NEWS = {
    "open": RequestStatus.ACCEPTED,
    "accepted": RequestStatus.ACCEPTED,
    "in_progress": RequestStatus.ACCEPTED,
    "investigating": RequestStatus.ACCEPTED,
    "closed": RequestStatus.DONE,
    "done": RequestStatus.DONE,
    "fixed": RequestStatus.DONE,
    "refused": RequestStatus.REFUSED,
    "no_further_action": RequestStatus.REFUSED,
}
BANK_SUBJECT = "You asked us to pay your benefit into another account"
BANK_BODY = """Somebody who was signed in to your account has asked us to pay your benefit into
another bank account. The reference is {reference}.

If it was you, you need to do nothing.

If it was not you, contact the council straight away, and change your password:
{contact}
"""


class AlreadyAsked(Exception):
    """There is an open request of this kind about this claim, or this decision."""


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
    """The changes that can be told about this claim; a bank account only by who made it.

    Rent of a council home is the council's to know, and its benefit goes to the rent account.
    """
    council_home = claim.tenancy == Claim.Tenancy.COUNCIL
    left_out = {
        RequestKind.RENT: not claim.pays_out or council_home,
        RequestKind.BANK: not claim.pays_out or council_home or not is_claimant(resident, claim),
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
    try:
        with transaction.atomic():
            request.delivery = _deliver(request, told)
            request.save()
            end_draft(resident=resident, key=token, request=request)
            if told.kind == RequestKind.BANK:
                _tell_by_email(request)
    except IntegrityError as error:
        if sent := ClaimRequest.objects.for_resident(resident).filter(form_token=token).first():
            return sent
        if violated_constraint(error) != "benefits_request_one_open":
            raise
        raise AlreadyAsked from error
    return request


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


@transaction.atomic
def hear(*, delivery: Delivery, update: Update) -> bool:
    """What the benefits team says of a request; False where the delivery is not one."""
    request = ClaimRequest.objects.select_for_update().filter(delivery=delivery).first()
    if request is None:
        return False
    status = NEWS.get(update.status.lower())
    if status is None:
        logger.warning("Request %s: nobody knows the status “%s”.", request, update.status)
    elif update.updated_at >= request.status_at:
        request.status, request.status_at = status, update.updated_at
        request.message = update.description
        request.save(update_fields=["status", "status_at", "message"])
    return True


def erase(*, resident: Resident) -> int:
    """Delete requests and drafts here; how many rows. What has left is the council's record."""
    drafts = ClaimDraft.objects.for_resident(resident).delete()[0]
    return drafts + ClaimRequest.objects.for_resident(resident).delete()[0]
