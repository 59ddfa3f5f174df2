"""How many queries each page takes, with little and with much history."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from accounts.models import Resident
from stockport.services import services
from tests.client import PortalClient
from tests.factories.council_tax import (
    ChargeLineFactory,
    ChargePeriodFactory,
    InstalmentFactory,
    LiabilityFactory,
    TransactionFactory,
    YearTotalFactory,
    elements,
    household,
    person_of,
)

pytestmark = pytest.mark.django_db

# Session and resident (2), then the page's own.
PAGES = [
    ("", 7),
    ("bill/", 7),
    ("changes/", 8),
    ("letters/", 5),
    ("pay/", 3),
    ("transactions/", 5),
    ("transactions.csv", 4),
]


@pytest.mark.parametrize("rows", [0, 20])
@pytest.mark.parametrize(("page", "queries"), PAGES)
def test_account_pages_take_the_same_queries_whatever_the_history(
    page: str,
    queries: int,
    rows: int,
    portal: PortalClient,
    resident: Resident,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    account = household(resident)
    elements()
    for n in range(2, rows + 2):
        ChargeLineFactory(period=ChargePeriodFactory(account=account, sequence=n))
        YearTotalFactory(account=account, year=f"{2026 - n}/{27 - n:02}")
        InstalmentFactory(account=account, number=n + 20)
        TransactionFactory(account=account, number=n + 20)
        LiabilityFactory(account=account, person=person_of(None), role="joint")
    portal.sign_in(resident)
    with django_assert_num_queries(queries):
        portal.get(f"{account.get_absolute_url()}{page}")


@pytest.mark.parametrize("accounts", [1, 20])
def test_list_of_accounts_takes_one_query_of_its_own(
    accounts: int,
    portal: PortalClient,
    resident: Resident,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(accounts):
        household(resident)
    portal.sign_in(resident)
    with django_assert_num_queries(3):
        portal.get("/council-tax/")


@pytest.mark.parametrize("accounts", [1, 20])
def test_card_takes_one_query_and_so_do_dates(
    accounts: int, resident: Resident, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(accounts):
        household(resident)
    service = services()[0]
    with django_assert_num_queries(1), time_machine.travel(date(2026, 11, 23)):
        assert service.card(resident)
    with django_assert_num_queries(1):
        assert len(list(service.dates(resident, date(2026, 12, 1), date(2026, 12, 31)))) == accounts
