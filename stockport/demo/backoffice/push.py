"""Pushes what happens to reports and messages to a webhook as it happens, until it is taken.

Signed as the Standard Webhooks specification says. Nothing of the portal's own code is used: a
council's back office would not have it either.
"""

from __future__ import annotations

import binascii
import hmac
import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread
from time import time
from typing import Protocol
from urllib.request import Request, urlopen

from stockport.demo.backoffice import finding
from stockport.demo.backoffice.call import Call
from stockport.demo.backoffice.office import Office
from stockport.demo.backoffice.progress import Step, moment
from stockport.demo.backoffice.wire import Row

EVERY_SECONDS = 0.2
PATIENCE = 10  # seconds for one call
FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0  # seconds between two tries
# What happened while the office was not there is pushed when it is back.
LOOKS_BACK = 24 * 60 * 60  # seconds


class News(Protocol):
    """Something that happened."""

    @property
    def update_id(self) -> str:
        """The same whenever it is told."""

    @property
    def at(self) -> float:
        """When it happened."""

    def as_row(self) -> Row:
        """As an update in a list."""


# What happened from one time to another, oldest first.
Finder = Callable[[float, float], Sequence[News]]


def of_reports(office: Office, since: float, now: float) -> list[Step]:
    """What has happened to reports."""
    call = Call({"start_date": [moment(since)], "end_date": [moment(now + 1)]})
    return finding.news(office.store, call, pace=office.pace, now=now)


def start(find: Finder, url: str, secret: str) -> None:
    """Push what is found from a thread of its own, as long as the process lives, if to anywhere.

    A secret that is none ends the process with one clear sentence.
    """
    if not url:
        return
    try:
        key = b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not key:
        sys.exit("--webhook needs a --webhook-secret: whsec_ and random bytes in base64.")
    Thread(target=Pusher(find, url, key).run, daemon=True).start()


@dataclass
class Pusher:
    """Looks again and again for what has happened, and remembers what was taken.

    After a restart everything of the last day is pushed again, which must do no harm.
    """

    find: Finder
    url: str
    key: bytes
    since: float = field(default_factory=lambda: time() - LOOKS_BACK)
    taken: set[str] = field(default_factory=set)

    def run(self) -> None:
        """Push for ever, and wait longer each time that something was not taken."""
        pause, wait = Event(), FIRST_WAIT
        while True:
            if self.push_news():
                wait = FIRST_WAIT
                pause.wait(EVERY_SECONDS)
            else:
                pause.wait(wait)
                wait = min(wait * 2, LONGEST_WAIT)

    def push_news(self) -> bool:
        """Try each piece of news once; whether all of it is taken now."""
        found = self.find(self.since, time())
        results = [self._push(step) for step in found if step.update_id not in self.taken]
        if found and all(results):
            self.since = found[-1].at
        return all(results)

    def _push(self, step: News) -> bool:
        """One try; whether it was taken."""
        request = message(self.url, self.key, step, time())
        try:
            # urllib raises for any answer but 2xx and a redirect, which it follows with a GET.
            with urlopen(request, timeout=PATIENCE):  # noqa: S310
                self.taken.add(step.update_id)
        except OSError:
            return False
        return True


def message(url: str, key: bytes, step: News, now: float) -> Request:
    """The signed call that says what happened; its id is the same at every try."""
    body = json.dumps(step.as_row()).encode()
    message_id, timestamp = f"update_{step.update_id}", str(int(now))
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    signature = b64encode(hmac.digest(key, signed, "sha256")).decode()
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature}",
    }
    return Request(url, body, headers, method="POST")  # noqa: S310
