"""The page that estimates Council Tax Support of working age."""

from datetime import UTC, datetime

import pytest
import time_machine

from tests.factories.accounts import PersonLinkFactory
from tests.factories.benefits import ClaimFactory
from tests.page import text_of

pytestmark = pytest.mark.django_db
URL = "/benefits/estimate/"
ANSWERS = {
    "household": "single",
    "children": "",
    "others": "",
    "working": "",
    "bedrooms": "1 bed",
    "band": "D",
    "council_tax": "£2,618.90",
    "passported": "no",
    "disability": "none",
    "earnings": "120",
    "other_income": "",
    "savings": "",
}


AMOUNT = (
    "Universal Credit each month before anything is taken off must be an amount in pounds, like 120"
    " or 120.50"
)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def asked(portal, resident):
    """Sends the answers with changes, and gives the page that comes of them."""
    portal.sign_in(resident)

    def send(**changes):
        return portal.post(URL, {**ANSWERS, **changes}, follow=True).page

    return send


def steps(page):
    return [[text_of(cell) for cell in row] for row in page.select("tbody tr")]


def test_estimate_says_that_it_is_one_and_how_it_comes_about(asked):
    page = asked()
    inset = page.text(".govuk-inset-text")
    assert "This is an estimate, not a decision." in inset
    assert "about £1,542.91 a year" in inset
    assert steps(page) == [
        ["Your council tax", "£50.23"],
        ["Support is for a band A bill at most", "\N{MINUS SIGN}£16.75"],
        ["20p of each £1 of income above what you need", "\N{MINUS SIGN}£3.89"],
        ["Council Tax Support each week", "£29.59"],
    ]


def test_answers_that_give_nothing_say_so_and_stay(asked):
    assert steps(asked(earnings="1,000"))[-1][1] == "£0.00"
    page = asked(earnings="1,000")
    assert "You might get nothing off your bill." in page.text(".govuk-inset-text")
    [earnings] = page.select("[name=earnings]")
    assert earnings.get("value") == "1,000", "the answers stay, to change one of them"


def test_another_income_says_what_it_would_change(asked):
    assert not asked().select("#compared")
    assert asked(earnings="130").text("#compared") == (
        "This is £2.00 a week less than with the answers that you gave before, which came to"
        " £29.59 a week."
    )
    again = asked(earnings="130").text("#compared")
    assert "£29.59" in again, "the same answers again are compared with the same"
    assert "£2.00 a week more" in asked(earnings="120").text("#compared")
    assert "as much as with the answers" in asked(savings="100").text("#compared")


@pytest.mark.parametrize(
    ("changes", "weekly"),
    [
        ({"passported": "yes"}, "£33.48"),
        ({"passported": "yes", "bedrooms": "3 bed"}, "£39.06"),
        ({"passported": "yes", "others": "1", "working": "1"}, "£18.48"),
        ({"household": "couple", "children": "2"}, "£33.48"),
        ({"household": "under_25"}, "£25.61"),
        ({"savings": "8,000.01"}, "£0.00"),
        ({"other_income": "£10.50"}, "£27.49"),
        ({"earnings": "200", "carers": "1"}, "£26.22"),
        ({"earnings": "200", "carers": "2"}, "£26.22"),  # there is one of them
        ({"earnings": "200", "disability": "standard"}, "£25.56"),
        ({"earnings": "200", "disability": "enhanced"}, "£29.96"),
        ({"passported": "uc", "credit_most": "1,300", "credit": "1,083.33"}, "£19.48"),
        ({"passported": "uc", "credit_most": "1,300", "credit": "1,300", "earnings": ""}, "£33.48"),
    ],
)
def test_every_answer_counts(asked, changes, weekly):
    assert steps(asked(**changes))[-1][1] == weekly


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        (
            {"earnings": "-5"},
            "Wages each week must be an amount in pounds, like 120 or 120.50",
        ),
        ({"earnings": "1,00"}, "Wages each week must be an amount in pounds, like 120 or 120.50"),
        ({"council_tax": ""}, "Enter your council tax for the whole year"),
        ({"children": "two"}, "Children must be a number from 0 to 15"),
        ({"working": "10"}, "Other adults who work must be a number from 0 to 9"),
        ({"band": "J"}, "Select the band of your home"),
        (
            {"passported": "uc", "credit": "900"},
            "Enter your Universal Credit before anything is taken off",
        ),
        (
            {"passported": "uc", "credit_most": "900", "credit": "900.01"},
            "This cannot be more than before anything is taken off",
        ),
        ({"passported": "uc", "credit_most": "x", "credit": "1"}, AMOUNT),
    ],
)
def test_answer_that_cannot_be_read_says_how_to_put_it_right(asked, changes, error):
    page = asked(**changes)
    assert page.errors == [error]
    assert not page.select("tbody")


def test_year_without_figures_is_not_guessed(portal, resident):
    with time_machine.travel(datetime(2027, 4, 1, 9, tzinfo=UTC)):
        portal.sign_in(resident)
        page = portal.post(URL, ANSWERS, follow=True).page
    assert "do not have the figures of this tax year yet" in page.text(".govuk-inset-text")
    assert not page.select("tbody")


@pytest.mark.parametrize(
    ("values", "leads"),
    [({}, True), ({"type": "housing"}, False), ({"status": "pending", "decided": None}, False)],
)
def test_who_has_an_award_is_led_to_what_another_income_would_do_to_it(portal, values, leads):
    link = PersonLinkFactory()
    claim = ClaimFactory(person=link.person, **values)
    portal.sign_in(link.resident)
    links = portal.get(URL).page.select(f'a[href="{claim.get_absolute_url()}what-if/"]')
    assert bool(links) is leads


def test_answers_are_gone_with_the_session(asked, portal, resident):
    asked()
    portal.logout()
    portal.sign_in(resident)
    assert not portal.get(URL).page.select(".govuk-inset-text")
