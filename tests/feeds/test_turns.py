"""Loads of one person beside the nightly one: they take turns, and nobody waits for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.db import connection, transaction

from council_tax.models import Account
from stockport.feeds.extract import ExtractRefused
from stockport.feeds.loader import LOCK, ONE_PERSON_LOCK, load
from stockport.feeds.manifest import ASKED_FOR, NIGHTLY
from stockport.feeds.models import FeedRun
from tests.factories.extract import FIRST_NIGHT, ExtractFolder, borough, reference_of

PATIENCE = 20
WAITING = "another extract is being loaded at this moment"


def person(number: int, hours: int) -> ExtractFolder:
    """Household `number` as it is so many hours after the first night, with a reminder."""
    others = [reference_of(other) for other in range(1, 5) if other != number]
    extract = borough(4).without(*others)
    extract.kind, extract.since = "person", FIRST_NIGHT
    extract.extracted_at = FIRST_NIGHT + timedelta(hours=hours)
    extract.row("accounts.csv")["stage"] = "reminder"
    return extract


def outcome(folder: Path) -> str:
    """What comes of a load, over a connection of its own."""
    try:
        return load(folder, kinds=(*NIGHTLY, *ASKED_FOR)).state
    except ExtractRefused as refused:
        return str(refused)
    finally:
        connection.close()


@contextmanager
def account_in_use(reference: str) -> Iterator[None]:
    """Inside, whoever changes this account waits."""
    with transaction.atomic():
        Account.objects.select_for_update().get(reference=reference)
        yield


def turns(lock: int, *, granted: bool) -> int:
    """How many loads hold this lock, or wait for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted = %s"
            " AND objid = %s AND database = (SELECT oid FROM pg_database"
            " WHERE datname = current_database())",
            [granted, lock],
        )
        (number,) = cursor.fetchone()
    return int(number)


def until(is_so: Callable[[], bool], loads: list[Future[str]]) -> None:
    """Wait for it; a load that is over beforehand says why."""
    end = monotonic() + PATIENCE
    while not is_so():
        assert monotonic() < end, [each.result(0) for each in loads if each.done()]
        sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_two_loads_of_one_person_beside_the_nightly_one_take_turns(tmp_path: Path) -> None:
    load(borough(4).write(tmp_path / "first"))
    night, ada, bob, later = (tmp_path / name for name in ("night", "ada", "bob", "later"))
    borough(4, night=1).write(night)
    for extract, folder in ((person(1, 1), ada), (person(2, 2), bob), (person(3, 3), later)):
        extract.write(folder)
    with ThreadPoolExecutor(3) as pool:
        with account_in_use(reference_of(1)):
            loads = [pool.submit(outcome, ada)]
            until(lambda: turns(ONE_PERSON_LOCK, granted=True) == 1, loads)
            loads.append(pool.submit(outcome, night))
            # The nightly one has its own turn, and waits until the short one is over.
            until(lambda: turns(ONE_PERSON_LOCK, granted=False) == 1, loads)
            assert turns(LOCK, granted=True) == 1
            # A second person and a second night do not wait: they are told at once.
            assert WAITING in pool.submit(outcome, bob).result(PATIENCE)
            assert WAITING in pool.submit(outcome, night).result(PATIENCE)
        assert [each.result(PATIENCE) for each in loads] == ["loaded", "loaded"]
    # What was asked of one person before the night does not come back over it.
    assert "older than the extract" in outcome(later)
    assert set(Account.objects.values_list("stage", "confirmation__at")) == {
        ("bill", FIRST_NIGHT + timedelta(days=1))
    }
    states = FeedRun.objects.order_by("pk").values_list("state", flat=True)
    assert sorted(states) == ["loaded"] * 3 + ["refused"] * (len(states) - 3)
