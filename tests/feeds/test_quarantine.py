"""An account whose figures do not add up keeps its old ones; every other one is loaded."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.utils import timezone

from council_tax.models import Account, Instalment, Transaction, YearTotal
from stockport.db import violated_constraint
from stockport.feeds import first_load
from stockport.feeds.loader import load
from stockport.feeds.models import FeedRun, Quarantine
from tests.factories.extract import FIRST_NIGHT, ExtractFolder, Row, borough, reference_of

pytestmark = pytest.mark.django_db

SECOND = reference_of(2)


def first(name: str, /, **values: str) -> Callable[[ExtractFolder], None]:
    """Change the second account's first row of a file."""

    def change(extract: ExtractFolder) -> None:
        extract.of_account(name, SECOND)[0].update(values)

    return change


def drop(file: str) -> Callable[[ExtractFolder], None]:
    """Leave the second account's rows out of a file."""

    def change(extract: ExtractFolder) -> None:
        rows: list[Row] = extract.rows[file]
        extract.rows[file] = [row for row in rows if row["account"] != SECOND]

    return change


FAULTS = [
    (
        first("accounts.csv", balance="720.01"),
        "transactions.csv adds up to 720.00, but the balance is 720.01",
    ),
    (
        first("transactions.csv", amount="900.01"),
        "transactions.csv adds up to 720.01, but the balance is 720.00",
    ),
    (
        drop("transactions.csv"),
        "transactions.csv adds up to 0, but the balance is 720.00",
    ),
    (
        first("charge_lines.csv", amount="-300.01"),
        "2026/27, period 1: 1200.00 with charge_lines.csv is 899.99, not 900.00",
    ),
    (
        drop("charge_lines.csv"),
        "2026/27, period 1: 1200.00 with charge_lines.csv is 1200.00, not 900.00",
    ),
    (
        first("year_totals.csv", charge="900.01", outstanding="720.01"),
        "2026/27: year_totals.csv says 900.01, but charge_periods.csv adds up to 900.00",
    ),
    (
        drop("year_totals.csv"),
        "2026/27: year_totals.csv says 0, but charge_periods.csv adds up to 900.00",
    ),
    (
        first("year_totals.csv", outstanding="720.01"),
        "year_totals.csv, line 3: Charge, costs, penalties, refunds, transfers and write-offs"
        " less payments must be what is outstanding.",
    ),
    (
        first("instalments.csv", amount="90.01"),
        "2026/27: instalments.csv adds up to 900.01, but the charge is 900.00",
    ),
    (
        first("instalments.csv", paid="90.01"),
        "instalments.csv, line 12: Between nothing and all of an instalment can be paid.",
    ),
    (
        first("charge_periods.csv", days="364"),
        "charge_periods.csv, line 3: The days must be those from first to last, both charged.",
    ),
    (
        first("charge_periods.csv", start="2026-03-31", days="366"),
        "charge_periods.csv, line 3: A period lies between 1 April and 31 March of its year.",
    ),
    (
        first("documents.csv", superseded_by="D9"),
        "documents.csv: D2 is replaced by D9, which is not there",
    ),
    (
        first("documents.csv", file="../../etc/passwd"),
        "documents.csv, line 3: A file has letters, digits, hyphens and underscores, with single"
        " dots and slashes between them: it cannot lead out of the folder of letters.",
    ),
    (
        first("accounts.csv", status="closed"),
        "accounts.csv, line 3: A closed account says when it was closed.",
    ),
]


@pytest.mark.parametrize(("spoil", "reason"), FAULTS, ids=[reason for _, reason in FAULTS])
def test_account_that_does_not_add_up_is_held_back_and_the_others_are_loaded(
    spoil: Callable[[ExtractFolder], None], reason: str, tmp_path: Path
) -> None:
    extract = borough()
    spoil(extract)
    run = load(extract.write(tmp_path))
    assert run.state == FeedRun.State.LOADED
    held = Quarantine.objects.current().get()
    assert (held.source, held.table, held.key) == ("revenues", "accounts", SECOND)
    assert any(told.endswith(reason) for told in held.reasons)
    # Staff look it up in the file.
    assert all(re.match(r"\w+\.csv, line \d+: ", told) for told in held.reasons)
    assert sorted(Account.objects.values_list("reference", flat=True)) == [
        reference_of(n) for n in (1, 3, 4)
    ]
    assert not Transaction.objects.filter(account__reference=SECOND).exists()


def spoilt(night: int) -> ExtractFolder:
    """The next night: everybody paid, and the second account is a penny out."""
    extract = borough(night=night)
    for row in extract.rows["instalments.csv"]:
        if row["number"] == "3":
            row["paid"] = "90.00"
    first("accounts.csv", balance="719.99")(extract)
    return extract


def test_account_in_quarantine_keeps_its_last_good_figures_with_their_time(tmp_path: Path) -> None:
    load(borough().write(tmp_path / "1"))
    load(spoilt(1).write(tmp_path / "2"))
    account = Account.objects.get(reference=SECOND)
    assert (account.balance, account.as_at) == (Decimal("720.00"), FIRST_NIGHT)
    assert account.instalments.get(number=3).paid == 0
    other = Account.objects.get(reference=reference_of(1))
    assert other.as_at == FIRST_NIGHT + timedelta(days=1)
    assert other.instalments.get(number=3).paid == 90


def test_account_stays_in_quarantine_since_the_first_night(tmp_path: Path) -> None:
    load(spoilt(1).write(tmp_path / "1"))
    since = Quarantine.objects.get().since
    run = load(spoilt(2).write(tmp_path / "2"))
    held = Quarantine.objects.get()
    assert (held.since, held.run, held.released_at) == (since, run, None)


def test_account_leaves_quarantine_when_its_figures_add_up_again(tmp_path: Path) -> None:
    load(spoilt(0).write(tmp_path / "1"))
    load(borough(night=1).write(tmp_path / "2"))
    assert not Quarantine.objects.current().exists()
    assert Quarantine.objects.get().released_at is not None
    assert Account.objects.get(reference=SECOND).balance == 720


def test_keys_indexes_and_references_are_all_there_again_after_a_large_first_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = constraints_and_indexes()
    monkeypatch.setattr(first_load, "WORTH_IT", 1)
    load(borough().write(tmp_path / "1"))
    assert Transaction.objects.count() == 12
    assert constraints_and_indexes() == before
    load(spoilt(1).write(tmp_path / "2"))
    assert Account.objects.get(reference=SECOND).balance == 720


def constraints_and_indexes() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
            " UNION SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        )
        return set(cursor.fetchall())


def test_every_reason_of_an_account_is_told(tmp_path: Path) -> None:
    extract = spoilt(0)
    first("instalments.csv", amount="100.00", paid="100.01")(extract)
    load(extract.write(tmp_path))
    assert len(Quarantine.objects.get().reasons) == 3


def test_staff_hear_of_quarantine_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("load_extract", spoilt(0).write(tmp_path))
    assert "1 in quarantine: see the admin." in capsys.readouterr().out


def test_accounts_beside_the_one_held_lose_nothing_in_the_merge(tmp_path: Path) -> None:
    load(borough().write(tmp_path / "1"))
    load(spoilt(1).write(tmp_path / "2"))
    assert Instalment.objects.count() == 40
    assert YearTotal.objects.count() == 4


def test_database_refuses_the_same_account_twice_in_quarantine() -> None:
    run = FeedRun.objects.create(source="revenues", extracted_at=FIRST_NIGHT, kind="full")
    row = {"source": "revenues", "table": "accounts", "key": SECOND, "run": run}
    Quarantine.objects.create(**row, since=FIRST_NIGHT, released_at=timezone.now())
    Quarantine.objects.create(**row)
    with pytest.raises(IntegrityError) as refused:
        Quarantine.objects.create(**row)
    assert violated_constraint(refused.value) == "feeds_quarantine_one_current"


BROKEN_RUNS = [
    ({"state": "loaded"}, "feeds_feedrun_finished_has_time"),
    ({"state": "refused", "finished_at": FIRST_NIGHT}, "feeds_feedrun_refused_has_reasons"),
    ({"kind": "half"}, "feeds_feedrun_codes_known"),
    ({"state": "lost", "finished_at": FIRST_NIGHT}, "feeds_feedrun_codes_known"),
]


@pytest.mark.parametrize(("fields", "constraint"), BROKEN_RUNS)
def test_database_refuses_a_run_that_makes_no_sense(
    fields: dict[str, object], constraint: str
) -> None:
    values = {"source": "revenues", "extracted_at": FIRST_NIGHT, "kind": "full", **fields}
    with pytest.raises(IntegrityError) as refused:
        FeedRun.objects.create(**values)
    assert violated_constraint(refused.value) == constraint


def test_database_refuses_a_release_before_the_quarantine() -> None:
    run = FeedRun.objects.create(source="revenues", extracted_at=FIRST_NIGHT, kind="full")
    with pytest.raises(IntegrityError) as refused:
        Quarantine.objects.create(
            source="revenues",
            table="accounts",
            key=SECOND,
            run=run,
            released_at=timezone.now() - timedelta(days=1),
        )
    assert violated_constraint(refused.value) == "feeds_quarantine_released_after_since"
