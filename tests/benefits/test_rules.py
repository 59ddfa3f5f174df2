"""What the figures of a claim mean."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from benefits import rules
from benefits.models import Claim
from benefits.rules import Change

D = Decimal
FOUR_WEEKS = date(2026, 10, 12), date(2026, 11, 8)
NOVEMBER = date(2026, 11, 1), date(2026, 11, 30)


STATES = [*Claim.Status.values, "ended"]


@pytest.mark.parametrize("status", STATES)
def test_every_state_has_words_of_its_own(status):
    words = rules.status_words(status)
    assert words is not rules.UNKNOWN_STATUS
    others = [rules.status_words(other) for other in STATES if other != status]
    assert words.label not in {other.label for other in others}
    assert words.meaning.endswith(".") and words.next_step.endswith(".")


def test_unknown_state_sends_the_resident_to_the_council():
    assert rules.status_words("lost").label == "Ask us"


@pytest.mark.parametrize(
    ("period_end", "expected"),
    [
        (date(2026, 11, 8), date(2026, 11, 9)),  # a Sunday: paid on Monday
        (date(2026, 4, 5), date(2026, 4, 7)),  # Easter Monday is a bank holiday
        (date(2026, 12, 24), date(2026, 12, 29)),  # Christmas, a weekend and its substitute day
    ],
)
def test_payment_is_expected_on_the_first_working_day_after_its_period(period_end, expected):
    assert rules.next_payment_date(period_end) == expected


@pytest.mark.parametrize(
    ("start", "end", "length"),
    [
        (date(2026, 11, 2), date(2026, 11, 8), "1 week"),
        (date(2026, 10, 26), date(2026, 11, 8), "2 weeks"),
        (*FOUR_WEEKS, "4 weeks"),
        (*NOVEMBER, "1 month"),
        (date(2026, 10, 15), date(2026, 11, 14), "1 month"),
        (date(2026, 2, 1), date(2026, 2, 28), "1 month"),
        (date(2027, 2, 1), date(2027, 2, 28), "4 weeks"),  # from a Monday to a Sunday
        (date(2026, 2, 2), date(2026, 3, 1), "4 weeks"),
        (date(2026, 11, 2), date(2026, 11, 2), "1 day"),
        (date(2026, 11, 2), date(2026, 11, 6), "5 days"),
    ],
)
def test_length_of_a_period_is_told_in_the_words_of_its_schedule(start, end, length):
    assert rules.length(start, end) == length


@pytest.mark.parametrize(
    ("amount", "weekly", "period", "expected"),
    [
        ("449.60", "112.40", FOUR_WEEKS, Change.EXPECTED),
        ("449.61", "112.40", FOUR_WEEKS, Change.EXPECTED),
        ("449.59", "112.40", FOUR_WEEKS, Change.EXPECTED),
        ("449.58", "112.40", FOUR_WEEKS, Change.REDUCED),
        ("449.62", "112.40", FOUR_WEEKS, Change.INCREASED),
        ("487.07", "112.40", NOVEMBER, Change.EXPECTED),  # 112.40 by 52, over 12
        ("481.71", "112.40", NOVEMBER, Change.REDUCED),  # 30 days would be less
    ],
)
def test_payment_is_compared_with_the_award(amount, weekly, period, expected):
    assert rules.change(D(amount), D(weekly), *period) == expected


@pytest.mark.parametrize(
    ("short", "recoveries", "taken"),
    [
        ("57.60", ["14.40"], D("57.60")),
        ("77.60", ["14.40", "5.00"], D("77.60")),
        ("58.60", ["14.40"], None),
        ("0.00", [], None),
    ],
)
def test_recovery_is_named_where_it_explains_the_difference(short, recoveries, taken):
    rates = [D(rate) for rate in recoveries]
    assert rules.recovered_from(D(short), rates, *FOUR_WEEKS) == taken


@pytest.mark.parametrize(("left", "weeks"), [("14.40", 1), ("14.41", 2), ("345.60", 24)])
def test_weeks_of_recovery_that_are_left(left, weeks):
    assert rules.weeks_left(D(left), D("14.40")) == weeks


@pytest.mark.parametrize(
    ("decided", "by", "late_by"),
    [
        (date(2026, 11, 3), date(2026, 12, 3), date(2027, 12, 3)),
        (date(2026, 12, 31), date(2027, 1, 31), date(2028, 1, 31)),
        (date(2028, 1, 31), date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_housing_benefit_is_appealed_within_one_month_or_thirteen(decided, by, late_by):
    on_the_day, day_after, too_late = (
        rules.Appeal(decided, today)
        for today in (by, by + timedelta(days=1), late_by + timedelta(days=1))
    )
    assert (on_the_day.by, on_the_day.late_by) == (by, late_by)
    assert on_the_day.open and not on_the_day.late
    assert day_after.late and not day_after.open
    assert not too_late.open and not too_late.late
