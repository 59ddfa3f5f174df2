"""What residents ask of the council about their account: sent once, and followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from accounts.models import Person
from council_tax.models import Account, Liability, Request
from stockport.outbox.actions import enqueue
from stockport.references import new_reference
from stockport.requested import send_once

if TYPE_CHECKING:
    from accounts.models import Resident
    from stockport.outbox.models import Delivery

DESTINATION = "revenues"
DELIVERY = "council_tax_request"


def send_request(
    *,
    resident: Resident,
    account: Account,
    kind: str,
    answers: Mapping[str, Any],
    summary: Sequence[tuple[str, str]],
    token: UUID,
) -> Request:
    """The request of a form, with its delivery; the same form again gives the same.

    Raises AlreadyAsked where another one of its kind is open.
    """
    request = Request(
        reference=new_reference("CT"),
        kind=kind,
        resident=resident,
        account_reference=account.reference,
        person_reference=_person_of(resident, account).reference,
        answers=dict(answers),
        summary=[list(row) for row in summary],
        form_token=token,
    )

    def save() -> None:
        request.delivery = _deliver(request)
        request.save()

    return send_once(request, Request.objects.all(), save)


def _person_of(resident: Resident, account: Account) -> Person:
    """The person that this resident is, of those liable for the account."""
    people = Person.objects.for_resident(resident)
    liable = Liability.objects.filter(account=account, person__in=people)
    return liable.select_related("person").order_by("pk")[0].person


def _deliver(request: Request) -> Delivery:
    payload = {
        "kind": request.kind,
        "account_reference": request.account_reference,
        "person_reference": request.person_reference,
        "answers": request.answers,
    }
    return enqueue(
        destination=DESTINATION,
        kind=DELIVERY,
        payload=payload,
        reference=request.reference,
        resident=request.resident,
    )
