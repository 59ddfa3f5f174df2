"""What residents ask of the council about their account: sent once, and followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from accounts.models import Person
from council_tax.models import Account, Liability, Request
from council_tax.models.request import Kind
from council_tax.rules import schedule
from council_tax.wording import stage_words
from stockport.outbox.actions import enqueue
from stockport.references import new_reference
from stockport.requested import send_once

if TYPE_CHECKING:
    from accounts.models import Resident
    from stockport.outbox.models import Delivery

DESTINATION = "revenues"
# What makes no sense of an account that is closed.
OVER = (Kind.MOVED, Kind.INSTALMENTS, Kind.PAPERLESS)
DELIVERY = "council_tax_request"


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
