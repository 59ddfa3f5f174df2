"""A merged report that the team does not have yet is not sent as a second job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stockport.outbox.actions import enqueue_all
from stockport.outbox.models import Delivery
from stockport.outbox.staff import hold
from stockport.outbox.workflow import State, Step

if TYPE_CHECKING:
    from street_reports.models import Report

# How the reason of a delivery begins that is held for this.
WITHHELD = "Merged into"
# In these, with nothing to look up, it is certain that the team does not have it.
NOT_THERE = (State.PENDING, State.RETRY, State.DEAD, State.HELD)


def withhold(report: Report, survivor: Report) -> None:
    """Hold back what certainly is not at the team, and send all it says with the survivor.

    Whatever may be there goes its way: it is marked as a duplicate once it has arrived.
    """
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=report.delivery_id)
    if delivery.state not in NOT_THERE or delivery.next_step != Step.SEND:
        return
    if delivery.state != State.HELD:
        hold(delivery=delivery, reason=f"{WITHHELD} {survivor.reference}.")
    followers = delivery.followers.filter(state__in=NOT_THERE).order_by("created_at", "pk")
    enqueue_all([_case(report, survivor, delivery), *(_copy(f, survivor) for f in followers)])


def _case(report: Report, survivor: Report, delivery: Delivery) -> Delivery:
    """The report itself, as news of the survivor."""
    said = delivery.payload.get("description", "")
    text = f"Another resident reported this as {report.reference}: {report.location}. {said}"
    return _note(survivor, "note", {"description": text}, report.resident_id)


def _copy(follower: Delivery, survivor: Report) -> Delivery:
    """A photo, or what somebody added. A note's status was about the other report."""
    payload = {name: value for name, value in follower.payload.items() if name != "status"}
    return _note(survivor, follower.kind, payload, follower.resident_id)


def _note(
    survivor: Report, kind: str, payload: Mapping[str, Any], resident_id: int | None
) -> Delivery:
    """An unsaved delivery about the survivor, which leaves after it."""
    return Delivery(
        destination=survivor.delivery.destination,
        kind=kind,
        payload=dict(payload),
        reference=survivor.reference,
        resident_id=resident_id,
        depends_on=survivor.delivery,
    )
