"""The list of reports as staff work through it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection

from street_reports.admin.filters import sunday
from street_reports.models import Report
from street_reports.workflow import Status
from tests.factories.accounts import ResidentFactory
from tests.factories.street_reports import DestinationFactory, FollowerFactory, ReportFactory
from tests.page import Page, text_of

LIST = "/admin/street_reports/report/"
# A Wednesday, in London as well.
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def staff(portal):
    portal.sign_in(ResidentFactory(staff=True))
    return portal


def listed(staff, query=""):
    """The references on the list, from the top."""
    page = Page(staff.get(LIST + query).content.decode())
    return [text_of(cell) for cell in page.select("#result_list .field-reference")]


def report(reference, days=None, **fields):
    """One due so many days from today; negative where it is late."""
    due_on = None if days is None else TODAY + timedelta(days=days)
    return ReportFactory(reference=reference, due_on=due_on, **fields)


def test_staff_see_first_what_has_been_overdue_for_longest(staff):
    report("none-new", created_at=NOW - timedelta(days=1))
    report("none-old", created_at=NOW - timedelta(days=90))
    report("in-a-week", 7)
    report("late", -1)
    report("latest", -30)
    report("today", 0)
    report("fixed", -60, status=Status.FIXED)
    assert listed(staff) == [
        *("latest", "late", "today", "in-a-week"),
        *("none-old", "none-new"),
    ]


def test_of_one_day_staff_see_the_older_first(staff):
    report("newer", 3, created_at=NOW - timedelta(days=1))
    report("older", 3, created_at=NOW - timedelta(days=2))
    assert listed(staff) == ["older", "newer"]


def test_all_reports_are_one_click_away_newest_first(staff):
    report("fixed", -60, status=Status.FIXED, created_at=NOW - timedelta(days=90))
    report("open", -1, created_at=NOW - timedelta(days=9))
    page = Page(staff.get(LIST).content.decode())
    [link] = [a for a in page.select("#changelist-filter a") if text_of(a) == "All reports"]
    assert listed(staff, link.get("href")) == ["open", "fixed"]


def test_the_list_says_that_it_shows_what_is_to_be_done(staff):
    page = Page(staff.get(LIST).content.decode())
    assert "To do" in [text_of(item) for item in page.select("#changelist-filter .selected")]


def test_a_search_looks_in_all_reports(staff):
    report("SL-2222-2222", status=Status.FIXED)
    assert listed(staff, "?q=SL-2222-2222") == ["SL-2222-2222"]
    assert listed(staff, "?q=SL-2222-2222&status=open") == []


@pytest.mark.parametrize(
    "words", ["SL-2222-2222", " sl-2222-2222 ", "101000482", "Buxton", "road buxton", "SK2 6LS"]
)
def test_staff_find_a_report_by_what_they_know(staff, words):
    report("SL-3333-3333")
    place = {"location": "By the bus stop, Buxton Road", "postcode": "SK2 6LS"}
    report("SL-2222-2222", delivery__remote_reference="101000482", **place)
    assert listed(staff, f"?q={words}") == ["SL-2222-2222"]


@pytest.mark.parametrize("words", ["", "  ", "nowhere", "%", "SL-4444-4444"])
def test_a_search_for_nothing_that_is_there_finds_none_or_all(staff, words):
    report("SL-3333-3333")
    assert len(listed(staff, f"?q={words}")) == (0 if words.strip() else 1)


@pytest.mark.parametrize("status", Status)
def test_staff_see_the_reports_of_one_status(staff, status):
    for each in Status:
        report(each.value, status=each)
    assert listed(staff, f"?status={status}") == [status.value]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("overdue", ["late"]),
        ("today", ["today"]),
        ("week", ["today", "sunday"]),
        ("none", ["no-target"]),
    ],
)
def test_staff_see_what_is_due_when(staff, target, expected):
    for name, days in [("late", -1), ("today", 0), ("sunday", 4), ("monday", 5)]:
        report(name, days)
    report("no-target")
    assert listed(staff, f"?target={target}") == expected


def test_what_is_fixed_is_not_overdue(staff):
    report("late", -1)
    report("fixed", -60, status=Status.FIXED)
    assert listed(staff, "?target=overdue&status=all") == ["late"]


@pytest.mark.parametrize("day", range(23, 30))
def test_the_week_ends_on_sunday(day):
    assert sunday(date(2026, 11, day)) == date(2026, 11, 29)


def test_staff_see_the_reports_of_one_team(staff):
    drainage = DestinationFactory(slug="highways-drainage", name="drainage team")
    report("light")
    report("grid", delivery__destination=drainage)
    assert listed(staff, f"?team={drainage.pk}") == ["grid"]


def test_staff_see_what_was_not_sent(staff):
    report("sent", delivery__state="sent", delivery__sent_at=NOW)
    report("dead", delivery__state="dead")
    assert listed(staff, "?sending=dead") == ["dead"]


@pytest.mark.parametrize("name", ["status", "team", "target", "sending", "duty"])
@pytest.mark.parametrize("value", ["nonsense", "0", "%00", "1'--"])
def test_a_filter_that_makes_no_sense_finds_nothing(staff, name, value):
    report("open")
    assert listed(staff, f"?{name}={value}") == []


def test_each_team_has_its_counts_at_the_top(staff):
    drainage = DestinationFactory(slug="highways-drainage", name="drainage team")
    report("late", -1)
    report("in-time", 1)
    report("no-target")
    report("fixed", -9, status=Status.FIXED)
    page = Page(staff.get(LIST).content.decode())
    rows = [
        [text_of(cell) for cell in row.iter() if cell.tag in ("th", "td")]
        for row in page.select(".street-reports-teams tbody tr")
    ]
    assert rows == [
        ["Drainage team", "0 open of the drainage team", "0 overdue of the drainage team"],
        [
            "Street lighting team",
            "3 open of the street lighting team",
            "1 overdue of the street lighting team",
        ],
    ]
    late = page.select(".street-reports-teams a")[3].get("href")
    assert listed(staff, late) == ["late"]
    assert listed(staff, f"?team={drainage.pk}") == []


def test_the_list_says_how_late_a_report_is_and_how_many_follow_it(staff):
    FollowerFactory.create_batch(2, report=report("late", -12))
    page = Page(staff.get(LIST).content.decode())
    assert page.text("#result_list .field-late") == "12"
    assert page.text("#result_list .field-followed") == "2"
    assert page.text("#result_list .field-target") == "13 Nov 2026"
    assert page.text("#result_list .field-team") == "street lighting team"


@pytest.mark.parametrize("number", [1, 20])
@pytest.mark.parametrize("query", ["", "?status=all", "?target=overdue"])
def test_the_queue_takes_the_same_queries_for_any_number_of_rows(
    staff, number, query, django_assert_num_queries
):
    for days in range(number):
        FollowerFactory(report=report(f"late-{days}", -1 - days))
    # Session, staff, counts, teams for the counts and for the filter; number, reports, deliveries.
    # The last puts on record which reports were shown.
    with django_assert_num_queries(9):
        assert len(listed(staff, query)) == number


@pytest.mark.django_db
def test_a_report_is_of_the_team_that_its_delivery_goes_to():
    elsewhere = DestinationFactory(slug="highways-drainage")
    made = ReportFactory()
    Report.objects.filter(pk=made.pk).update(destination=elsewhere)
    with pytest.raises(IntegrityError, match="street_reports_report_of_its_team"):
        connection.check_constraints()
