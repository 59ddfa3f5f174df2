"""What a good extract does to the figures that residents see."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from shutil import make_archive
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import Person
from council_tax.models import Account, ChargeLine, Element, Instalment, Transaction
from stockport.feeds.loader import load
from stockport.feeds.models import FeedRun
from stockport.feeds.tables import declared
from tests.factories.accounts import PersonLinkFactory
from tests.factories.extract import APPS, FIRST_NIGHT, borough, reference_of

pytestmark = pytest.mark.django_db


def figures() -> dict[str, list[tuple[Any, ...]]]:
    """Everything that an extract can fill, without ids and times."""
    hidden = ("id",)
    state = {}
    for table in declared().values():
        if table.model.split(".")[0] in APPS:
            names = [f.attname for f in table.model_class._meta.concrete_fields]
            names = [name for name in names if name not in hidden and not name.endswith("_id")]
            names += ["account__reference"] * ("account" in table.fields)
            names += ["period__account__reference"] * ("period" in table.fields)
            state[table.file] = sorted(
                table.model_class._default_manager.values_list(*names), key=str
            )
    return state


def test_good_extract_is_loaded_with_every_row(tmp_path: Path) -> None:
    run = load(borough().write(tmp_path))
    assert run.state == FeedRun.State.LOADED
    assert run.counts["transactions.csv"] == {"rows": 12, "added": 12, "changed": 0, "removed": 0}
    assert Account.objects.count() == 4
    assert ChargeLine.objects.filter(period__account__reference=reference_of(1)).count() == 1


def test_extract_may_be_a_zip_file(tmp_path: Path) -> None:
    borough().write(tmp_path / "night")
    archive = make_archive(str(tmp_path / "night"), "zip", tmp_path / "night")
    assert load(Path(archive)).state == FeedRun.State.LOADED
    assert Account.objects.count() == 4


def test_text_with_quotes_and_accents_arrives_as_written(tmp_path: Path) -> None:
    extract = borough(1)
    extract.row("people.csv")["surname"] = 'O’Shéa, "Bob"'
    load(extract.write(tmp_path))
    assert Person.objects.get().surname == 'O’Shéa, "Bob"'


def test_same_extract_again_changes_nothing_and_says_so(tmp_path: Path) -> None:
    folder = borough().write(tmp_path)
    load(folder)
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text, id FROM council_tax_account ORDER BY id")
        before = cursor.fetchall()
        run = load(folder)
        cursor.execute("SELECT xmin::text, id FROM council_tax_account ORDER BY id")
        assert cursor.fetchall() == before
    assert run.state == FeedRun.State.UNCHANGED
    assert all(c["added"] + c["changed"] + c["removed"] == 0 for c in run.counts.values())


def test_next_night_changes_only_what_differs(tmp_path: Path) -> None:
    load(borough().write(tmp_path / "1"))
    second = borough(night=1)
    second.row("people.csv")["surname"] = "Jones"
    run = load(second.write(tmp_path / "2"))
    changed = {file: counts["changed"] for file, counts in run.counts.items() if counts["changed"]}
    assert changed == {"people.csv": 1}


def test_every_account_is_as_of_the_newest_extract_that_confirmed_it(tmp_path: Path) -> None:
    load(borough().write(tmp_path / "1"))
    load(borough(night=1).write(tmp_path / "2"))
    times = set(Account.objects.values_list("confirmation__at", flat=True))
    assert times == {FIRST_NIGHT + timedelta(days=1)}


def test_rows_that_a_full_extract_lacks_are_removed(tmp_path: Path) -> None:
    load(borough(20).write(tmp_path / "1"))
    second = borough(20, night=1).without(reference_of(20))
    second.rows["instalments.csv"] = [
        row for row in second.rows["instalments.csv"] if row["account"] != reference_of(1)
    ]
    second.rows["elements.csv"].pop()
    run = load(second.write(tmp_path / "2"))
    assert not Account.objects.filter(reference=reference_of(20)).exists()
    assert Transaction.objects.count() == 57
    assert not Instalment.objects.filter(account__reference=reference_of(1)).exists()
    assert Element.objects.count() == 1
    assert run.counts["instalments.csv"]["removed"] == 20


def test_person_who_has_signed_in_is_kept_though_the_extract_lacks_them(tmp_path: Path) -> None:
    load(borough(20).write(tmp_path / "1"))
    PersonLinkFactory(person=Person.objects.get(reference="P20"))
    second = borough(20, night=1).without(reference_of(19), reference_of(20))
    del second.rows["people.csv"][18:]
    load(second.write(tmp_path / "2"))
    assert Person.objects.filter(reference="P20").exists()
    assert not Person.objects.filter(reference="P19").exists()


def test_one_source_never_touches_the_rows_of_another(tmp_path: Path) -> None:
    load(borough(2).write(tmp_path / "1"))
    other = borough(1)
    other.source = "old revenues"
    for row in other.rows["accounts.csv"]:
        row["stage"] = "reminder"
    load(other.write(tmp_path / "2"))
    assert Account.objects.filter(source="revenues", stage="bill").count() == 2
    assert Account.objects.get(source="old revenues").stage == "reminder"
    assert Transaction.objects.filter(account__source="revenues").count() == 6


def test_loading_one_extract_after_another_equals_loading_the_second_alone(tmp_path: Path) -> None:
    second = borough(20, night=1).without(reference_of(7))
    second.row("people.csv", 3)["surname"] = "Jones"
    second.rows["charge_lines.csv"][0]["reason"] = "Another reason"
    second.write(tmp_path / "2")
    load(tmp_path / "2")
    alone = figures()
    for table in reversed(declared().values()):
        table.model_class._default_manager.all().delete()
    FeedRun.objects.all().delete()
    load(borough(20).write(tmp_path / "1"))
    assert figures() != alone
    load(tmp_path / "2")
    assert figures() == alone


def test_unknown_code_becomes_other_where_the_column_allows_it(tmp_path: Path) -> None:
    extract = borough(1)
    extract.row("accounts.csv")["stage"] = "RM9"
    extract.row("transactions.csv", 1)["type"] = "BAILIF"
    load(extract.write(tmp_path))
    assert Account.objects.get().stage == "other"
    assert Transaction.objects.get(number=2).type == "other"


def test_staff_load_an_extract_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("load_extract", borough().write(tmp_path))
    assert "accounts.csv: 4 rows, 4 added, 0 changed, 0 removed" in capsys.readouterr().out


def test_pages_after_a_load_are_planned_for_what_it_brought(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        # What another test's load left, which its rollback does not take back.
        cursor.execute("ANALYZE council_tax_account")
        load(borough(households=30).write(tmp_path))
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'council_tax_account'")
        assert cursor.fetchone() == (30,)
