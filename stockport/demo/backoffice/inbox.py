"""Takes signed webhooks, as the Standard Webhooks specification says, each message once.

As in `push`, nothing of the portal's own code is used.
"""

from __future__ import annotations

import binascii
import hmac
import json
from base64 import b64decode, b64encode
from time import time
from typing import TYPE_CHECKING, Any

from stockport.demo.backoffice.strict import Refused
from stockport.demo.backoffice.wire import Reply

if TYPE_CHECKING:
    from stockport.demo.backoffice.call import Call
    from stockport.demo.backoffice.office import Office

PATH = "/inbox.json"
REPLAY_SECONDS = 5 * 60
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


def take(office: Office, call: Call) -> Reply:
    """Keep the message, the first one of its id, and answer with our reference of it; raises
    Refused.
    """
    _check_signature(office.secret, call)
    message = _read(call.body)
    id = call.headers["webhook-id"]
    return Reply("message", {"reference": office.store.keep(id, message["type"], message["data"])})


def _check_signature(secret: str, call: Call) -> None:
    message_id, timestamp, signatures = (call.headers.get(name, "") for name in HEADERS)
    try:
        key = b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    content = b".".join((message_id.encode(), timestamp.encode(), call.body))
    expected = f"v1,{b64encode(hmac.digest(key, content, 'sha256')).decode()}"
    if not key or not message_id or expected not in signatures.split():
        raise Refused(403, "The signature is missing or wrong.")
    if not timestamp.isdigit() or abs(time() - int(timestamp)) > REPLAY_SECONDS:
        raise Refused(400, "The message is too old, or from the future.")


def _read(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except ValueError:
        raise Refused(400, "The body is not JSON.") from None
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise Refused(400, "type is required.")
    if not isinstance(message.get("data"), dict):
        raise Refused(400, "data must be an object.")
    return message
