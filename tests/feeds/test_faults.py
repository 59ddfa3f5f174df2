"""What goes wrong around a load: crashes in any phase, two at once, one that was killed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from council_tax.models import Account, Transaction
from stockport.feeds.extract import ExtractRefused
from stockport.feeds.loader import LOCK, load
from stockport.feeds.models import FeedRun
from tests.factories.extract import FIRST_NIGHT, borough, reference_of


@contextmanager
def crash_at(table: str, event: str) -> Iterator[None]:
    """The database breaks down at the first such write."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.crash() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RAISE EXCEPTION 'crash'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER crash BEFORE {event} ON {table} EXECUTE FUNCTION pg_temp.crash()"
        )
        yield
        cursor.execute(f"DROP TRIGGER crash ON {table}")
        cursor.execute("DROP FUNCTION pg_temp.crash()")


PHASES = [
    ("council_tax_transaction", "DELETE"),
    ("accounts_person", "INSERT"),
    ("council_tax_account", "INSERT"),
    ("council_tax_transaction", "INSERT"),
    ("council_tax_account", "UPDATE"),
    ("feeds_quarantine", "INSERT"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("table", "event"), PHASES)
def test_crash_in_any_phase_leaves_the_old_figures(table: str, event: str, tmp_path: Path) -> None:
    load(borough(20).write(tmp_path / "1"))
    second = borough(21, night=1).without(reference_of(20))
    second.row("accounts.csv", 1)["stage"] = "reminder"
    second.row("accounts.csv", 2)["balance"] = "1.00"
    folder = second.write(tmp_path / "2")
    with crash_at(table, event), pytest.raises(DatabaseError, match="crash"):
        load(folder)
    assert FeedRun.objects.latest("pk").state == FeedRun.State.FAILED
    assert Account.objects.filter(stage="bill", confirmation__at=FIRST_NIGHT).count() == 20
    assert Transaction.objects.count() == 60
    assert load(folder).state == FeedRun.State.LOADED
    assert Account.objects.filter(stage="reminder").count() == 1


@pytest.mark.django_db
def test_load_that_was_killed_is_closed_by_the_next_one(tmp_path: Path) -> None:
    killed = FeedRun.objects.create(
        source="revenues",
        extracted_at=FIRST_NIGHT,
        kind="full",
        started_at=timezone.now() - timedelta(hours=1),
    )
    load(borough().write(tmp_path))
    killed.refresh_from_db()
    assert (killed.state, killed.reasons) == (FeedRun.State.FAILED, ["The load was cut off."])


@pytest.mark.django_db(transaction=True)
def test_second_load_at_the_same_time_is_refused_and_says_why(tmp_path: Path) -> None:
    folder = borough().write(tmp_path)
    held, done = threading.Event(), threading.Event()

    def another_load() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            held.set()
            done.wait(20)
        connection.close()

    thread = threading.Thread(target=another_load)
    thread.start()
    held.wait(20)
    try:
        with pytest.raises(ExtractRefused, match="another extract is being loaded"):
            load(folder)
    finally:
        done.set()
        thread.join()
    assert not Account.objects.exists()
    assert load(folder).state == FeedRun.State.LOADED


@pytest.mark.django_db(transaction=True)
def test_two_loads_started_together_leave_one_whole_extract(tmp_path: Path) -> None:
    folders = [borough(30).write(tmp_path / "1"), borough(31, night=1).write(tmp_path / "2")]
    start = threading.Barrier(2)
    outcomes: dict[int, str] = {}

    def attempt(number: int) -> None:
        start.wait(20)
        try:
            outcomes[number] = load(folders[number]).state
        except ExtractRefused:
            outcomes[number] = "refused"
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=[number]) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "loaded" in outcomes.values()
    households = 31 if outcomes[1] == "loaded" else 30
    assert Account.objects.count() == households
    assert Transaction.objects.count() == households * 3
    assert not FeedRun.objects.filter(state=FeedRun.State.RUNNING).exists()
