"""The money page: what is owed, given and taken back, home by home, and what moves next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Resident
from benefits.history import days_of, year_of
from stockport.home.money import MoneyPage, Told, money_page
from stockport.services import (
    Erasure,
    Figure,
    Flow,
    Home,
    Money,
    Movement,
    Service,
    services,
)
from tests.client import PortalClient
from tests.factories.benefits import (
    AwardFactory,
    BenefitPaymentFactory,
    ClaimFactory,
    OverpaymentFactory,
    RecoveryFactory,
)
from tests.factories.council_tax import InstalmentFactory, PropertyFactory, household, person_of

pytestmark = pytest.mark.django_db

# Session and resident (2), council tax (2), benefits (5), and whether the council's system is away.
QUERIES = 10


@pytest.fixture
def soon() -> date:
    """A day within those that the page looks ahead."""
    return timezone.localdate() + timedelta(days=5)


@pytest.fixture
def this_year() -> str:
    return year_of(timezone.localdate())


@pytest.fixture
def two_homes(resident: Resident, soon: date, this_year: str) -> Resident:
    """Somebody who moved: an account and a claim for each home, and an overpayment."""
    for line_1 in ("4 Old Street", "7 New Street"):
        home = PropertyFactory.create(address_line_1=line_1, postcode="SK1 3XE")
        account = household(resident, property=home)
        InstalmentFactory(account=account, number=40, due=soon, amount=Decimal("88.00"))
        claim = ClaimFactory.create(
            person=person_of(resident), address=f"{line_1.upper()},  Stockport", postcode="sk13xe"
        )
        fill(claim, soon, this_year)
    return resident


def fill(claim: Any, soon: date, year: str) -> None:
    """Support, two payments this year, one to come, and an overpayment of which some is left."""
    first_day, _ = days_of(year)
    AwardFactory(claim=claim, start=first_day, year=year, support=True)
    AwardFactory(claim=claim, start=first_day)
    made = [BenefitPaymentFactory(claim=claim, paid_on=first_day, number=n) for n in (1, 2)]
    BenefitPaymentFactory(claim=claim, paid_on=first_day - timedelta(days=1), number=3)
    BenefitPaymentFactory(claim=claim, due=True, paid_on=soon, payee="landlord", number=4)
    overpayment = OverpaymentFactory(claim=claim)
    RecoveryFactory(overpayment=overpayment, payment=made[0], taken_on=first_day)


def words_of(element: Any) -> str:
    return "".join(element.itertext())


def printed_in(table: Any) -> list[Decimal]:
    """The amounts of a table's cells, from the top."""
    cells = [words_of(cell) for cell in table.iter("td")]
    return [Decimal(cell.strip().removeprefix("£").replace(",", "")) for cell in cells]


def page_of(portal: PortalClient, resident: Resident) -> Any:
    portal.sign_in(resident)
    return portal.get("/money/").page


def test_totals_of_all_homes_are_the_sums_of_each_home(two_homes: Resident) -> None:
    today = timezone.localdate()
    money = money_page(two_homes, today)
    assert [home.home.first_line for home in money.homes] == ["4 Old Street", "7 New Street"]
    titles = [group.title for group in money.homes[0].groups]
    assert titles == [
        "Council tax left to pay",
        f"Council Tax Support in {year_of(today)}, already off your bill",
        f"Benefit that we have paid in {year_of(today)}",
        f"Overpayments that you have paid back in {year_of(today)}",
        "Overpayments left to pay back",
    ]
    of_homes = [[group.total for group in home.groups] for home in money.homes]
    everything = [f"£{a + b:,.2f}" for a, b in zip(*of_homes, strict=True)]
    assert [row.value for row in money.overall] == everything


def test_page_prints_totals_that_are_the_sums_of_what_it_prints(
    portal: PortalClient, resident: Resident, soon: date, this_year: str
) -> None:
    claim = ClaimFactory.create(person=person_of(resident))
    fill(claim, soon, this_year)
    OverpaymentFactory(claim=claim)
    page = page_of(portal, resident)
    totals = [printed_in(table) for table in page.select("table") if "Total" in words_of(table)]
    assert totals
    assert all(last == sum(lines) for *lines, last in totals)


def test_what_comes_next_is_in_date_order_and_says_which_way(
    two_homes: Resident, portal: PortalClient
) -> None:
    page = page_of(portal, two_homes)
    days = page.select(".portal-dates__when")
    money = money_page(two_homes, timezone.localdate())
    moves = [movement.when for movement in money.movements]
    assert moves == sorted(moves)
    assert len(days) == len(moves)
    text = page.text("main")
    assert "Council tax: £88.00 for you to pay" in text
    assert "Housing Benefit: £449.60 paid for you" in text
    assert "paid to your landlord" in text


@pytest.mark.parametrize("payee", ["claimant", "landlord"])
def test_only_money_to_the_resident_counts_as_paid_to_them(
    resident: Resident, soon: date, payee: str
) -> None:
    claim = ClaimFactory.create(person=person_of(resident))
    BenefitPaymentFactory(claim=claim, due=True, paid_on=soon, payee=payee)
    way = {"claimant": "paid to you", "landlord": "paid for you"}[payee]
    assert money_page(resident, timezone.localdate()).sums == [f"£449.60 {way}"]


def test_claim_on_hold_says_why_nothing_comes_and_what_to_do(
    portal: PortalClient, resident: Resident
) -> None:
    ClaimFactory(person=person_of(resident), suspended=True)
    text = page_of(portal, resident).text("main")
    assert "We have put your payments on hold" in text
    assert "Send us what we ask for." in text
    assert "The last day for it is 14 December 2026." in text


def test_account_past_its_instalments_names_no_instalment_as_next(
    portal: PortalClient, resident: Resident
) -> None:
    household(resident, paid=2, stage="final_notice", stage_date=date(2026, 11, 1))
    text = page_of(portal, resident).text("main")
    assert "We sent you a final notice." in text
    assert "We have no date for money to or from you" in text


def test_resident_who_has_nothing_is_led_to_linking(
    portal: PortalClient, resident: Resident
) -> None:
    page = page_of(portal, resident)
    assert "We know of nothing that you owe the council or get from it." in page.text("main")


def test_money_of_one_resident_is_never_shown_to_another(
    portal: PortalClient, two_homes: Resident
) -> None:
    claim = ClaimFactory.create()
    BenefitPaymentFactory(claim=claim, due=True, amount=Decimal("777.77"))
    assert "777.77" not in page_of(portal, two_homes).text("main")


class Broken(Service):
    slug, title, summary = "benefits", "Benefits", "It fails."

    def money(self, resident: Resident, today: date, until: date) -> Money:
        raise RuntimeError("the back office is away")

    def export(self, resident: Resident) -> list[tuple[str, list[Mapping[str, Any]]]]:
        return []

    def erase(self, resident: Resident) -> Erasure:
        return Erasure()


def test_service_that_fails_is_named_and_the_rest_stands(
    portal: PortalClient, two_homes: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    council_tax = services()[0]
    monkeypatch.setattr("stockport.home.money.services", lambda: (council_tax, Broken()))
    text = page_of(portal, two_homes).text("main")
    assert "What we know about benefits is temporarily unavailable" in text
    assert "Council tax left to pay" in text


def test_two_services_mean_the_same_home_by_its_first_line_and_postcode() -> None:
    asked = Home("12 High Street, Cheadle, SK8 1AA", "SK8 1AA")
    assert asked.key == Home("12  HIGH STREET", "sk81aa").key
    assert asked.key != Home("14 High Street", "SK8 1AA").key


def test_figures_of_several_services_under_one_title_are_one_total() -> None:
    home = Home("12 High Street", "SK8 1AA")
    lines = [Figure("Left to pay", "A line", Decimal(pounds), "/", home) for pounds in (3, 4)]
    days = [date(2026, 12, 9), date(2026, 12, 2)]
    moves = [Movement(day, "Rent", Decimal(5), Flow.OUT, "/", home) for day in days]
    told = [Told(services()[0], Money([line], moves)) for line in lines]
    page = MoneyPage(told)
    (about,) = page.homes
    assert [group.total for group in about.groups] == [Decimal(7)]
    assert [movement.when for movement in page.movements] == [days[1]] * 2 + [days[0]] * 2


@pytest.mark.parametrize("rows", [0, 1, 20])
def test_money_page_takes_the_same_queries_however_much_there_is(
    portal: PortalClient,
    resident: Resident,
    soon: date,
    this_year: str,
    rows: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(rows):
        household(resident)
        fill(ClaimFactory(person=person_of(resident)), soon, this_year)
    portal.sign_in(resident)
    with django_assert_max_num_queries(QUERIES):
        portal.get("/money/")
