"""There is one way to find out what is free: nothing in the app can disagree with it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import appointments

APP = Path(appointments.__file__).parent
SOURCES = sorted(
    path for path in APP.rglob("*.py") if "migrations" not in path.parts and path.stem != "__init__"
)
# What turns hours and bookings into free time, and the only modules that may name it.
ONLY_HERE = {
    "opening_hours": {"openings", "availability"},
    "Openings": {"openings"},
    "applies_on": {"openings", "hours"},
    "runs": {"rules", "availability"},
}
# Who must ask it: searching, holding, moving, the waiting list, a day for staff, what is closed
# (which is what bulk closing settles), and reports.
ASKERS = {
    "availability",
    "finding",
    "offering",
    "opening",
    "day",
    "stranded",
    "settlement",
    "reporting",
}


def names_in(path: Path) -> set[str]:
    """Every name, attribute and import of a module."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.alias):
            found.add(node.name)
    return found


@pytest.mark.parametrize("name", ONLY_HERE)
def test_only_availability_works_out_what_is_free(name: str) -> None:
    assert {path.stem for path in SOURCES if name in names_in(path)} == ONLY_HERE[name]


def test_everybody_asks_the_one_function() -> None:
    assert {path.stem for path in SOURCES if "free_masks" in names_in(path)} == ASKERS


@pytest.mark.parametrize("table", ["OpeningRule", "ExtraOpening", "Closure", "BankHoliday"])
def test_only_openings_reads_when_desks_are_open(table: str) -> None:
    readers = {
        path.stem
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in ("filter", "all", "exclude")
        and ast.unparse(node.value) == f"{table}.objects"
    }

    # The admin names rows it has just added; nobody else looks any up.
    assert readers - {"hours", "bank_holidays"} == {"openings"}
