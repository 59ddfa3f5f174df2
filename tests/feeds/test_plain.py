"""The quick ways of loading take nothing that the thorough way refuses, and give the same rows."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from council_tax.models import Account, Transaction
from stockport.demo.borough import write_revenues
from stockport.feeds import first_load, loader
from stockport.feeds.checking import check
from stockport.feeds.control import make_typed
from stockport.feeds.extract import Extract, ExtractRefused, FileEntry
from stockport.feeds.models import FeedRun, Quarantine
from stockport.feeds.plain_staging import stage_plainly
from stockport.feeds.sql import staged
from stockport.feeds.staging import stage
from stockport.feeds.tables import declared
from tests.factories.extract import borough, digest, reference_of

pytestmark = pytest.mark.django_db

NIGHT = datetime(2026, 11, 21, 23, tzinfo=UTC)
# One column for each way in which a column is declared, with a value that it takes.
COLUMNS = {
    ("people.csv", "surname"): "Shaw",
    ("people.csv", "title"): "",
    ("people.csv", "date_of_birth"): "1980-02-29",
    ("people.csv", "phone_last3"): "042",
    ("people.csv", "online_key"): "K7QX-2MPD",
    ("properties.csv", "uprn"): "100000001",
    ("elements.csv", "year"): "2026/27",
    ("elements.csv", "band"): "A-",
    ("elements.csv", "element"): "council",
    ("elements.csv", "amount"): "1000.00",
    ("assets.csv", "easting"): "389000",
    ("assets.csv", "latitude"): "53.4106",
    ("assets.csv", "raise_new_job"): "1",
    ("assets.csv", "kind"): "grid",
}
FILES = {
    "people.csv": {"surname": "Shaw"},
    "properties.csv": {"address_line_1": "1 High Street", "postcode": "SK1 3XE", "band": "A"},
    "elements.csv": {"year": "2026/27", "band": "A", "element": "council", "amount": "1.00"},
    "assets.csv": {
        "kind": "grid", "central_asset_id": "7", "street": "High Street", "easting": "389000",
        "northing": "390000", "latitude": "53.4", "longitude": "-2.1", "raise_new_job": "1",
    },
}  # fmt: skip
ODD = [
    "", " ", "0", "00", "-0", "-1", "7", "007", "1.5", "12.50", "-12.50", "+1.00", "1e3", "NaN",
    "infinity", "99999999.99", "100000000.00", "32767", "32768", "2147483648", "9" * 18, "9" * 19,
    "2026-11-23", "2026-02-29", "2026-13-01", "0999-01-01", "20261123", "today", "2026-11-23 ",
    "true", "TRUE", "t", "false", "2026/27", "2026/28", "26/27", "A", "A-", "a", "council",
    "ward", "O'Neill", 'Ann "Nan"', "Smith, Jo", "Łódź", "tab\there", "two\nlines", "nul\x7f",
    "nel\x85", "ls\u2028", "\ufeff", "x" * 41, "é" * 100, "é" * 101, "٣٤٥", "\\.", "\\N", "NULL",
]  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(ODD),
    st.text(max_size=12).filter(lambda text: "\x00" not in text and "\r" not in text),
    st.from_regex(r"-?\d{1,10}(\.\d{1,3})?", fullmatch=True),
    st.dates().map(str),
)


def write(folder: Path, file: str, rows: list[dict[str, str]]) -> Extract:
    """An extract of this file alone, for the part of the loader that reads files."""
    names = [column.name for column in declared()[file].columns]
    path = folder / file
    with path.open("w", newline="", encoding="utf-8", errors="surrogatepass") as stream:
        writer = csv.DictWriter(stream, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    entry = FileEntry(len(rows), digest(path))
    return Extract(folder, "revenues", NIGHT, FeedRun.Kind.FULL, None, {file: entry})


def staged_rows(file: str) -> list[tuple[Any, ...]]:
    names = sql.SQL(", ").join(sql.Identifier(each.name) for each in declared()[file].columns)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT csv_line, {} FROM {}").format(
            names, staged(declared()[file])).as_string())  # fmt: skip
        return [tuple(map(plain_number, row)) for row in cursor.fetchall()]


def plain_number(value: Any) -> Any:
    """Decimals as floats: a position is stored as one."""
    return float(value) if isinstance(value, Decimal) else value


def thoroughly(extract: Extract) -> list[tuple[Any, ...]] | None:
    """The typed rows; None where the file is refused."""
    if stage(extract) or check(extract, set()):
        return None
    make_typed(extract)
    return staged_rows(next(iter(extract.files)))


@pytest.mark.parametrize(("file", "column"), COLUMNS)
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(value=VALUES)
def test_what_is_plain_is_right_and_means_the_same(file: str, column: str, value: str) -> None:
    with TemporaryDirectory() as folder, transaction.atomic():
        row = {declared()[file].columns[0].name: "P1"} | FILES[file] | {column: value}
        extract = write(Path(folder), file, [row])
        if stage_plainly(extract):
            quickly = staged_rows(file)
            assert quickly == thoroughly(extract)
        transaction.set_rollback(True)


@pytest.mark.parametrize(("file", "column"), COLUMNS)
def test_ordinary_values_are_plain(file: str, column: str, tmp_path: Path) -> None:
    row = {declared()[file].columns[0].name: "P1"} | FILES[file]
    row[column] = COLUMNS[file, column]
    assert stage_plainly(write(tmp_path, file, [row]))


@pytest.mark.parametrize("name", ["O'Neill", "Łódź", "Ní Bhriain", 'Ann "Nan"', "Smith, Jo"])
def test_names_of_people_are_plain(name: str, tmp_path: Path) -> None:
    assert stage_plainly(write(tmp_path, "people.csv", [{"reference": "P1", "surname": name}]))


def stored() -> dict[str, list[tuple[Any, ...]]]:
    """Every row that the demo borough fills, with the keys of what it refers to and no ids."""
    state = {}
    for table in declared().values():
        names = [f.name for f in table.model_class._meta.concrete_fields if not f.is_relation]
        names.remove("id")
        for link in table.references:
            parent = declared()[link.to]
            keys = [
                key for key in parent.key if not parent.model_class._meta.get_field(key).is_relation
            ]
            names += [f"{link.field}__{key}" for key in keys]
        state[table.file] = sorted(table.model_class._default_manager.values_list(*names), key=str)
    return state


def test_first_load_fills_the_tables_as_the_thorough_way_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_revenues(tmp_path, date(2026, 11, 23))
    runs, rows = [], []
    for least in (1, 10**9):
        monkeypatch.setattr(first_load, "WORTH_IT", least)
        with transaction.atomic():
            runs.append(loader.load(folder).counts)
            rows.append(stored())
            transaction.set_rollback(True)
    assert runs[0] == runs[1]
    assert rows[0] == rows[1]
    assert len(rows[0]["transactions.csv"]) > 500


def test_first_load_holds_accounts_whose_figures_do_not_add_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_load, "WORTH_IT", 1)
    extract = borough()
    extract.row("accounts.csv", 1)["balance"] = "720.01"
    run = loader.load(extract.write(tmp_path))
    assert not Account.objects.filter(reference=reference_of(2)).exists()
    assert Transaction.objects.count() == 9
    assert run.counts["transactions.csv"] == {"rows": 12, "added": 9, "changed": 0, "removed": 0}
    assert Quarantine.objects.get().reasons[0].startswith("accounts.csv, line 3: ")


FAULTS = [
    ("instalments.csv", "account", "5099999999"),
    ("instalments.csv", "number", "x"),
    ("people.csv", "reference", "P2"),
    ("charge_periods.csv", "net", ""),
    ("transactions.csv", "amount", "1.00"),
    ("instalments.csv", "paid", "5000.00"),
]


@pytest.mark.parametrize(("file", "column", "value"), FAULTS)
def test_first_load_tells_the_same_reasons(
    file: str, column: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extract = borough()
    extract.row(file)[column] = value
    folder = extract.write(tmp_path)
    monkeypatch.setattr(first_load, "WORTH_IT", 1)
    quickly = reasons(folder)
    monkeypatch.setattr(first_load, "WORTH_IT", 10**9)
    assert quickly == reasons(folder)
    assert quickly


def reasons(folder: Path) -> list[str]:
    """Why the extract, or some account of it, is not taken; nothing is kept."""
    told: list[str] = []
    with transaction.atomic():
        try:
            loader.load(folder)
            told = [reason for row in Quarantine.objects.all() for reason in row.reasons]
        except ExtractRefused as refused:
            told = [str(reason) for reason in refused.reasons]
        transaction.set_rollback(True)
    return sorted(told)
