"""Extracts of changes: each account that changed comes whole, the others stay as they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, connection

from council_tax.models import Account, Element, Instalment
from stockport.feeds.extract import ExtractRefused
from stockport.feeds.loader import load
from stockport.feeds.models import Confirmation, FeedRun, Quarantine
from tests.factories.extract import FIRST_NIGHT, ExtractFolder, borough, reference_of
from tests.factories.feeds import ConfirmationFactory

pytestmark = pytest.mark.django_db


def delta(night: int, since: datetime | None) -> ExtractFolder:
    """Household 1 has paid the third instalment by card and has no tenth one any more."""
    extract = borough(1, night)
    extract.kind, extract.since = "delta", since
    for row in extract.rows["instalments.csv"]:
        row["direct_debit"] = "false"
    extract.row("instalments.csv", 8)["amount"] = "180.00"
    extract.row("instalments.csv", 2)["paid"] = "90.00"
    del extract.rows["instalments.csv"][9]
    extract.row("transactions.csv", 2)["amount"] = "-180.00"
    extract.row("accounts.csv")["balance"] = "630.00"
    extract.row("year_totals.csv").update(payments="270.00", outstanding="630.00")
    extract.rows["elements.csv"] = []
    extract.rows["properties.csv"] = []
    return extract


def test_delta_changes_the_accounts_that_it_brings_and_confirms_the_others(tmp_path: Path) -> None:
    load(borough().write(tmp_path / "1"))
    run = load(delta(1, FIRST_NIGHT).write(tmp_path / "2"))
    assert run.state == FeedRun.State.LOADED
    changed = Account.objects.get(reference=reference_of(1))
    assert changed.balance == Decimal("630.00")
    assert changed.instalments.count() == 9
    assert Account.objects.count() == 4
    assert Instalment.objects.count() == 39
    assert Element.objects.count() == 2
    times = set(Account.objects.values_list("confirmation__at", flat=True))
    assert times == {FIRST_NIGHT + timedelta(days=1)}


def test_night_writes_nothing_to_the_accounts_that_it_only_confirms(tmp_path: Path) -> None:
    load(borough().write(tmp_path / "1"))
    before = versions()
    load(delta(1, FIRST_NIGHT).write(tmp_path / "2"))
    written = {
        reference for reference, version in versions().items() if version != before[reference]
    }
    assert written == {reference_of(1)}
    (newest,) = Confirmation.objects.all()
    assert newest.is_newest


def versions() -> dict[str, str]:
    """Where PostgreSQL keeps each account at present: a row that is written moves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reference, ctid::text FROM council_tax_account")
        return dict(cursor.fetchall())


def test_two_newest_times_of_one_list_cannot_be(tmp_path: Path) -> None:
    load(borough().write(tmp_path))
    newest = Confirmation.objects.get()
    with pytest.raises(IntegrityError, match="feeds_confirmation_one_newest"):
        ConfirmationFactory(source=newest.source, table=newest.table, is_newest=True)


def test_delta_does_not_confirm_an_account_in_quarantine(tmp_path: Path) -> None:
    load(borough().write(tmp_path / "1"))
    spoilt = borough(night=1)
    spoilt.row("accounts.csv", 2)["balance"] = "0.01"
    load(spoilt.write(tmp_path / "2"))
    load(delta(2, spoilt.extracted_at).write(tmp_path / "3"))
    assert Account.objects.get(reference=reference_of(3)).as_at == FIRST_NIGHT
    assert Quarantine.objects.current().get().key == reference_of(3)


def test_delta_releases_the_account_that_it_puts_right(tmp_path: Path) -> None:
    spoilt = borough()
    spoilt.row("accounts.csv")["balance"] = "0.01"
    load(spoilt.write(tmp_path / "1"))
    whole = delta(1, FIRST_NIGHT)
    whole.rows["properties.csv"] = borough(1).rows["properties.csv"]
    load(whole.write(tmp_path / "2"))
    assert not Quarantine.objects.current().exists()
    assert Account.objects.get(reference=reference_of(1)).balance == Decimal("630.00")


@pytest.mark.parametrize("since", [None, FIRST_NIGHT - timedelta(days=1)])
def test_delta_that_does_not_follow_the_loaded_extract_is_refused(
    since: datetime | None, tmp_path: Path
) -> None:
    load(borough().write(tmp_path / "1"))
    with pytest.raises(ExtractRefused, match="a delta follows the extract that is loaded"):
        load(delta(1, since).write(tmp_path / "2"))


def test_delta_before_any_full_extract_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExtractRefused, match="a full extract first: none is loaded"):
        load(delta(1, FIRST_NIGHT).write(tmp_path))


def test_same_delta_again_changes_nothing(tmp_path: Path) -> None:
    load(borough().write(tmp_path / "1"))
    folder = delta(1, FIRST_NIGHT).write(tmp_path / "2")
    load(folder)
    assert load(folder).state == FeedRun.State.UNCHANGED


def test_delta_with_rows_of_an_account_that_it_does_not_bring_is_refused(tmp_path: Path) -> None:
    load(borough().write(tmp_path / "1"))
    extract = delta(1, FIRST_NIGHT)
    extract.row("transactions.csv")["account"] = reference_of(2)
    with pytest.raises(ExtractRefused, match=r"column account: no such row in accounts\.csv"):
        load(extract.write(tmp_path / "2"))
