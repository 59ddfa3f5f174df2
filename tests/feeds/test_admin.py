"""What staff see of loads and quarantine, and that they cannot change the figures."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from council_tax.models import Account, ChargePeriod
from stockport.feeds.extract import ExtractRefused
from stockport.feeds.loader import load
from stockport.feeds.models import FeedRun, Quarantine
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.extract import borough, reference_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> PortalClient:
    client = PortalClient()
    client.sign_in(ResidentFactory(staff=True))
    return client


def read(staff: Client, address: str) -> str:
    response = staff.get(f"/admin/{address}")
    assert response.status_code == 200
    return response.content.decode()


def test_staff_read_why_an_extract_was_refused(staff: Client, tmp_path: Path) -> None:
    extract = borough()
    extract.row("people.csv")["surname"] = ""
    with pytest.raises(ExtractRefused):
        load(extract.write(tmp_path))
    page = read(staff, f"feeds/feedrun/{FeedRun.objects.get().pk}/change/")
    assert "people.csv, line 2, column surname: must not be empty" in page
    assert "Refused: the old figures stay" in read(staff, "feeds/feedrun/")


def test_staff_find_an_account_in_quarantine_with_its_reasons(
    staff: Client, tmp_path: Path
) -> None:
    extract = borough()
    extract.row("accounts.csv")["balance"] = "0.01"
    load(extract.write(tmp_path))
    assert reference_of(1) in read(staff, f"feeds/quarantine/?q={reference_of(1)}")
    page = read(staff, f"feeds/quarantine/{Quarantine.objects.get().pk}/change/")
    assert "transactions.csv adds up to 720.00, but the balance is 0.01" in page


SEARCHES = [
    ("property", "High Street", 4),
    ("account", reference_of(1), 1),
    ("liability", "Shaw", 4),
    ("element", "2026/27", 2),
    ("chargeperiod", reference_of(1), 1),
    ("chargeline", "SPD", 4),
    ("yeartotal", reference_of(1), 1),
    ("instalment", reference_of(1), 10),
    ("transaction", reference_of(1), 3),
    ("notice", reference_of(1), 1),
    ("document", "Shaw", 4),
]


@pytest.mark.parametrize(("model", "words", "found"), SEARCHES)
def test_staff_search_every_council_tax_record(
    model: str, words: str, found: int, staff: Client, tmp_path: Path
) -> None:
    load(borough().write(tmp_path))
    answer = staff.get(f"/admin/council_tax/{model}/", {"q": words})
    assert answer.context["cl"].result_count == found
    answer = staff.get(f"/admin/council_tax/{model}/", {"q": "nobody has this"})
    assert answer.context["cl"].result_count == 0


def test_staff_read_an_account_and_how_a_period_is_charged(staff: Client, tmp_path: Path) -> None:
    load(borough().write(tmp_path))
    account = Account.objects.get(reference=reference_of(1))
    assert "High Street" in read(staff, f"council_tax/account/{account.pk}/change/")
    period = ChargePeriod.objects.get(account=account)
    assert "Only one adult" in read(staff, f"council_tax/chargeperiod/{period.pk}/change/")


@pytest.mark.parametrize("address", ["council_tax/account", "feeds/feedrun", "feeds/quarantine"])
def test_staff_cannot_change_what_the_back_office_owns(
    address: str, staff: Client, tmp_path: Path
) -> None:
    extract = borough()
    extract.row("accounts.csv")["balance"] = "0.01"
    load(extract.write(tmp_path))
    model = {"account": Account, "feedrun": FeedRun, "quarantine": Quarantine}
    row = model[address.split("/")[1]].objects.first()
    assert row is not None
    for page in (f"{row.pk}/change/", f"{row.pk}/delete/", "add/"):
        assert staff.post(f"/admin/{address}/{page}", {"balance": "1.00"}).status_code == 403
