"""The page that estimates what a move or a discount would change."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from accounts.models import Resident
from council_tax.rules import Stay, days_of_homes, discounted, payments_left
from council_tax.rules.bands import NINTHS, band_charge
from tests.client import PortalClient
from tests.factories.council_tax import ElementFactory, household
from tests.page import Page, text_of

pytestmark = pytest.mark.django_db
URL = "/council-tax/estimate/"
DAY = ("day", "month", "year")
ANSWERS = {
    "move": "none",
    "band": "D",
    "adults": "two",
    "disabled": "no",
    "paid": "",
    "number": "10",
}


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def charges() -> None:
    """Every band's charge, £2,555.00 for band D: £7 a day."""
    for band in NINTHS:
        ElementFactory.create(band=band, amount=band_charge(Decimal(2555), band))


def typed(name: str, day: date) -> dict[str, str]:
    parts = zip(DAY, (day.day, day.month, day.year), strict=True)
    return {f"{name}-{part}": str(value) for part, value in parts}


def asked(portal: PortalClient, **answers: str) -> Page:
    return portal.post(URL, {**ANSWERS, **answers}, follow=True).page


def lines(page: Page) -> list[list[str]]:
    return [[text_of(cell) for cell in row] for row in page.select("tbody tr")]


@pytest.mark.usefixtures("charges")
def test_move_within_the_borough_charges_the_day_of_the_move_in_the_new_home_alone(
    portal: PortalClient,
) -> None:
    page = asked(portal, move="within", new_band="E", **typed("moved_on", date(2026, 12, 1)))
    assert "This is an estimate, not a bill." in page.text(".govuk-inset-text")
    assert lines(page) == [
        ["Band D, 244 of 365 days of £2,555.00 a year", "£1,708.00"],
        ["Cost of these days", "£1,708.00"],
        ["Band E, 121 of 365 days of £3,122.78 a year", "£1,035.22"],
        ["Cost of these days", "£1,035.22"],
        ["1 April 2026 to 30 November 2026", "£1,708.00"],
        ["1 December 2026 to 31 March 2027", "£1,035.22"],
        ["To pay for the year", "£2,743.22"],
        ["First payment", "£1,371.22"],
        ["Then 1 more payment", "£1,372.00"],
        ["All payments", "£2,743.22"],
    ]


@pytest.mark.usefixtures("charges")
def test_single_person_discount_starts_on_its_day_and_what_was_paid_counts(
    portal: PortalClient,
) -> None:
    since = typed("alone_since", date(2027, 1, 1))
    page = asked(portal, adults="one_from", paid="£2,000", disabled="yes", **since)
    assert ["Less: single person discount (25%)", "\N{MINUS SIGN}£140.00"] in lines(page)
    assert ["Band D, charged as C, 90 of 365 days of £2,271.11 a year", "£560.00"] in lines(page)
    assert ["Left to pay", "£131.11"] in lines(page)
    assert lines(page)[-3:] == [
        ["First payment", "£65.11"],
        ["Then 1 more payment", "£66.00"],
        ["All payments", "£131.11"],
    ]


@pytest.mark.usefixtures("charges")
def test_move_into_the_borough_starts_on_its_day_with_half_off_and_twelve_instalments(
    portal: PortalClient,
) -> None:
    moved = typed("moved_on", date(2026, 12, 1))
    page = asked(portal, move="into", adults="none", number="12", **moved)
    assert lines(page) == [
        ["Band D, 121 of 365 days of £2,555.00 a year", "£847.00"],
        ["Less: discount (50%)", "\N{MINUS SIGN}£423.50"],
        ["Cost of these days", "£423.50"],
        ["1 December 2026 to 31 March 2027", "£423.50"],
        ["To pay for the year", "£423.50"],
        ["First payment", "£141.50"],
        ["Then 2 more payments of £141.00 each", "£282.00"],
        ["All payments", "£423.50"],
    ]
    # A bill of December leaves January to March; ten a year are one fewer.
    assert lines(asked(portal, move="into", adults="none", **moved))[-2][0] == "Then 1 more payment"


@pytest.mark.usefixtures("charges")
def test_who_leaves_having_paid_more_is_told_that_it_comes_back(portal: PortalClient) -> None:
    page = asked(portal, move="out", paid="1,000", **typed("moved_on", date(2026, 4, 11)))
    assert page.text("#cost") == "£70.00"
    assert "about £930.00 too much" in page.text(".govuk-inset-text")
    assert lines(page)[-1] == ["Paid too much", "\N{MINUS SIGN}£930.00"]


@pytest.mark.usefixtures("charges")
def test_errors_say_how_to_put_them_right_and_keep_what_was_typed(portal: PortalClient) -> None:
    page = asked(portal, move="within", adults="one_from", paid="lots")
    assert page.errors == [
        "Enter the day you move",
        "Select the band of your new home",
        "Enter the day from which one adult counts",
        "What you have paid for this year so far must be an amount in pounds, like 120 or 120.50",
    ]
    assert page.select("[name=paid]")[0].get("value") == "lots"
    other_year = asked(portal, move="out", **typed("moved_on", date(2027, 4, 1)))
    assert other_year.errors == [
        "The day you move must be from 1 April 2026 to 31 March 2027: we estimate this tax year"
        " only"
    ]


def test_year_without_charges_says_so(portal: PortalClient) -> None:
    page = asked(portal)
    assert "We do not have the charges for 2026/27 here yet" in page.text(".govuk-inset-text")


@pytest.mark.usefixtures("charges")
def test_answers_stand_in_no_address_and_go_when_somebody_wants_it(portal: PortalClient) -> None:
    assert portal.post(URL, {**ANSWERS, "paid": "1,000"}).url == URL
    answer = portal.get(URL)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.page.select("[name=paid]")[0].get("value") == "1,000"
    assert PortalClient().get(URL).page.select("[name=paid]")[0].get("value") is None
    assert portal.post(URL, {**ANSWERS, "forget": "yes"}).url == URL
    page = portal.get(URL).page
    assert page.select("[name=paid]")[0].get("value") is None
    assert not page.select("#cost, input[checked], [name=forget]")


@pytest.mark.usefixtures("charges")
def test_answers_about_the_year_before_are_not_held_against_this_one(
    portal: PortalClient,
) -> None:
    asked(portal, move="out", **typed("moved_on", date(2026, 12, 1)))
    with time_machine.travel(datetime(2027, 4, 2, 9, tzinfo=UTC), tick=False):
        page = portal.get(URL).page
    assert page.errors == [] and not page.select("input[checked]")


@pytest.mark.usefixtures("charges")
def test_form_is_filled_in_for_who_has_one_account(
    portal: PortalClient, resident: Resident
) -> None:
    account = household(resident)
    portal.sign_in(resident)
    page = portal.get(URL).page
    checked = {box.get("name"): box.get("value") for box in page.select("input[checked]")}
    assert checked == {
        "move": "none",
        "band": "A",
        "adults": "one",
        "disabled": "no",
        "number": "10",
    }
    assert page.select("[name=paid]")[0].get("value") == "630.00"
    assert f"what we know of account {account.reference}" in page.text("main")


def test_nobody_pays_for_a_home_that_they_left_on_the_first_day() -> None:
    first, last = date(2026, 4, 1), date(2027, 3, 31)
    (days,) = days_of_homes("out", first, first, last)
    assert discounted(Stay("D", Decimal(2555), *days), 25, first) == []
    with pytest.raises(ValueError, match="A move has a day"):
        days_of_homes("out", None, first, last)


@pytest.mark.parametrize(
    ("on", "in_12", "left"),
    [
        (date(2026, 11, 23), False, 2),
        (date(2026, 11, 23), True, 4),
        (date(2026, 4, 1), False, 9),
        (date(2027, 3, 31), False, 1),
        (date(2027, 3, 31), True, 1),
    ],
)
def test_payments_of_a_bill_are_left_after_this_month(on: date, in_12: bool, left: int) -> None:
    assert payments_left(on, date(2026, 4, 1), in_12) == left
