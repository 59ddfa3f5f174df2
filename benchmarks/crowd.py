"""Many residents at one moment, at a web server as in production: two workers of four threads."""

from __future__ import annotations

import os
import secrets
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts.models import Resident
from accounts.sessions import keep
from appointments import availability, rules
from appointments.forms import STAMP
from appointments.models import OccupiedCell
from appointments.places import place_of
from tests import database
from tests.drills.process import Process, free_port, wait_for

if TYPE_CHECKING:
    from datetime import datetime

    from appointments.models import Service


WARM = 40


@dataclass(frozen=True)
class Ends:
    """How many got the time, how many were shown others, and when the last one had an answer."""

    held: int
    refused: int
    seconds: float


@contextmanager
def web_server(settings_module: str = "stockport.settings.test") -> Iterator[int]:
    """The port of a web server on this database."""
    port = free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": settings_module,
        "DATABASE_URL": database.url(),
    }
    command = ["gunicorn", "stockport.wsgi", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    command += ["--workers", "2", "--threads", "4"]
    with TemporaryDirectory(prefix="bench-") as folder:
        log = Path(folder) / "web.log"
        web = Process("web", [sys.executable, "-m", *command], environment, log)
        web.start()
        try:
            wait_for(lambda: _ask(port, "GET", "/", {}) == 200, "the web server answers")
            yield port
        finally:
            web.end()


def press(port: int, service: Service, count: int) -> Ends:
    """So many residents choose one time, for which one desk is left, all at the same moment."""
    place = place_of(service, "here-1")
    now = timezone.now()
    day = rules.local_day(now) + timedelta(days=10)
    found = availability.slots(service, place.desks, day, day + timedelta(9), now=now)
    last = next(slot.starts_at for slot in found if slot.left == 1)
    address = f"/appointments/book/{service.slug}/{place.slug}/{rules.local_day(last)}/"
    browsers = [_browser(number) for number in range(count)]
    # As a server that has run for a while, and nobody gets a time between the times.
    _at_once(port, address, last + timedelta(minutes=5), browsers[:WARM])
    cells = OccupiedCell.objects.count()
    statuses, seconds = _at_once(port, address, last, browsers)
    assert OccupiedCell.objects.count() == cells + service.duration // 5  # noqa: S101
    return Ends(statuses[302], statuses[409], seconds)


def _at_once(
    port: int, address: str, start: datetime, browsers: list[dict[str, str]]
) -> tuple[Counter[int], float]:
    """What everybody got, and how long the last one waited."""
    gate, statuses = threading.Barrier(len(browsers) + 1), []
    body = urlencode({"start": f"{start:{STAMP}}"})

    def choose(headers: dict[str, str]) -> None:
        gate.wait()
        statuses.append(_ask(port, "POST", address, headers, body))

    threads = [threading.Thread(target=choose, args=[headers]) for headers in browsers]
    for thread in threads:
        thread.start()
    gate.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    return Counter(statuses), time.perf_counter() - started


def _browser(number: int) -> dict[str, str]:
    """The headers of a resident who is signed in."""
    resident = Resident.objects.create_user(email=f"crowd{number}@example.org")
    session = SessionStore()
    session[SESSION_KEY] = str(resident.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = resident.get_session_auth_hash()
    keep(session, timezone.now().timestamp())
    session.save()
    token = secrets.token_hex(16)
    return {
        "Cookie": f"sessionid={session.session_key}; csrftoken={token}",
        "X-CSRFToken": token,
        "Content-Type": "application/x-www-form-urlencoded",
    }


def _ask(port: int, method: str, path: str, headers: dict[str, str], body: str = "") -> int:
    """The status of the answer; 0 where there is none."""
    site = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        site.request(method, path, body or None, headers)
        answer = site.getresponse()
        answer.read()
        return answer.status
    except OSError:
        return 0
    finally:
        site.close()
