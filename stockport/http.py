"""Calls to other systems: strict about time and size, never redirected, TLS always checked.

The one thing a caller must know is whether the other system may have acted: NotSent says that it
cannot have, AnswerLost that it may.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

import requests
from requests.exceptions import InvalidSchema, InvalidURL, MissingSchema
from urllib3.exceptions import ConnectTimeoutError, HTTPError, MaxRetryError, NewConnectionError

CONNECT_SECONDS = 3
READ_SECONDS = 10
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
    with requests.Session() as session:
        # Neither a proxy nor a .netrc from the environment of the process.
        session.trust_env = False
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
            return Answer(response.status_code, response.headers, _body(response))
        except (requests.RequestException, HTTPError) as error:
            raise _failure(error) from error


def _body(response: requests.Response) -> bytes:
    """The whole body; raises AnswerLost where it is too large or comes too slowly."""
    body, end = bytearray(), monotonic() + LONGEST_SECONDS
    while chunk := response.raw.read1(65536, decode_content=True):
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise AnswerLost("The answer is too large.")
        if monotonic() > end:
            raise AnswerLost("The answer comes too slowly.")
    return bytes(body)


def _failure(error: Exception) -> CallFailed:
    """NotSent only for what happens before the first byte of the request is written."""
    cause = error.args[0] if error.args else error
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(error, BAD_ADDRESS):
        return NotSent("Its address cannot be used.")
    if isinstance(reason, (NewConnectionError, ConnectTimeoutError)):
        return NotSent("It cannot be reached.")
    # Any other TLS error may have come while the answer was read.
    if "CERTIFICATE_VERIFY_FAILED" in str(reason):
        return NotSent("Its certificate cannot be trusted.")
    if isinstance(error, requests.Timeout):
        return AnswerLost("It did not answer in time.")
    return AnswerLost("The connection broke before the answer was whole.")
