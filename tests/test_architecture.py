"""The house rules that a machine can hold us to (docs/contributing.md)."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = [
    "stockport",
    "accounts",
    "council_tax",
    "benefits",
    "appointments",
    "street_reports",
]
LONGEST_FILE = 250  # lines with text
LONGEST_FUNCTION = 30
LONGEST_TEMPLATE = 80

SOURCES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def lines_with_text(path: Path) -> int:
    return sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def function_lengths(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a file with its lines, docstring and blank lines apart."""
    source = path.read_text(encoding="utf-8")
    text = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            doc = node.body[0] if ast.get_docstring(node) else None
            skipped = range(doc.lineno, (doc.end_lineno or 0) + 1) if doc else range(0)
            lines = range(node.lineno, (node.end_lineno or 0) + 1)
            yield (
                f"{path.relative_to(ROOT)}:{node.name}",
                sum(1 for n in lines if n not in skipped and text[n - 1].strip()),
            )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_source_file_is_short_enough_to_read(path: Path) -> None:
    assert lines_with_text(path) <= LONGEST_FILE


def test_functions_can_be_read_without_scrolling() -> None:
    lengths = dict(pair for path in SOURCES for pair in function_lengths(path))
    assert {name: n for name, n in lengths.items() if n > LONGEST_FUNCTION} == {}
    assert median(lengths.values()) < 10


def test_templates_are_short() -> None:
    long = {str(path): lines_with_text(path) for path in TEMPLATES}
    assert {name: n for name, n in long.items() if n > LONGEST_TEMPLATE} == {}


def test_no_module_is_a_drawer_for_anything() -> None:
    assert [path for path in SOURCES if path.stem in ("utils", "helpers", "common", "misc")] == []


# Who may ask for a permission outside the admin: what looks at the second step too (ADR 0022).
ASKING = {"accounts/second_step/staff.py", "accounts/roles.py"}


def test_powers_of_staff_outside_the_admin_are_asked_for_in_one_place() -> None:
    """Every page of the admin wants the second step; another page wants it only if it says so."""
    asks = re.compile(r"\bhas_(module_)?perms?\(|permission_required|user_passes_test")
    outside = [p for p in SOURCES if "admin" not in p.parts and p.name != "admin.py"]
    found = {p for p in outside if asks.search(p.read_text(encoding="utf-8"))}
    assert {str(path.relative_to(ROOT)) for path in found} == ASKING


def test_no_source_file_is_empty() -> None:
    empty = [path for path in SOURCES if path.name != "__init__.py" and not lines_with_text(path)]
    assert empty == []


def test_templates_hold_no_inline_script_style_or_handler() -> None:
    forbidden = ("<script>", "<style", " style=", " onclick=", " onsubmit=", " onchange=")
    found = {
        f"{path.relative_to(ROOT)}: {word}"
        for path in TEMPLATES
        for word in forbidden
        if word in path.read_text(encoding="utf-8")
    }
    assert found == set()


# Who says that text is HTML already, other than of words that stand in the code.
TRUSTED = {"accounts/second_step/adapter.py": "dark squares of a QR code, and none of its text"}
TRUSTING = {"mark_safe", "SafeString", "SafeText", "SafeData"}


def trusts(path: Path) -> bool:
    """Whether a file calls something HTML that is not written there."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == "__html__":
            return True
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            written = all(isinstance(argument, ast.Constant) for argument in node.args)
            if name in TRUSTING and not written:
                return True
    return False


def test_nothing_else_is_called_html_that_may_have_been_typed() -> None:
    assert {str(path.relative_to(ROOT)) for path in SOURCES if trusts(path)} == set(TRUSTED)


def test_templates_escape_all_that_they_print() -> None:
    unescaped = re.compile(r"\|\s*safe(seq)?\b|autoescape\s+off|mark_safe")
    found = [path for path in TEMPLATES if unescaped.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_scanner_of_lint_reads_all_that_runs() -> None:
    """Bandit's rules (ruff's S), as pyproject says with the reason for each that is off."""
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"][
        "lint"
    ]
    assert "S" in lint["select"]
    assert [rule for rule in lint["ignore"] if rule.startswith("S")] == ["S603"]
    assert {path for path in lint["per-file-ignores"] if path != "tests/**"} == set()
