"""What another income would change, for a claimant whose award is known."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from benefits import rules
from benefits.rules.figures import YEARS
from tests.factories.accounts import PersonLinkFactory
from tests.factories.benefits import AwardFactory, AwardLineFactory, ClaimFactory
from tests.page import text_of

D = Decimal
DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MEANS = (
    ("needs", "Living costs of one person", "238.00"),
    ("income", "State Pension", "200.00"),
    ("income", "Private pension", "58.00"),
)
# The award takes 65p, or 20p, of each of the £20 of income above what is needed.
RENT = rules.Known(weekly=D("112.40"), needs=D("238.00"), income=D("258.00"))
SUPPORT = rules.Known(weekly=D("21.11"), needs=D("238.00"), income=D("258.00"))


@pytest.mark.parametrize(
    ("income", "rent", "support"),
    [
        ("258.00", "112.40", "21.11"),
        ("268.00", "105.90", "19.11"),  # £10 more: £6.50 and £2 less
        ("238.00", "125.40", "25.11"),  # nothing above what is needed
        ("100.00", "125.40", "25.11"),  # no more than all
        ("430.15", "0.50", "0.00"),
        ("430.17", "0.00", "0.00"),  # below 50p a week no rent help is paid
        ("900.00", "0.00", "0.00"),
    ],
)
def test_another_income_takes_off_its_own_share(income, rent, support):
    assert rules.housing_benefit_at(RENT, D(income)) == D(rent)
    assert rules.support_at(SUPPORT, D(income), DAY) == D(support)


def test_both_schemes_take_the_same_for_each_pound():
    assert all(year.working_support.taper == year.pension_support.taper for year in YEARS)


@pytest.mark.parametrize("rent", ["90", "250.50"])
@given(income=st.decimals(0, 600, places=2), other=st.decimals(0, 600, places=2))
def test_award_with_another_income_is_the_one_that_is_worked_out_anew(rent, income, other):
    def household(counted):
        return rules.Circumstances(
            pension_age=True, rent=D(rent), other_income=counted, applicable_amount=D("238.00")
        )

    weekly = rules.housing_benefit_weekly(household(income), DAY)
    if weekly:
        known = rules.Known(weekly, D("238.00"), income)
        anew = rules.housing_benefit_weekly(household(other), DAY)
        assert rules.housing_benefit_at(known, other) == anew


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def claim(portal):
    link = PersonLinkFactory()
    portal.sign_in(link.resident)
    return ClaimFactory(person=link.person)


def add_award(claim, kind, weekly, lines=MEANS, **fields):
    award = AwardFactory(claim=claim, kind=kind, weekly=D(weekly), **fields)
    for number, (part, words, amount) in enumerate(lines, start=1):
        AwardLineFactory(award=award, number=number, part=part, words=words, amount=D(amount))


@pytest.fixture
def known(claim):
    """The claim with rent help and support from the same incomes."""
    add_award(claim, "hb", "112.40")
    add_award(claim, "cts", "21.11")
    return claim


def url(claim):
    return f"{claim.get_absolute_url()}what-if/"


def rows(page):
    return [[text_of(cell) for cell in row] for row in page.select("tbody tr")]


@pytest.mark.django_db
def test_incomes_that_count_now_stand_in_the_form(portal, known):
    page = portal.get(url(known)).page
    assert [field.get("value") for field in page.select("input[type=text]")] == [
        *("200.00", "58.00", None)
    ]
    assert "State Pension" in page.text("main")
    assert not rows(page)
    for where in (known.get_absolute_url(), f"{known.get_absolute_url()}worked-out/"):
        assert portal.get(where).page.select(f'main a[href="{url(known)}"]')


@pytest.mark.django_db
def test_another_income_says_what_each_help_would_be_and_what_is_left_together(portal, known):
    typed = {"income_0": "200.00", "income_1": "58.00", "other": "£10"}
    page = portal.post(url(known), typed).page
    assert rows(page) == [
        ["Your income", "£258.00", "£268.00", "£10.00 more"],
        ["Housing Benefit", "£112.40", "£105.90", "£6.50 less"],
        ["Council Tax Support", "£21.11", "£19.11", "£2.00 less"],
    ]
    text = page.text(".govuk-inset-text")
    assert "This is an estimate, not a decision." in text
    assert "Together you would have £1.50 a week more than now." in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pension", "words"),
    [("0", "£41.00 a week less than now"), ("58", "as much each week as now")],
)
def test_income_that_stops_or_stays_is_told_too(portal, known, pension, words):
    text = portal.post(url(known), {"income_0": "200", "income_1": pension}).page.text("main")
    assert f"Together you would have {words}." in text


@pytest.mark.django_db
def test_amount_that_cannot_be_read_stays_and_says_how_to_write_it(portal, known):
    page = portal.post(url(known), {"income_0": "lots", "income_1": "58"}).page
    assert page.errors == ["State Pension must be an amount in pounds, like 120 or 120.50"]
    [first, *_] = page.select("input[type=text]")
    assert first.get("value") == "lots"
    assert not rows(page)


@pytest.mark.django_db
def test_income_left_empty_is_asked_for(portal, known):
    page = portal.post(url(known), {"income_0": "200", "income_1": ""}).page
    assert page.errors == ["Private pension: enter an amount, or 0 if it ends"]


def test_award_that_holds_now_counts_and_not_the_next(portal, claim):
    add_award(claim, "hb", "112.40", end=date(2026, 12, 6))
    add_award(claim, "hb", "50.00", start=date(2026, 12, 7))
    page = portal.post(url(claim), {"income_0": "200", "income_1": "58"}).page
    assert rows(page)[1][1] == "£112.40"


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{}, {"stopped": True}, {"status": "pending", "decided": None}])
def test_claim_without_an_award_from_an_income_says_so(portal, claim, values):
    other = ClaimFactory(person=claim.person, **values)
    page = portal.get(url(other)).page
    assert "We cannot show this for your claim" in page.text("main")
    assert not page.select("main form")
    assert not portal.get(other.get_absolute_url()).page.select(f'main a[href="{url(other)}"]')


@pytest.mark.django_db
def test_year_without_figures_is_not_guessed(portal):
    link = PersonLinkFactory()
    claim = ClaimFactory(person=link.person)
    add_award(claim, "cts", "21.11")
    with time_machine.travel(datetime(2027, 4, 1, 9, tzinfo=UTC)):
        portal.sign_in(link.resident)
        page = portal.post(url(claim), {"income_0": "200", "income_1": "58"}).page
    assert "do not have the figures of this tax year yet" in page.text(".govuk-inset-text")
    assert not rows(page)
