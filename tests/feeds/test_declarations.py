"""Declared files agree with their models and with the document for those who write them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from stockport.feeds.checks import check_declarations, faults_of
from stockport.feeds.tables import Column, Live, Reference, Table, declared

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "extracts.md"


def test_every_declaration_passes_its_checks() -> None:
    assert check_declarations() == []


@pytest.mark.parametrize("file", declared())
def test_document_lists_every_column_its_key_and_which_may_be_empty(file: str) -> None:
    (line,) = re.findall(rf"^\| {re.escape(file)} \| (.*) \|$", DOCUMENT.read_text("utf-8"), re.M)
    text = re.sub(r"\([^)]*\)", "", line)
    written = [name.strip() for name in text.split(",")]
    table = declared()[file]
    names = [name.replace("*", "").replace("°", "").strip() for name in written]
    assert names == [column.name for column in table.columns]
    assert [n.strip("*") for n in written if n.startswith("**")] == list(table.key)
    optional = {n.strip("°") for n in written if n.endswith("°")}
    assert optional == {column.name for column in table.columns if not table.needs(column)}


ACCOUNTS = declared()["accounts.csv"]
INSTALMENTS = declared()["instalments.csv"]
LINES = declared()["charge_lines.csv"]
TO_CLAIM = Reference("account", to="claims.csv", columns=("account",))
WRONG = [
    (
        replace(INSTALMENTS, columns=(*INSTALMENTS.columns, Column("colour"))),
        "colour would not be stored",
    ),
    (
        replace(INSTALMENTS, key=("account", "number")),
        "the key is not a unique constraint of council_tax.Instalment",
    ),
    (
        replace(INSTALMENTS, references=(Reference("account", "cars.csv", ("account",)),)),
        "refers to cars.csv, which nobody declares",
    ),
    (replace(LINES, key=("account", "size")), "has no column size"),
    (
        replace(INSTALMENTS, columns=(replace(INSTALMENTS.columns[1], pattern=r"\d{4}/"),)),
        "year: the pattern may match a part",
    ),
    (replace(ACCOUNTS, live=Live("status", ("opened",))), "status has no such codes"),
    (replace(INSTALMENTS, owner="year"), "its owner cannot be found"),
    (
        replace(INSTALMENTS, references=(*INSTALMENTS.references, TO_CLAIM)),
        "refers to claims.csv, whose rows have other owners",
    ),
]


@pytest.mark.parametrize(("table", "fault"), WRONG, ids=[fault for _, fault in WRONG])
def test_wrong_declaration_is_told(table: Table, fault: str) -> None:
    assert fault in [found for found, _ in faults_of(table, declared())]
