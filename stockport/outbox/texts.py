"""Text messages, where the council has a destination that takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from stockport.outbox.actions import enqueue
from stockport.outbox.models import Delivery, Destination

if TYPE_CHECKING:
    from accounts.models import Resident


def can_text() -> bool:
    """Whether there is such a destination."""
    return Destination.objects.for_texts().exists()


def send_text(
    *,
    to: str,
    template: str,
    values: Mapping[str, str],
    resident: Resident | None = None,
    reference: str = "",
) -> Delivery | None:
    """A text in the caller's transaction, sent after it; None where no destination takes texts.

    `to` is a number such as +447700900123. The words are a template of the destination, which has
    its id under this name; `values` are filled in.
    """
    destination = Destination.objects.for_texts().first()
    if destination is None:
        return None
    payload = {"to": [to], "template": template, "values": dict(values)}
    return enqueue(
        destination=destination.slug,
        kind="text",
        payload=payload,
        reference=reference,
        resident=resident,
    )
