"""What residents ask of the council about their account: sent once, and followed."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Person
from council_tax.models import Account, Liability, Request
from council_tax.models.request import Kind, RequestStatus
from council_tax.rules import schedule
from council_tax.wording import stage_words
from stockport.db import violated_constraint
from stockport.outbox.actions import enqueue
from stockport.references import new_reference
from stockport.templatetags.portal import moment

if TYPE_CHECKING:
    from accounts.models import Resident
    from stockport.outbox.connectors.base import Update
    from stockport.outbox.models import Delivery

logger = logging.getLogger(__name__)

DESTINATION = "revenues"
# What makes no sense of an account that is closed.
OVER = (Kind.MOVED, Kind.INSTALMENTS, Kind.PAPERLESS)
DELIVERY = "council_tax_request"
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


class AlreadyAsked(Exception):
    """There is an open request of this kind about this account."""


def state_words(request: Request) -> str:
    """How far it is: on its way, with the revenues team, or what that team said."""
    said = {
        RequestStatus.ACCEPTED: "The revenues team is dealing with it",
        RequestStatus.DONE: "The revenues team has dealt with it",
        RequestStatus.REFUSED: "The revenues team has not agreed to it",
    }
    if words := said.get(RequestStatus(request.status)):
        return words
    if sent_at := request.delivery.sent_at:
        return f"Sent to the revenues team on {moment(sent_at)}"
    return f"Received on {moment(request.created_at)}, and on its way to the revenues team"


def precheck(account: Account, kind: str, resident: Resident) -> str:
    """Why this cannot be asked about this account, in words for the resident; empty where it can.

    Five queries at most.
    """
    mine = Request.objects.for_resident(resident).open()
    asked = mine.filter(account_reference=account.reference, kind=kind).first()
    if asked:
        return (
            f"You have asked for this already, and it is not sent twice: your reference is"
            f" {asked.reference}"
        )
    if kind in OVER and account.status == "closed":
        return "This account is closed: select “Something looks wrong” if that is not right"
    if kind == Kind.NO_ACCESS and not _is_behind(account):
        return "Nothing is late on this account, so there is nothing to hold: contact us instead"
    latest = account.charge_periods.order_by("-year", "-sequence").first()
    has_discount = bool(latest and latest.lines.filter(type="discount", code="SPD").exists())
    stage = stage_words(account.stage)
    reasons = {
        Kind.DISCOUNT_START: has_discount and "Your bill already has the single person discount",
        Kind.DISCOUNT_END: not has_discount
        and "Your bill has no single person discount that could end",
        Kind.DISABLED_BAND: bool(latest and latest.band_charged != latest.band_listed)
        and "Your bill already has the disabled band reduction",
        Kind.INSTALMENTS: bool(stage and stage.whole_balance)
        and "Your bill can no longer be paid by instalments: ask for an arrangement instead",
        Kind.ARRANGEMENT: (account.balance <= 0 and "There is nothing to pay on this account")
        or (account.arrangement and "You have a payment arrangement already"),
    }
    return reasons.get(Kind(kind), "") or ""


def _is_behind(account: Account) -> bool:
    """Whether something fell due that is not paid, or a letter about it was sent."""
    today, as_at = timezone.localdate(), timezone.localdate(account.as_at)
    owed = schedule(account.instalments.all(), as_at, today)
    return account.stage != "bill" or bool(owed.missed or owed.unconfirmed)


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
    try:
        with transaction.atomic():
            request.delivery = _deliver(request)
            request.save()
    except IntegrityError as error:
        if sent := Request.objects.for_resident(resident).filter(form_token=token).first():
            return sent
        if violated_constraint(error) != "council_tax_request_one_open":
            raise
        raise AlreadyAsked from error
    return request


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


@transaction.atomic
def hear(*, delivery: Delivery, update: Update) -> bool:
    """What the revenues team says of a request; False where the delivery is not one."""
    request = Request.objects.select_for_update().filter(delivery=delivery).first()
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
