"""Extracts that are wrong through and through: few words for many rows, and none is taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from council_tax.models import Account
from stockport.feeds import control, first_load
from stockport.feeds.extract import ExtractRefused
from stockport.feeds.loader import load
from stockport.feeds.models import FeedRun, Quarantine
from tests.factories.extract import FIRST_NIGHT, ExtractFolder, borough, reference_of

pytestmark = pytest.mark.django_db

TOO_MUCH_PAID = "Between nothing and all of an instalment can be paid."


def reasons(extract: ExtractFolder, folder: Path) -> list[str]:
    """Why it is refused, as staff find it on record."""
    with pytest.raises(ExtractRefused):
        load(extract.write(folder))
    return list(FeedRun.objects.latest("pk").reasons)


def overpaid(extract: ExtractFolder) -> ExtractFolder:
    """Every instalment is more than paid."""
    for row in extract.rows["instalments.csv"]:
        row["paid"] = "90.01"
    return extract


def penny_out(extract: ExtractFolder, accounts: int) -> ExtractFolder:
    """The first so many accounts have a balance and a charge that nothing adds up to."""
    for row in extract.rows["accounts.csv"][:accounts]:
        row["balance"] = "720.01"
    for row in extract.rows["year_totals.csv"][:accounts]:
        row.update(charge="900.01", outstanding="720.01")
    return extract


def test_rows_without_an_owner_are_told_to_a_hundred_and_counted(tmp_path: Path) -> None:
    extract = borough(1)
    pattern = extract.rows["elements.csv"][0]
    extract.rows["elements.csv"] = [
        {**pattern, "year": f"{year}/{(year + 1) % 100:02}", "amount": "-1.00"}
        for year in range(1900, 2050)
    ]
    told = [reason for reason in reasons(extract, tmp_path) if "below zero" in reason]
    assert len(told) == 101
    assert told[0] == "elements.csv, line 2: An element cannot be below zero."
    assert told[100] == "elements.csv: An element cannot be below zero. (50 more lines)"


def test_account_with_hundreds_of_wrong_rows_has_a_hundred_reasons(tmp_path: Path) -> None:
    extract = borough(2)
    pattern = extract.of_account("instalments.csv", reference_of(1))[0]
    extract.rows["instalments.csv"] += [{**pattern, "number": f"{n}"} for n in range(11, 191)]
    for row in extract.of_account("instalments.csv", reference_of(1)):
        row["paid"] = "90.01"
    load(extract.write(tmp_path))
    told = Quarantine.objects.get().reasons
    assert len(told) == 101
    assert told[100] == "instalments.csv: 91 more reasons are left out"


def test_every_account_is_held_though_not_every_row_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "ENOUGH", 12)
    load(overpaid(borough(4)).write(tmp_path))
    told = dict(Quarantine.objects.values_list("key", "reasons"))
    assert {key: len(why) for key, why in told.items()} == {
        reference_of(1): 10,
        reference_of(2): 3,
        reference_of(3): 2,
        reference_of(4): 2,
    }
    assert told[reference_of(4)] == [
        f"instalments.csv, line 32: {TOO_MUCH_PAID}",
        f"instalments.csv: {TOO_MUCH_PAID} (9 more lines)",
    ]
    assert not Account.objects.exists()


def test_number_left_out_is_that_of_the_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "ENOUGH", 120)
    told = reasons(overpaid(borough(30)), tmp_path)
    assert len(told) == 102
    assert told[101] == "instalments.csv: 200 more reasons are left out"


def test_extract_that_would_hold_too_many_accounts_is_refused_with_every_kind_of_reason(
    tmp_path: Path,
) -> None:
    load(borough(120).write(tmp_path / "1"))
    told = reasons(penny_out(borough(120, night=1), 110), tmp_path / "2")
    assert told[0] == (
        "accounts.csv: 110 of 120 would be in quarantine, more than the 10% that one extract"
        " may put there"
    )
    balances = "transactions.csv adds up to 720.00, but the balance is 720.01"
    assert f"accounts.csv, line 2: {balances}" in told
    assert sum(reason.endswith(balances) for reason in told) == 100
    assert sum("year_totals.csv says 900.01" in reason for reason in told) == 100
    assert told.count("accounts.csv: 10 more reasons are left out") == len(told) // 101
    assert not Quarantine.objects.exists()
    assert set(Account.objects.values_list("confirmation__at", flat=True)) == {FIRST_NIGHT}


def test_first_load_of_a_borough_has_the_same_brake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_load, "WORTH_IT", 1)
    told = reasons(penny_out(borough(30), 21), tmp_path)
    assert told[0].startswith("accounts.csv: 21 of 30 would be in quarantine")
    assert not Account.objects.exists()


@pytest.mark.parametrize(("accounts", "share"), [(20, 10), (21, 70)])
def test_few_accounts_or_a_small_share_are_held_one_by_one(
    accounts: int, share: int, tmp_path: Path, settings: Any
) -> None:
    settings.FEED_MAX_QUARANTINE = share
    load(penny_out(borough(30), accounts).write(tmp_path))
    assert Quarantine.objects.current().count() == accounts
    assert Account.objects.count() == 30 - accounts


def test_header_without_end_is_refused_in_few_words(tmp_path: Path) -> None:
    extract = borough(1)
    folder = extract.write(tmp_path)
    (folder / "people.csv").write_text("reference," + "\0x," * 400_000, "utf-8")
    with pytest.raises(ExtractRefused):
        load(folder)
    told = FeedRun.objects.get().reasons
    assert "people.csv, line 1, column '\\x00x': nobody declares this column" in told
    assert len(told) < 120
