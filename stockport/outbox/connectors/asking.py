"""Sorts what can become of an HTTP call into the outcomes of a delivery."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from stockport import http
from stockport.outbox.connectors import georeport
from stockport.outbox.connectors.base import Outcome, Unreadable
from stockport.outbox.workflow import State

T = TypeVar("T")

TRY_LATER = (408, 425, 429)
REFUSES_US = (401, 403)
LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True)
class Stakes:
    """Where a call leaves the delivery that certainly did nothing, and one that may have."""

    nothing_done: State
    in_doubt: State


SENDING = Stakes(State.RETRY, State.UNKNOWN)
LOOKING_UP = Stakes(State.UNKNOWN, State.UNKNOWN)
POLLING = Stakes(State.ID_PENDING, State.ID_PENDING)


class Failed(Exception):
    """The call came to this instead of an answer to use."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


def ask(
    stakes: Stakes,
    method: str,
    url: str,
    *,
    errors: Callable[[bytes], str] = georeport.read_errors,
    **call: Any,
) -> http.Answer:
    """The answer with a status of 2xx; raises Failed for anything else, in the system's words.

    `errors` gives what the body of a refusal says, or an empty string.
    """
    try:
        answer = http.call(method, url, **call)
    except http.NotSent as error:
        raise Failed(Outcome(stakes.nothing_done, str(error), trouble=True)) from error
    except http.AnswerLost as error:
        raise Failed(Outcome(stakes.in_doubt, str(error), trouble=True)) from error
    if not 200 <= answer.status < 300:
        raise Failed(_failure(stakes, answer, errors(answer.body)))
    return answer


def read(stakes: Stakes, answer: http.Answer, reader: Callable[[bytes], T]) -> T:
    """What the reader makes of the answer; raises Failed, in doubt, where it makes nothing."""
    try:
        return reader(answer.body)
    except Unreadable as error:
        outcome = described(answer, stakes.in_doubt, str(error), trouble=True)
        raise Failed(outcome) from error


def described(answer: http.Answer, state: State, reason: str = "", **more: Any) -> Outcome:
    """An outcome with what was answered."""
    return Outcome(state, reason, status_code=answer.status, answer=answer.text[:4000], **more)


def _failure(stakes: Stakes, answer: http.Answer, said: str) -> Outcome:
    said = said or f"It answered {answer.status}."
    if answer.status in REFUSES_US:
        return described(answer, stakes.nothing_done, said, refuses_us=True)
    if answer.status in TRY_LATER:
        return described(
            answer, stakes.nothing_done, said, trouble=True, wait=retry_after(answer.headers)
        )
    # A redirect goes to a log-in page more often than to the right address. A 5xx may come after
    # the work was done.
    if answer.status < 400 or answer.status >= 500:
        return described(
            answer, stakes.in_doubt, said, trouble=True, wait=retry_after(answer.headers)
        )
    return described(answer, State.DEAD, said)


def retry_after(headers: Any) -> timedelta | None:
    """How long the system asks to be left alone (RFC 9110, 10.2.3), at most a day.

    A date counts from the time that the answer itself gives: clocks here and there differ.
    """
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        wait = timedelta(seconds=min(int(value), LONGEST_WAIT.total_seconds()))
    elif until := _moment(value):
        wait = until - (_moment(headers.get("Date", "")) or datetime.now(UTC))
    else:
        return None
    return min(max(wait, timedelta()), LONGEST_WAIT)


def _moment(value: str) -> datetime | None:
    """A date of HTTP, which is always in GMT (RFC 9110, 5.6.7); None where it is none."""
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
