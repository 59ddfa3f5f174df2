"""A small GOV.UK Notify on a real port: checks what it is sent, and keeps it."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"portal-{SERVICE}-{SECRET}"
TEMPLATE = "9d751e0e-f929-4891-82a1-a3e1c3c18ee3"
CLOCK_SECONDS = 30
ERRORS = {
    400: ("BadRequestError", "Missing personalisation: place"),
    403: ("AuthError", "Invalid token: API key not found"),
    429: (
        "RateLimitError",
        "Exceeded rate limit for key type LIVE",
    ),
    500: ("Exception", "Internal server error"),
}


@dataclass
class Notify:
    """Where it is, what it sent, and what goes wrong at the next calls.

    A fault is a status that it answers instead, or after it took the message: drop, garbage, 500.
    """

    url: str
    messages: list[dict[str, Any]] = field(default_factory=list)
    instead: list[int] = field(default_factory=list)
    afterwards: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def to(self, number: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["phone_number"] == number]


def is_genuine(token: str) -> bool:
    """Whether the token is one of our service, made just now (RFC 7515, 7519)."""
    content, _, signature = token.rpartition(".")
    made = hmac.new(SECRET.encode(), content.encode(), hashlib.sha256).digest()
    if signature != urlsafe_b64encode(made).decode().rstrip("="):
        return False
    header, claims = (json.loads(urlsafe_b64decode(part + "==")) for part in content.split("."))
    fresh = abs(claims["iat"] - time.time()) <= CLOCK_SECONDS
    return header == {"typ": "JWT", "alg": "HS256"} and claims["iss"] == SERVICE and fresh


class Handler(BaseHTTPRequestHandler):
    notify: Notify

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v2/notifications/sms":
            return self._refuse(404)
        if self._is_refused():
            return None
        if body.get("template_id") != TEMPLATE or not body.get("phone_number"):
            return self._refuse(400)
        message = {"id": str(uuid.uuid4()), **body}
        self.notify.messages.append(message)
        fault = self.notify.afterwards.pop(0) if self.notify.afterwards else ""
        if fault == "drop":
            self.close_connection = True
            return None
        if fault == "garbage":
            return self._answer(201, b"<html>")
        if fault == "500":
            return self._refuse(500)
        content = {"body": " ".join(body["personalisation"].values()), "from_number": "Stockport"}
        return self._answer(201, {"id": message["id"], "content": content})

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path != "/v2/notifications":
            return self._refuse(404)
        if self._is_refused():
            return None
        [reference] = parse_qs(asked.query)["reference"]
        found = [each for each in self.notify.messages if each["reference"] == reference]
        return self._answer(200, {"notifications": found, "links": {}})

    def _is_refused(self) -> bool:
        if self.notify.instead:
            self._refuse(self.notify.instead.pop(0))
            return True
        if not is_genuine(self.headers.get("Authorization", "").removeprefix("Bearer ")):
            self._refuse(403)
            return True
        return False

    def _refuse(self, status: int) -> None:
        error, message = ERRORS.get(status, ("Error", "No such page"))
        errors = [{"error": error, "message": message}]
        self._answer(status, {"status_code": status, "errors": errors})

    def _answer(self, status: int, body: object) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **self.notify.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def running_notify() -> Iterator[Notify]:
    """Notify on a free port, stopped at the end."""
    handler = type("OneHandler", (Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        handler.notify = Notify(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield handler.notify
        finally:
            server.shutdown()
            thread.join()
