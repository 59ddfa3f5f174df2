"""How an award is worked out, line by line, and what changed in it."""

from datetime import date
from decimal import Decimal

import pytest

from tests.factories.accounts import PersonLinkFactory
from tests.factories.benefits import (
    AwardFactory,
    AwardLineFactory,
    ClaimFactory,
    ClaimMemberFactory,
)
from tests.page import text_of

D = Decimal
pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(portal):
    """A claim of the signed-in resident."""
    link = PersonLinkFactory()
    portal.sign_in(link.resident)
    return ClaimFactory(person=link.person)


def add_lines(award, *lines):
    """The lines of an award: part, words, amount."""
    for number, (part, words, amount) in enumerate(lines, start=1):
        AwardLineFactory(award=award, number=number, part=part, words=words, amount=D(amount))


LINES = (
    ("needs", "Living costs of one person", "238.00"),
    ("income", "State Pension", "200.00"),
    ("income", "Private pension", "58.00"),
    ("capital", "Savings", "4000.00"),
    ("award", "Your rent", "125.40"),
    ("award", "65p of each £1 of income above what you need", "-13.00"),
)


def shown(portal, claim):
    return portal.get(f"{claim.get_absolute_url()}worked-out/").page


def cells(page, caption):
    """The cells of the table with this caption, row by row."""
    (table,) = (t for t in page.select("table") if text_of(t.find("caption")) == caption)
    return [[text_of(cell) for cell in row] for row in table.find("tbody")]


def test_lines_lead_from_needs_and_income_to_the_weekly_award(portal, claim):
    add_lines(AwardFactory(claim=claim), *LINES)
    page = shown(portal, claim)
    assert cells(page, "What the law says you need") == [
        ["Living costs of one person", "£238.00"],
        ["What you need each week", "£238.00"],
    ]
    assert cells(page, "Your income")[-1] == ["Your income each week", "£258.00"]
    assert cells(page, "Your savings") == [["Savings", "£4,000.00"]]
    assert cells(page, "What you get") == [
        ["Your rent", "£125.40"],
        ["65p of each £1 of income above what you need", "\N{MINUS SIGN}£13.00"],
        ["You get each week", "£112.40"],
    ]
    assert "Your income is £20.00 a week above what you need." in text_of(page.select("main")[0])


def test_income_that_is_not_above_what_is_needed_takes_nothing_off(portal, claim):
    lines = [("needs", "Living costs", "238.00"), ("income", "Pension", "238.00")]
    add_lines(AwardFactory(claim=claim), *lines, ("award", "Your rent", "112.40"))
    assert "so nothing is taken off for it" in text_of(shown(portal, claim).select("main")[0])


def test_what_changed_since_the_award_before_is_said_in_sentences(portal, claim):
    before = AwardFactory(claim=claim, start=date(2025, 4, 7), end=date(2026, 4, 5))
    add_lines(
        before,
        ("needs", "Living costs of one person", "238.00"),
        ("income", "State Pension", "210.00"),
        ("income", "Wages", "30.00"),
        ("capital", "Savings", "3000.00"),
        ("award", "Your rent", "120.00"),
        ("award", "65p of each £1 of income above what you need", "-1.30"),
        ("award", "For other adults who live with you", "-6.30"),
    )
    add_lines(AwardFactory(claim=claim), *LINES)
    page = shown(portal, claim)
    assert [text_of(item) for item in page.select("main ul li")] == [
        "State Pension: this went down from £210.00 to £200.00 a week.",
        "Private pension: £58.00 a week now counts.",
        "Savings: this went up from £3,000.00 to £4,000.00.",
        "Your rent: this went up from £120.00 to £125.40 a week.",
        "65p of each £1 of income above what you need: we take off £13.00 a week instead of £1.30.",
        "Wages: £30.00 a week is no longer counted.",
        "For other adults who live with you: £6.30 a week is no longer taken off.",
    ]
    assert len(page.select("main h2")) == 1, "the award before is not shown again"


def test_line_that_is_taken_off_for_the_first_time_says_so(portal, claim):
    before = AwardFactory(claim=claim, start=date(2025, 4, 7), end=date(2026, 4, 5))
    add_lines(before, ("award", "Your rent", "112.40"))
    award = AwardFactory(claim=claim)
    add_lines(award, ("award", "Your rent", "122.40"), ("award", "Benefit cap", "-10.00"))
    items = [text_of(item) for item in shown(portal, claim).select("main ul li")]
    assert items[1] == "Benefit cap: £10.00 a week is now taken off."


def test_lines_that_do_not_add_up_are_being_checked(portal, claim):
    add_lines(AwardFactory(claim=claim), ("award", "Your rent", "112.39"))
    page = shown(portal, claim)
    assert page.text(".govuk-inset-text").startswith("We are checking these figures")


def test_ended_claim_still_says_how_it_was_worked_out(portal, claim):
    claim.status, claim.ended = "cancelled", date(2026, 9, 27)
    claim.save()
    add_lines(AwardFactory(claim=claim, end=date(2026, 9, 27)), *LINES)
    assert cells(shown(portal, claim), "What you get")[-1] == ["You get each week", "£112.40"]


def test_award_without_lines_refers_to_the_letter(portal, claim):
    AwardFactory(claim=claim)
    assert "Your decision letter says how." in text_of(shown(portal, claim).select("main")[0])


def test_household_is_shown_without_who_has_left(portal, claim):
    ClaimMemberFactory(claim=claim, name="Sam Taylor")
    ClaimMemberFactory(claim=claim, name="Alex Taylor", end=date(2026, 9, 1))
    page = shown(portal, claim)
    assert page.text(".govuk-summary-list") == "Sam Taylor Partner"
