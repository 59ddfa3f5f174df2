"""Money, dates and times as the portal writes them: London's clock, summer and winter."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from stockport.templatetags.portal import clock, day, moment, pounds, weekday


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (datetime(2026, 11, 23, 10, 2, tzinfo=UTC), "10:02am"),
        (datetime(2026, 6, 23, 10, 2, tzinfo=UTC), "11:02am"),
        (datetime(2026, 11, 23, 14, 0, tzinfo=UTC), "2pm"),
        (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), "midday"),
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), "midnight"),
        (datetime(2026, 11, 23, 0, 5, tzinfo=UTC), "12:05am"),
    ],
)
def test_time_is_written_as_the_style_guide_says(when: datetime, expected: str) -> None:
    assert clock(when) == expected


def test_day_is_the_day_in_london() -> None:
    """Half past eleven at night in UTC is already tomorrow in summer."""
    when = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert day(when) == "1 July 2026"
    assert moment(when) == "1 July 2026 at 12:30am"
    assert weekday(date(2026, 11, 23)) == "Monday 23 November 2026"


def test_money_has_pence_and_no_sign() -> None:
    assert pounds(Decimal("-1234.5")) == "£1,234.50"
