"""Full extracts that lack rows which residents still have: refused, unless old rows just leave."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from council_tax.models import Account, Element, Instalment, Liability
from stockport.feeds.extract import ExtractRefused
from stockport.feeds.loader import load
from stockport.feeds.models import FeedRun, Quarantine
from stockport.feeds.tables import declared
from tests.demo.extracts import DAYS, writer
from tests.factories.extract import (
    APPS,
    ExtractFolder,
    borough,
    digest,
    reference_of,
    save_manifest,
)

pytestmark = pytest.mark.django_db


def reasons(folder: Path) -> list[str]:
    """Why it is refused, as staff find it on record."""
    with pytest.raises(ExtractRefused):
        load(folder)
    return list(FeedRun.objects.latest("pk").reasons)


LISTS = ("people.csv", "properties.csv", "accounts.csv")
# Where these are empty their accounts' sums are wrong too, which is told before.
SUMMED = ("transactions.csv", "charge_periods.csv", "charge_lines.csv", "year_totals.csv")
CUT = [
    table.file
    for table in declared().values()
    if table.model.split(".")[0] in APPS and table.file not in (*LISTS, *SUMMED)
]
MAY = "rows would go, more than the 10% that one extract may remove"
LEFT = "claims would have no row left"


@pytest.mark.parametrize("file", CUT)
def test_full_extract_with_a_file_of_its_header_alone_is_refused(file: str, tmp_path: Path) -> None:
    load(borough(30).write(tmp_path / "1"))
    second = borough(30, night=1)
    held = len(second.rows[file])
    second.rows[file] = []
    assert reasons(second.write(tmp_path / "2")) == [f"{file}: {held} of {held} {MAY}"]
    assert (Liability.objects.count(), Instalment.objects.count()) == (30, 300)


def test_full_extract_that_lacks_a_share_of_a_file_is_refused(tmp_path: Path) -> None:
    load(borough(60).write(tmp_path / "1"))
    second = borough(60, night=1)
    del second.rows["liabilities.csv"][:7]
    del second.rows["documents.csv"][40:]
    assert reasons(second.write(tmp_path / "2")) == [
        f"liabilities.csv: 7 of 60 {MAY}",
        f"documents.csv: 20 of 60 {MAY}",
    ]


def test_staff_let_a_short_file_pass_as_any_other_removal(tmp_path: Path, settings: Any) -> None:
    load(borough(30).write(tmp_path / "1"))
    second = borough(30, night=1)
    second.rows["notices.csv"] = []
    settings.FEED_MAX_REMOVAL = 100
    assert load(second.write(tmp_path / "2")).counts["notices.csv"]["removed"] == 30


def test_few_rows_may_go_from_a_short_file(tmp_path: Path) -> None:
    load(borough(20).write(tmp_path / "1"))
    second = borough(20, night=1)
    del second.rows["notices.csv"][:5]
    assert load(second.write(tmp_path / "2")).counts["notices.csv"]["removed"] == 5


def test_oldest_year_may_leave_a_file_when_it_is_over(tmp_path: Path) -> None:
    first, second = borough(30), borough(30, night=1)
    last = {"year": "2025/26", "number": "1", "due": "2025-04-01", "amount": "10.00"}
    nothing = {"charge": "10.00", "payments": "10.00", "outstanding": "0.00"}
    old = {"year": "2025/26", "start": "2025-04-01", "end": "2026-03-31"}
    paid = {"paid": "10.00", "direct_debit": "true"}
    rows = first.rows
    for total in list(rows["year_totals.csv"]):
        account = total["account"]
        period = first.of_account("charge_periods.csv", account)[0]
        rows["year_totals.csv"].append({**total, **nothing, "year": "2025/26"})
        rows["instalments.csv"].append({**last, **paid, "account": account})
        rows["charge_periods.csv"].append({**period, **old, "gross": "10.00", "net": "10.00"})
    rows["elements.csv"] += [{**row, "year": "2025/26"} for row in rows["elements.csv"]]
    load(first.write(tmp_path / "1"))
    assert not Quarantine.objects.exists()
    run = load(second.write(tmp_path / "2"))
    assert {file: count["removed"] for file, count in run.counts.items() if count["removed"]} == {
        "elements.csv": 2,
        "charge_periods.csv": 30,
        "year_totals.csv": 30,
        "instalments.csv": 30,
    }
    assert set(Element.objects.values_list("year", flat=True)) == {"2026/27"}


def test_open_accounts_are_counted_by_themselves(tmp_path: Path) -> None:
    def night(number: int) -> ExtractFolder:
        extract = borough(30, night=number)
        for row in extract.rows["accounts.csv"][10:]:
            row.update(status="closed", closed="2026-05-01")
        return extract

    load(night(0).write(tmp_path / "1"))
    without = night(1).without(reference_of(1), reference_of(2))
    assert reasons(without.write(tmp_path / "2")) == [
        "accounts.csv: 2 of 10 rows with status open would go, more than the 10% that one"
        " extract may remove"
    ]
    load(night(1).without(reference_of(29), reference_of(30)).write(tmp_path / "3"))
    assert Account.objects.count() == 28


def test_rows_of_an_account_that_leaves_are_not_counted_again(tmp_path: Path) -> None:
    first = borough(30)
    pattern = first.of_account("notices.csv", reference_of(1))[0]
    first.rows["notices.csv"] += [{**pattern, "reference": f"M{n}"} for n in range(20)]
    load(first.write(tmp_path / "1"))
    run = load(borough(30, night=1).without(reference_of(1)).write(tmp_path / "2"))
    assert run.counts["notices.csv"]["removed"] == 21


def test_payments_of_old_may_leave_where_each_account_keeps_some(tmp_path: Path) -> None:
    load(borough(30).write(tmp_path / "1"))
    second = borough(30, night=1)
    rows = second.rows["transactions.csv"]
    second.rows["transactions.csv"] = [{**row, "amount": "720.00"} for row in rows[::3]]
    run = load(second.write(tmp_path / "2"))
    assert run.counts["transactions.csv"]["removed"] == 60


def test_claims_that_would_have_none_of_a_file_left_are_counted(tmp_path: Path) -> None:
    folder = writer(tmp_path)(DAYS[0]).folder
    load(folder)
    for file in ("decisions.csv", "claim_members.csv"):
        header, *lines = (folder / file).read_text("utf-8").splitlines(keepends=True)
        (folder / file).write_text(header + "".join(lines[: len(lines) // 3]), "utf-8")
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        manifest["files"][file] = {"rows": len(lines) // 3, "sha256": digest(folder / file)}
        save_manifest(folder, manifest)
    told = [reason.split(" of ")[1] for reason in reasons(folder)]
    assert told == [f"68 {MAY}", f"61 {MAY.replace('rows would go', LEFT)}"]
