"""Hands anything over as a signed JSON message, for queues that have no protocol of their own.

Source: the Standard Webhooks specification 1.0.0. Its `webhook-id` is the same at every try, so a
receiver can tell a second copy from a second message. docs/webhooks.md says what a receiver does.
"""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder

from stockport.outbox.connectors.asking import SENDING, Failed, ask, described
from stockport.outbox.connectors.attached import whole
from stockport.outbox.connectors.base import Outcome, Update
from stockport.outbox.inbound.signature import key_of, sign
from stockport.outbox.workflow import State

if TYPE_CHECKING:
    from stockport.outbox.models import Delivery, Destination

LONGEST_REFERENCE = 100


class WebhookConnector:
    """Posts each delivery to one address."""

    def __init__(self, destination: Destination) -> None:
        self.destination = destination

    def send(self, delivery: Delivery) -> Outcome:
        """POST the message; any 2xx says that the receiver has it."""
        try:
            body = message(delivery)
            headers = signed(delivery, body, self.destination.webhook_secret, int(time.time()))
            answer = ask(SENDING, "POST", self.destination.endpoint, headers=headers, data=body)
        except Failed as failed:
            return failed.outcome
        return described(answer, State.SENT, remote_reference=reference_in(answer.body))

    def find(self, delivery: Delivery) -> Outcome:
        """A receiver cannot be asked: it goes again, under the id that the receiver knows."""
        return Outcome(State.RETRY, "The receiver knows the id of a message it already has.")

    def poll(self, delivery: Delivery) -> Outcome:
        """A receiver gives no tokens."""
        return Outcome(State.DEAD, "A webhook gives no tokens.")

    def updates(self, start: datetime, end: datetime) -> list[Update]:
        """A receiver pushes its news."""
        return []

    def keep(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Nothing: the receiver has it, and so has the service that sent it."""
        return {}


def message(delivery: Delivery) -> bytes:
    """The body of every try: what it is, when it was made, our reference and what to know.

    Raises asking.Failed where it has a file that cannot go, or answers that no key opens.
    """
    data = {"reference": delivery.reference, **whole(delivery.payload)}
    body = {"type": delivery.kind, "timestamp": delivery.created_at, "data": data}
    return json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False).encode()


def signed(delivery: Delivery, body: bytes, secret: str, now: int) -> dict[str, str]:
    """The headers of the specification; `now` is a Unix time."""
    signature = sign(key_of(secret), str(delivery.pk), str(now), body)
    return {
        "Content-Type": "application/json",
        "webhook-id": str(delivery.pk),
        "webhook-timestamp": str(now),
        "webhook-signature": signature.decode(),
    }


def reference_in(body: bytes) -> str:
    """The receiver's own reference, where its answer is an object that has one."""
    try:
        answer = json.loads(body)
    except ValueError:
        return ""
    found = answer.get("reference") if isinstance(answer, dict) else None
    return found if isinstance(found, str) and len(found) <= LONGEST_REFERENCE else ""
