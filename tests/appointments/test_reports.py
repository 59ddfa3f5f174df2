"""Figures for managers, and the file that they open in a spreadsheet."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from pytest_django import DjangoAssertNumQueries

from appointments.models import Closure, Location
from appointments.reporting import Key, Line, Period, report
from stockport.spreadsheet import harmless
from tests.appointments.world import make_place
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import AppointmentFactory

pytestmark = pytest.mark.django_db
MONDAY = date(2027, 1, 11)
SUNDAY = MONDAY + timedelta(days=6)
URL = "/admin/appointments/appointment/report/"
ASKED = {"first": MONDAY.isoformat(), "last": SUNDAY.isoformat(), "by": "WHOLE"}


def at(hour: int, minute: int = 0, day: int = 11) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def staff(portal: PortalClient) -> PortalClient:
    portal.sign_in(ResidentFactory.create(staff=True))
    return portal


def the_line() -> Line:
    [line] = report(MONDAY, SUNDAY, Period.WHOLE).values()
    return line


def test_offered_time_is_that_of_every_lane_that_was_not_closed() -> None:
    _, place = make_place(desks=2, lanes=3)
    Closure.objects.create(desk=place.desks[0], starts_at=at(0), ends_at=at(13))

    line = the_line()

    assert line.offered == timedelta(hours=(7 * 8 * 2 - 4) * 3)
    assert (line.busy, line.share_booked, line.booked) == (timedelta(), 0, 0)


def test_booked_time_is_that_of_what_was_not_cancelled_buffers_included() -> None:
    service, place = make_place()
    desk = place.desks[0]
    AppointmentFactory.create(service=service, desk=desk, starts_at=at(9), busy_to=at(9, 45))
    AppointmentFactory.create(
        service=service, desk=desk, lane=1, starts_at=at(9), overbook_reason="Urgent"
    )
    AppointmentFactory.create(
        service=service, desk=desk, starts_at=at(11),
        status="cancelled_by_council", cancelled_at=at(8), cells=False,
    )  # fmt: skip
    AppointmentFactory.create(service=service, desk=desk, starts_at=at(14), held=True)

    line = the_line()

    assert (line.busy, line.booked, line.overbooked) == (timedelta(minutes=75), 2, 1)
    assert line.statuses["cancelled_by_council"] == 1


def test_waiting_begins_with_the_arrival_but_not_before_the_time_of_the_appointment() -> None:
    service, place = make_place()
    for hour, arrived, seen in (
        (9, at(8, 40), at(9, 10)),  # 10 minutes
        (10, at(10, 5), at(10, 25)),  # 20 minutes
        (11, at(10, 30), at(10, 55)),  # none: called in before its time
        (12, None, at(12)),  # nobody noted the arrival
    ):
        AppointmentFactory.create(
            service=service, desk=place.desks[0], starts_at=at(hour),
            status="attended", arrived_at=arrived, seen_at=seen,
        )  # fmt: skip

    line = the_line()

    assert (line.waited, line.average_wait) == (3, timedelta(minutes=10))
    assert line.longest == timedelta(minutes=20)


def test_share_that_did_not_come_is_of_those_of_whom_it_is_known() -> None:
    service, place = make_place()
    for hour in (9, 10, 11):
        AppointmentFactory.create(
            service=service, desk=place.desks[0], starts_at=at(hour),
            status="attended", seen_at=at(hour),
        )  # fmt: skip
    AppointmentFactory.create(
        service=service, desk=place.desks[0], starts_at=at(12), status="no_show"
    )
    AppointmentFactory.create(service=service, desk=place.desks[0], starts_at=at(13))

    assert the_line().share_absent == 25


def test_week_begins_on_monday_and_month_on_its_first_in_london() -> None:
    service, place = make_place()
    location = place.desks[0].location_id
    for day in (17, 18):
        AppointmentFactory.create(service=service, desk=place.desks[0], starts_at=at(9, day=day))
    last = date(2027, 2, 3)

    weeks = report(MONDAY, last, Period.WEEK)
    months = report(date(2027, 1, 13), last, Period.MONTH)

    assert weeks[Key(MONDAY, location, service.pk)].booked == 1
    assert weeks[Key(date(2027, 1, 18), location, service.pk)].booked == 1
    assert [key.first for key in months] == [date(2027, 1, 13), date(2027, 2, 1)]


def test_service_without_appointments_or_hours_has_no_line() -> None:
    assert report(MONDAY, SUNDAY, Period.WHOLE) == {}


@pytest.mark.parametrize("rows", [1, 8])
def test_figures_take_eight_queries_however_much_there_is(
    django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    service, place = make_place(desks=rows)
    for desk in place.desks:
        AppointmentFactory.create(service=service, desk=desk, starts_at=at(9))

    with django_assert_num_queries(8):
        report(MONDAY, SUNDAY, Period.WEEK)


def test_staff_see_the_figures_and_download_the_same(staff: PortalClient) -> None:
    service, place = make_place()
    AppointmentFactory.create(service=service, desk=place.desks[0], starts_at=at(9))
    assert "56.0" in staff.get(URL, ASKED).content.decode()

    answer = staff.get(URL, {**ASKED, "csv": "Download as CSV"})

    text = answer.content.decode("utf-8-sig")
    [headings, row] = csv.reader(text.splitlines())
    figures = dict(zip(headings, row, strict=True))
    assert (figures["Place"], figures["Hours offered"], figures["Hours booked"]) == (
        "Town Hall",
        "56.0",
        "0.5",
    )
    assert answer["Content-Disposition"] == 'attachment; filename="appointments.csv"'


def test_place_named_like_a_formula_is_a_text_in_the_file(staff: PortalClient) -> None:
    make_place()
    Location.objects.update(name='=HYPERLINK("https://evil.example")')

    answer = staff.get(URL, {**ASKED, "csv": "1"}).content.decode("utf-8-sig")

    assert "\"'=HYPERLINK" in answer
    assert [harmless(cell) for cell in ("+1", "-1", "@a", "\tx", "a=1", -1)] == [
        "'+1", "'-1", "'@a", "'\tx", "a=1", -1,
    ]  # fmt: skip


def test_figures_are_narrowed_to_a_place_and_a_service(staff: PortalClient) -> None:
    _, place = make_place()
    other = AppointmentFactory.create(starts_at=at(9))

    here = staff.get(URL, {**ASKED, "location": place.desks[0].location_id}).content.decode()
    there = staff.get(URL, {**ASKED, "service": other.service_id}).content.decode()

    cell = "<td>{}</td>"
    assert cell.format("Town Hall") in here and cell.format(other.service) not in here
    assert cell.format(other.service) in there and cell.format("Town Hall") not in there


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"last": "2027-01-01"}, "The last day cannot be before the first."),
        ({"last": "2029-01-01"}, "Choose a year at most."),
        ({"first": "soon"}, "Enter a valid date."),
    ],
)
def test_days_that_make_no_sense_are_refused_in_words(
    staff: PortalClient, asked: dict[str, str], said: str
) -> None:
    assert said in staff.get(URL, ASKED | asked).content.decode()


def test_figures_begin_with_the_last_four_weeks(staff: PortalClient) -> None:
    page = staff.get(URL).content.decode()
    assert "There is nothing to show for these days." in page
    assert URL in staff.get("/admin/appointments/appointment/").content.decode()


def test_figures_are_for_staff_who_may_see_appointments(portal: PortalClient) -> None:
    viewer = ResidentFactory.create(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_location"))
    portal.sign_in(viewer)

    assert portal.get(URL).status_code == 403
