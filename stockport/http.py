"""Calls to other systems: strict about time and size, never redirected, TLS always checked.

The one thing a caller must know is whether the other system may have acted: NotSent says that it
cannot have, AnswerLost that it may.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import requests
from requests.exceptions import InvalidSchema, InvalidURL, MissingSchema
from urllib3.exceptions import HTTPError

from stockport.time_limit import LimitedAdapter, TimeLimit

CONNECT_SECONDS = 3
READ_SECONDS = 10
# From the first try to connect to the last byte of the answer, whatever the other side does.
LONGEST_SECONDS = 25
LARGEST_ANSWER = 5 * 1024 * 1024
BAD_ADDRESS = (InvalidSchema, InvalidURL, MissingSchema)
USER_AGENT = "MyAccount/1 (+https://www.stockport.gov.uk)"


class CallFailed(Exception):
    """No answer to use."""


class NotSent(CallFailed):
    """The other system was never reached: it cannot have acted."""


class AnswerLost(CallFailed):
    """The other system may have acted, but its answer did not arrive whole."""


class TooLarge(AnswerLost):
    """The answer is longer than any that is wanted."""


@dataclass(frozen=True)
class Answer:
    """What another system answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text, for people to read."""
        return self.body.decode("utf-8", errors="replace")


def call(
    method: str,
    url: str,
    *,
    params: Mapping[str, str] | None = None,
    data: Any = None,
    files: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """The answer, whatever its status; raises NotSent or AnswerLost."""
    with TimeLimit(LONGEST_SECONDS) as limit, _Session() as session:
        try:
            response = session.request(
                method,
                url,
                params=params,
                data=data,
                files=files,
                headers={"User-Agent": USER_AGENT, **(headers or {})},
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            )
            body = _body(response, LARGEST_ANSWER)
        except (requests.RequestException, HTTPError) as error:
            raise _failure(error, limit) from error
        # A connection that was shut down may look like an answer that has come to its end.
        if limit.over:
            raise AnswerLost("It did not answer in time.")
        return Answer(response.status_code, response.headers, body)


class _Session(requests.Session):
    """With neither a proxy nor a .netrc from the environment of the process."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        for scheme in ("http://", "https://"):
            self.mount(scheme, LimitedAdapter())


class StrictSession(_Session):
    """For a library that makes calls of its own, and knows the errors of requests.

    Each call is over after so many seconds, its answer has at most so many bytes, and a redirect is
    an answer. Raises requests.RequestException where that is broken.
    """

    def __init__(self, *, seconds: float, largest: int) -> None:
        super().__init__()
        self.seconds, self.largest = seconds, largest

    def request(self, method: Any, url: Any, *given: Any, **options: Any) -> requests.Response:
        """The answer, read to its end."""
        options |= {"timeout": self.seconds, "allow_redirects": False, "stream": True}
        with TimeLimit(self.seconds) as limit:
            try:
                response = super().request(method, url, *given, **options)
                response.raw = BytesIO(_body(response, self.largest))
            except (CallFailed, HTTPError) as error:
                raise requests.ConnectionError(str(error)) from error
            if limit.over:
                raise requests.Timeout("It did not answer in time.")
        return response


def _body(response: requests.Response, largest: int) -> bytes:
    """The whole body; raises TooLarge where it is longer."""
    body = bytearray()
    while chunk := response.raw.read1(65536, decode_content=True):
        body += chunk
        if len(body) > largest:
            raise TooLarge("The answer is too large.")
    return bytes(body)


def _failure(error: Exception, limit: TimeLimit) -> CallFailed:
    """NotSent only for what happens before there is a connection to write a byte of it to."""
    if limit.connected:
        if limit.over or isinstance(error, requests.Timeout):
            return AnswerLost("It did not answer in time.")
        return AnswerLost("The connection broke before the answer was whole.")
    if isinstance(error, BAD_ADDRESS):
        return NotSent("Its address cannot be used.")
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return NotSent("Its certificate cannot be trusted.")
    return NotSent("It cannot be reached.")
