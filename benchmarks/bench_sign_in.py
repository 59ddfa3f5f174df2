"""Whether the time of an answer tells who has an account: known against unknown addresses.

Run by `make bench`, on its own test database and with the password hashing of production; exit code
1 where a limit is broken. Known and unknown take turns, so that a slow moment slows both.
"""

from __future__ import annotations

import logging
import os
import statistics
import sys
import time
from itertools import count
from pathlib import Path

import django

# A difference below either cannot be told from the noise of a network.
MILLISECONDS, SHARE = 25.0, 0.10
ROUNDS = 30
# Of 30 differences, the median of all that could be lies between the 10th from either end: 95 of
# 100 times (sign test). A busy machine makes that wide, and breaks no limit by itself.
SURE = 9
PASSWORD = "correct horse battery"  # noqa: S105 — of nobody
WRONG = "purple otter teapot"
NAMES = count()


def main() -> int:
    """Prints one line a form: both medians, and that of the differences beside its limit."""
    sys.stdout.write(
        f"{'form':28}{'known ms':>10}{'unknown ms':>12}{'difference':>12}{'limit':>8}\n"
    )
    return max([compare(url, *fields) for url, fields in forms().items()])


def forms() -> dict[str, tuple[str, str]]:
    """Each form that takes an address from anybody: its address, and its fields."""
    from django.urls import reverse

    return {
        reverse("account_login"): ("login", "password"),
        reverse("account_signup"): ("email", "password1"),
        reverse("account_reset_password"): ("email", ""),
        reverse("account_request_login_code"): ("email", ""),
    }


def compare(url: str, address: str, password: str) -> int:
    """Prints the form's figures; 1 where they differ by more than the limit, otherwise 0."""
    typed = {password: WRONG} if password else {}
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(ROUNDS + 1):
        emails = {True: resident(), False: stranger()}
        for is_known in (True, False) if number % 2 else (False, True):
            taken = send(url, typed | {address: emails[is_known]})
            times[is_known] += [taken] if number else []  # the first loads what all need
    known, unknown = (statistics.median(times[each]) for each in (True, False))
    gaps = sorted(a - b for a, b in zip(times[True], times[False], strict=True))
    limit = max(MILLISECONDS, SHARE * max(known, unknown))
    gap = statistics.median(gaps)
    sys.stdout.write(f"{url:28}{known:10.1f}{unknown:12.1f}{gap:12.1f}{limit:8.1f}\n")
    sys.stdout.flush()
    return int(gaps[SURE] > limit or gaps[-SURE - 1] < -limit)


def resident() -> str:
    """The address of somebody new with a confirmed account: no limit counts against another."""
    from allauth.account.models import EmailAddress

    from accounts.models import Resident

    made = Resident.objects.create_user(f"known-{next(NAMES)}@example.org", PASSWORD)
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made.email


def stranger() -> str:
    """An address without an account."""
    return f"other-{next(NAMES)}@example.org"


def send(url: str, typed: dict[str, str]) -> float:
    """Milliseconds until a browser that was never here has its answer."""
    from django.test import Client

    from tests import cache

    cache.forget()
    browser = Client()
    started = time.perf_counter()
    answer = browser.post(url, typed)
    taken = (time.perf_counter() - started) * 1000
    assert answer.status_code in (200, 302), (url, answer.status_code)  # noqa: S101
    return taken


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockport.settings.test")
    django.setup()
    logging.disable(logging.WARNING)
    from django.test.utils import override_settings

    from benchmarks.bench_pages import on_a_test_database
    from stockport.settings import accounts

    with override_settings(PASSWORD_HASHERS=accounts.PASSWORD_HASHERS):
        sys.exit(on_a_test_database(main))
