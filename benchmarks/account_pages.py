"""How fast a council tax account's page is, with a whole borough loaded, beside limits.

`bench_feeds.py` measures it in the borough that it has loaded. Run by itself it loads
BENCH_ACCOUNTS (20,000) into a test database once and keeps that, so that it can be run again and
again; exit code 1 where a limit is broken.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from accounts.models import Resident
    from council_tax.models import Account

ACCOUNTS = int(os.environ.get("BENCH_ACCOUNTS", "20000"))
TODAY = date(2026, 11, 23)
MILLISECONDS, PAGES = 40.0, 200
PAGE_STATEMENTS, CARD_STATEMENTS = 8, 1


def pages() -> list[int]:
    """The account page of residents all over the borough, and the dashboard's card."""
    from django.db import transaction

    from council_tax.service import service

    times, statements, card = [], 0, 0
    gc.freeze()  # as stockport/wsgi.py does
    with transaction.atomic():
        for client, account, resident in visits():
            address = account.get_absolute_url()
            client.get(address)  # the first page of a session is another matter
            seconds, asked = timed(partial(client.get, address))
            times.append(seconds * 1000)
            statements = max(statements, asked)
            card = max(card, timed(partial(service.card, resident))[1])
        transaction.set_rollback(True)
    times.sort()
    return [
        say("account page, p50 ms", times[len(times) // 2]),
        say("account page, p95 ms", times[len(times) * 95 // 100], MILLISECONDS),
        say("account page, statements", statements, PAGE_STATEMENTS),
        say("dashboard's card, statements", card, CARD_STATEMENTS),
    ]


def visits() -> Iterator[tuple[django.test.Client, Account, Resident]]:
    """Residents who are signed in, each with an account of theirs."""
    from django.test import Client

    from accounts.models import Person, PersonLink, Resident
    from council_tax.models import Account

    step = max(1, Account.objects.count() // PAGES)
    for account in Account.objects.order_by("pk")[::step]:
        resident = Resident.objects.create_user(email=f"{account.reference}@example.org")
        person = Person.objects.filter(liabilities__account=account).order_by("pk")[0]
        PersonLink.objects.create(
            resident=resident,
            person=person,
            method=PersonLink.Method.STAFF,
            level=PersonLink.Level.STRONG,
        )
        client = Client()
        client.force_login(resident)
        yield client, account, resident


def timed(act: Callable[[], Any]) -> tuple[float, int]:
    """Seconds and statements that something takes."""
    from django.db import connection

    asked = 0

    def note(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*arguments)

    with connection.execute_wrapper(note):
        started = time.perf_counter()
        act()
        return time.perf_counter() - started, asked


def say(what: str, figure: float, limit: float | None = None) -> int:
    """Prints a figure; 1 where it is over its limit, otherwise 0."""
    broken = limit is not None and figure > limit
    beside = "" if limit is None else f"{limit:10.1f}"
    sys.stdout.write(f"{what:34}{figure:10.1f}{beside}{'  BROKEN' if broken else ''}\n")
    sys.stdout.flush()
    return int(broken)


def on_a_kept_database() -> int:
    """Measures on a test database that stays, and loads the borough where it has none."""
    from django.test.runner import DiscoverRunner

    from council_tax.models import Account
    from stockport.demo.full_size import write_full
    from stockport.feeds.loader import load

    runner = DiscoverRunner(verbosity=0, interactive=False, keepdb=True)
    runner.setup_test_environment()
    runner.setup_databases(serialized_aliases=())  # a borough held in memory as text helps nobody
    if not Account.objects.exists():
        with TemporaryDirectory(prefix="borough-") as folder:
            load(write_full(Path(folder, "full"), TODAY, ACCOUNTS))
    sys.stdout.write(f"{Account.objects.count():,} accounts\n")
    return max(pages())


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockport.settings.test")
    django.setup()
    logging.disable(logging.WARNING)
    sys.exit(on_a_kept_database())
