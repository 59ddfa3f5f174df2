"""A borough of full size, here a small one: it loads whole, and so does the night after."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from council_tax.models import Account, Property
from stockport.feeds.loader import load
from stockport.feeds.models import FeedRun, Quarantine
from tests.demo.extracts import read

TODAY = date(2026, 11, 23)
ACCOUNTS = 600


def borough(folder: Path, **options: Any) -> Path:
    call_command("borough", folder, accounts=ACCOUNTS, today=TODAY, verbosity=0, **options)
    return folder


@pytest.mark.django_db
def test_every_account_of_the_borough_adds_up_and_so_does_the_night_after(tmp_path: Path) -> None:
    full = load(borough(tmp_path / "full"))
    assert full.counts["accounts.csv"]["added"] in (ACCOUNTS, ACCOUNTS + 1)
    assert full.counts["instalments.csv"]["rows"] > 12 * ACCOUNTS
    assert full.counts["transactions.csv"]["rows"] > 15 * ACCOUNTS
    night = load(borough(tmp_path / "delta", delta=True))
    assert night.state == FeedRun.State.LOADED
    changed = night.counts["accounts.csv"]
    assert 0 < changed["rows"] == changed["changed"] < 0.05 * ACCOUNTS
    assert night.counts["transactions.csv"]["added"] == changed["rows"]
    assert not Quarantine.objects.exists()
    assert Account.objects.values("confirmation__at").distinct().count() == 1
    assert Property.objects.values("address_line_1", "postcode").distinct().count() == (
        Property.objects.count()
    )


def test_same_seed_gives_the_same_borough_and_another_one_another(tmp_path: Path) -> None:
    one, two = borough(tmp_path / "1"), borough(tmp_path / "2")
    for path in one.iterdir():
        assert path.read_bytes() == (two / path.name).read_bytes(), path.name
    other = borough(tmp_path / "3", seed=1974)
    assert read(one / "people.csv") != read(other / "people.csv")


def test_borough_without_an_account_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="at least one account"):
        call_command("borough", tmp_path / "none", accounts=0)
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="name a folder"):
        call_command("borough", tmp_path / "file")
