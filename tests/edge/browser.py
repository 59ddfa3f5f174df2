"""Somebody's browser on the other side of the proxy, with an address and cookies of its own."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage, HTTPSConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

NAME = "my-account.council.example"
SIGN_IN = "/account/sign-in/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@dataclass(frozen=True)
class Site:
    """Ports of the proxy and of the portal behind it, and the certificate to trust."""

    http: int
    https: int
    portal: int
    certificate: Path


@dataclass(frozen=True)
class Answer:
    """Status, headers and words."""

    status: int
    headers: HTTPMessage
    text: str


@dataclass
class Browser:
    """Asks over TLS, from this address of the machine."""

    site: Site
    address: str = "127.0.0.1"
    cookies: SimpleCookie = field(default_factory=SimpleCookie)

    def get(self, path: str, **headers: str) -> Answer:
        """A page."""
        return self._ask("GET", path, None, headers)

    def send(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """A form, with the token of its page."""
        token = TOKEN.search(self.get(path).text)
        assert token
        body = urlencode({**fields, "csrfmiddlewaretoken": token[1]})
        form = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"https://{NAME}{path}",
        }
        return self._ask("POST", path, body, form | headers)

    def sign_in(self, email: str, password: str, **headers: str) -> Answer:
        """What the form of signing in answers."""
        return self.send(SIGN_IN, {"login": email, "password": password}, **headers)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        trusted = ssl.create_default_context(cafile=str(self.site.certificate))
        connection = HTTPSConnection(
            "127.0.0.1", self.site.https, context=trusted, source_address=(self.address, 0)
        )
        sent = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        own = {"Host": NAME, **({"Cookie": sent} if sent else {})}
        answer = ask(connection, method, path, body, own | _as_sent(headers))
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        return answer


def plainly(port: int, path: str, **headers: str) -> Answer:
    """A page over HTTP without TLS."""
    connection = HTTPConnection("127.0.0.1", port)
    return ask(connection, "GET", path, None, {"Host": NAME} | _as_sent(headers))


def ask(
    connection: HTTPConnection, method: str, path: str, body: str | None, headers: dict[str, str]
) -> Answer:
    """What is answered; the connection is closed."""
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode())
    finally:
        connection.close()


def _as_sent(headers: dict[str, str]) -> dict[str, str]:
    """X_Forwarded_For as X-Forwarded-For."""
    return {name.replace("_", "-"): value for name, value in headers.items()}
