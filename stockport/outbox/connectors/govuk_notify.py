"""Text messages by GOV.UK Notify.

Source: its REST API documentation (page "REST API technical documentation", GOV.UK Notify). The
words of a message are a template there; we send what is filled in.
"""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from stockport.http import Answer
from stockport.outbox.connectors.asking import LOOKING_UP, SENDING, Failed, Stakes, ask, read
from stockport.outbox.connectors.base import Outcome, Unreadable, Update
from stockport.outbox.workflow import State

if TYPE_CHECKING:
    from stockport.outbox.models import Delivery, Destination


class NotifyConnector:
    """Sends each delivery as one text message."""

    def __init__(self, destination: Destination) -> None:
        self.destination = destination

    def send(self, delivery: Delivery) -> Outcome:
        """POST it under the delivery's id, by which it can be found again."""
        name = delivery.payload["template"]
        template = self.destination.template_ids.get(name)
        if template is None:
            reason = f"The destination has no template id for “{name}”: add it, then try again."
            return Outcome(State.DEAD, reason)
        message = {
            "phone_number": delivery.payload["to"][0],
            "template_id": template,
            "personalisation": delivery.payload["values"],
            "reference": str(delivery.pk),
        }
        try:
            answer = self._ask(SENDING, "POST", "sms", data=json.dumps(message).encode())
            return _sent(answer, read(SENDING, answer, _id_of_message))
        except Failed as failed:
            return failed.outcome

    def find(self, delivery: Delivery) -> Outcome:
        """Look for the delivery's id among what Notify was sent: it has every message for a week.

        The outbox gives up sooner (OUTBOX_GIVE_UP_HOURS), so “not there” is certain.
        """
        try:
            answer = self._ask(LOOKING_UP, "GET", "", params={"reference": str(delivery.pk)})
            found = read(LOOKING_UP, answer, _ids_in_list)
        except Failed as failed:
            return failed.outcome
        if found:
            return _sent(answer, found[0])
        return Outcome(State.RETRY, "It did not arrive, and is sent again.")

    def poll(self, delivery: Delivery) -> Outcome:
        """Notify gives no tokens."""
        return Outcome(State.DEAD, "GOV.UK Notify gives no tokens.")

    def updates(self, start: datetime, end: datetime) -> list[Update]:
        """None that anybody here waits for."""
        return []

    def keep(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Which it was, but neither the number nor what was filled in."""
        return {"template": payload["template"]}

    def _ask(self, stakes: Stakes, method: str, path: str, **call: Any) -> Answer:
        base = f"{self.destination.endpoint.rstrip('/')}/v2/notifications"
        return ask(
            stakes,
            method,
            f"{base}/{path}".rstrip("/"),
            headers={
                "Authorization": f"Bearer {token(self.destination.api_key, int(time.time()))}",
                "Content-Type": "application/json",
            },
            errors=_errors,
            **call,
        )


def token(api_key: str, now: int) -> str:
    """A JSON Web Token (RFC 7519, HS256) for one call; `now` is a Unix time.

    A key is a name, the id of the service and the secret, each id of 36 characters, with dashes
    between them.
    """
    service, secret = api_key[-73:-37], api_key[-36:]
    parts = ({"typ": "JWT", "alg": "HS256"}, {"iss": service, "iat": now})
    content = ".".join(_base64(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    return f"{content}.{_base64(hmac.digest(secret.encode(), content.encode(), 'sha256'))}"


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _sent(answer: Answer, remote_reference: str) -> Outcome:
    """The answer repeats the text, so it is not kept."""
    return Outcome(State.SENT, remote_reference=remote_reference, status_code=answer.status)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise Unreadable("The answer is not JSON.") from error
    if not isinstance(answer, dict):
        raise Unreadable("The answer is not an object.")
    return answer


def _id_of_message(body: bytes) -> str:
    found = _object(body).get("id")
    if not isinstance(found, str) or not found:
        raise Unreadable("The answer has no id.")
    return found


def _ids_in_list(body: bytes) -> list[str]:
    found = _object(body).get("notifications")
    if not isinstance(found, list):
        raise Unreadable("The answer is not a list of messages.")
    return [_id_of_message(json.dumps(each).encode()) for each in found]


def _errors(body: bytes) -> str:
    """What Notify says is wrong, or an empty string."""
    try:
        errors = _object(body).get("errors")
    except Unreadable:
        return ""
    found = errors if isinstance(errors, list) else []
    return " ".join(str(each.get("message", "")) for each in found if isinstance(each, dict))
