"""A resident's calendar at its secret address, read as a calendar program reads it."""

from __future__ import annotations

import logging
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings
from time_machine import TimeMachineFixture

from accounts.models import Resident
from accounts.privacy import close_account, export
from stockport import calendars
from stockport.home.calendar import ADDRESSES, switch_off, switch_on
from tests.calendars import Component, read
from tests.client import PortalClient
from tests.estate import verified_sign_in
from tests.factories.accounts import PersonLinkFactory
from tests.factories.appointments import AppointmentFactory
from tests.factories.benefits import AwardFactory, BenefitPaymentFactory, ClaimFactory
from tests.factories.council_tax import InstalmentFactory, household

pytestmark = pytest.mark.django_db
PAGE = "/calendar/"


def path_of(resident: Resident) -> str:
    resident.refresh_from_db()
    return f"/calendar/{ADDRESSES.secret(resident.calendar_key)}.ics"


def fetch(path: str, **headers: str) -> Any:
    """What a calendar program is answered: it has no session and keeps no cookies."""
    return Client().get(path, headers=headers)


def calendar_at(path: str) -> Component:
    answer = fetch(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return read(answer.content.decode())


@pytest.fixture
def address(resident: Resident) -> str:
    """The path of the resident's calendar."""
    switch_on(resident)
    return path_of(resident)


def in_days(days: int) -> datetime:
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    return now + timedelta(days=days)


def test_resident_makes_replaces_and_switches_off_the_address(
    portal: PortalClient, resident: Resident
) -> None:
    verified_sign_in(portal, resident)
    assert not portal.get(PAGE).page.select("textarea")

    portal.post(PAGE, {"act": "on"}, follow=True)
    page = portal.get(PAGE).page
    first = page.select("textarea")[0].text
    assert first == f"http://localhost:8000{path_of(resident)}"
    assert page.select(f'a[href="{first.replace("http:", "webcal:")}"]')
    assert "Whoever has this address can see your calendar" in page.text("main")

    first_path = path_of(resident)
    portal.post(PAGE, {"act": "on"})
    second_path = path_of(resident)
    assert [fetch(path).status_code for path in (first_path, second_path)] == [404, 200]

    portal.post(PAGE, {"act": "off"})
    assert fetch(second_path).status_code == 404
    assert not portal.get(PAGE).page.select("textarea")


def test_button_that_is_not_on_the_page_does_nothing(
    portal: PortalClient, resident: Resident, address: str
) -> None:
    verified_sign_in(portal, resident)
    assert portal.post(PAGE, {"act": "other"}).status_code == 200
    assert path_of(resident) == address


def test_address_is_shown_only_after_the_password_was_given(
    portal: PortalClient, resident: Resident, address: str
) -> None:
    resident.emailaddress_set.create(email=resident.email, verified=True, primary=True)
    portal.sign_in(resident)
    assert portal.get(PAGE).url.startswith("/account/confirm/")


@pytest.mark.parametrize("page", ["/appointments/", "/account/", "/dashboard/"])
def test_pages_about_dates_lead_to_the_calendar(
    portal: PortalClient, resident: Resident, page: str
) -> None:
    portal.sign_in(resident)
    assert portal.get(page).page.select(f'a[href="{PAGE}"]')


def test_calendar_has_appointments_at_their_time_and_dues_all_day(
    resident: Resident, address: str
) -> None:
    made = AppointmentFactory.create(resident=resident, starts_at=in_days(3))
    due = in_days(9).date()
    InstalmentFactory.create(account=household(resident), number=29, due=due, amount="41.27")

    calendar = calendar_at(address)

    by_start = {calendar.moment(e, "DTSTART"): e for e in calendar.named("VEVENT")}
    visit, payment = by_start[made.starts_at], by_start[due]
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["X-WR-CALNAME"] == "My Account"
    assert visit["SUMMARY"] == made.service.name
    assert visit["LOCATION"] == made.desk.location.full_address
    assert calendar.moment(visit, "DTEND") == made.ends_at
    assert calendar.moment(payment, "DTEND") == due + timedelta(days=1)
    assert payment["SUMMARY"].startswith("Council tax ")


def test_calendar_names_no_amount_account_or_address_and_nothing_private(
    resident: Resident, address: str
) -> None:
    claim = ClaimFactory.create(person=PersonLinkFactory.create(resident=resident).person)
    BenefitPaymentFactory.create(claim=claim, state="due", paid_on=in_days(2).date())
    account = household(resident)
    InstalmentFactory.create(account=account, number=29, due=in_days(9).date(), amount="41.27")
    AppointmentFactory.create(
        resident=resident,
        starts_at=in_days(3),
        channel="home",
        address="9 Secret Street",
        phone="0161 496 0000",
        service__name="Register a death",
        service__neutral_title=True,
    )

    calendar = calendar_at(address)

    text = "\n".join(calendar.source)
    assert {"Payment from the council", "Council appointment"} < {
        event["SUMMARY"] for event in calendar.named("VEVENT")
    }
    for private in ("£", "41.27", account.reference, claim.reference, "Housing", "death"):
        assert private not in text
    for private in ("Secret Street", "0161", resident.email, "ATTENDEE", "ORGANIZER"):
        assert private not in text
    assert "LOCATION:At your home" in text


def test_calendar_shows_nothing_of_anybody_else(address: str) -> None:
    AppointmentFactory.create(starts_at=in_days(3))
    assert calendar_at(address).named("VEVENT") == []


@pytest.mark.parametrize(("days", "expected"), [(-31, 0), (-29, 1), (0, 1), (365, 1), (368, 0)])
def test_calendar_goes_from_30_days_ago_to_a_year_ahead(
    resident: Resident, address: str, days: int, expected: int
) -> None:
    AppointmentFactory.create(resident=resident, starts_at=in_days(days))
    assert len(calendar_at(address).named("VEVENT")) == expected


@pytest.mark.parametrize(
    ("start", "wall"),
    [
        (datetime(2027, 3, 27, 10, tzinfo=UTC), "20270327T100000"),
        (datetime(2027, 3, 28, 9, tzinfo=UTC), "20270328T100000"),
        (datetime(2027, 10, 30, 9, tzinfo=UTC), "20271030T100000"),
        (datetime(2027, 10, 31, 10, tzinfo=UTC), "20271031T100000"),
    ],
)
def test_ten_o_clock_stays_ten_o_clock_when_clocks_change(
    resident: Resident, time_machine: TimeMachineFixture, start: datetime, wall: str
) -> None:
    time_machine.move_to(datetime(2027, 3, 1, 12, tzinfo=UTC))
    switch_on(resident)
    AppointmentFactory.create(resident=resident, starts_at=start)

    calendar = calendar_at(path_of(resident))

    assert calendar.event["DTSTART"] == wall
    assert calendar.moment(calendar.event, "DTSTART") == start


def test_program_that_has_it_already_is_told_so_until_something_changes(
    resident: Resident, address: str
) -> None:
    made = AppointmentFactory.create(resident=resident, starts_at=in_days(3))
    first = fetch(address)
    again = fetch(address, if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == first["Cache-Control"] == "private, no-cache"

    made.status, made.cancelled_at = "cancelled_by_council", timezone.now()
    made.save()
    changed = fetch(address, if_none_match=first["ETag"])
    assert changed.status_code == 200
    assert read(changed.content.decode()).named("VEVENT") == []


def test_event_is_the_same_event_at_every_reading(resident: Resident, address: str) -> None:
    AppointmentFactory.create(resident=resident, starts_at=in_days(3))
    first, second = (calendar_at(address).event["UID"] for _ in range(2))
    assert first == second


def test_program_gets_no_cookie_and_is_not_indexed(address: str) -> None:
    answer = fetch(address)
    assert not answer.cookies
    assert answer["X-Robots-Tag"] == "noindex"


def test_wrong_address_looks_like_any_page_that_is_not_there(address: str) -> None:
    key = uuid.uuid4()
    key_and_sign = address.removeprefix("/calendar/").removesuffix(".ics")
    signature = key_and_sign.partition(".")[2]
    never_made = [
        f"/calendar/{ADDRESSES.secret(key)}.ics",
        f"/calendar/{key.hex}.{signature}.ics",
        f"/calendar/{calendars.Addresses('appointments:desk').secret(key)}.ics",
        f"/calendar/{key_and_sign[:-1]}.ics",
        "/calendar/.ics",
        "/calendar/a.ics",
    ]
    for path in never_made:
        answer = fetch(path)
        assert answer.status_code == 404, path
        assert b"Page not found" in answer.content


def test_guess_costs_no_query(resident: Resident) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert fetch(f"/calendar/{uuid.uuid4().hex}.{'A' * 43}.ics").status_code == 404
    assert not queries.captured_queries


def test_address_works_on_while_the_portals_key_is_changed(
    resident: Resident, address: str, settings: Settings
) -> None:
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key"
    assert fetch(address).status_code == 404
    settings.SECRET_KEY_FALLBACKS = [old]
    assert fetch(address).status_code == 200


def test_database_alone_does_not_give_the_address(resident: Resident, address: str) -> None:
    resident.refresh_from_db()
    assert ADDRESSES.secret(resident.calendar_key) not in str(
        Resident.objects.filter(pk=resident.pk).values()
    )
    assert resident.calendar_key.hex in address


def test_calendar_that_is_read_too_often_is_refused_for_an_hour(
    address: str, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(datetime(2027, 1, 4, 9, tzinfo=UTC), tick=False)
    for _ in range(calendars.MOST_AN_HOUR):
        assert fetch(address).status_code == 200
    time_machine.shift(timedelta(minutes=50))
    refused = fetch(address)
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    time_machine.shift(timedelta(minutes=10))
    assert fetch(address).status_code == 200


def test_calendar_stays_as_it_is_while_a_service_fails(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(self: object, resident: Resident, start: date, end: date) -> None:
        raise RuntimeError("the back office is away")

    monkeypatch.setattr("appointments.service.Appointments.dates", away)
    answer = fetch(address)
    assert (answer.status_code, answer["Retry-After"]) == (503, "600")


def test_secret_is_in_no_log(address: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        fetch(address)
        fetch(address.replace(".ics", "x.ics"))
    finished = [line for line in caplog.messages if "request_finished" in line]
    assert ["GET calendar/<str:secret>.ics" in line for line in finished] == [True, True]
    key, signature = address.removeprefix("/calendar/").removesuffix(".ics").split(".")
    assert signature not in caplog.text
    # Queries are logged only while somebody debugs; the key alone is half of an address.
    assert not [
        r for r in caplog.records if key in r.getMessage() and r.name != "django.db.backends"
    ]


def test_calendar_ends_with_the_account(resident: Resident, address: str) -> None:
    assert export(resident)["sections"][0]["data"]["account"][0]["calendar_has_an_address"] is True
    close_account(resident=resident)
    assert fetch(address).status_code == 404


def test_calendar_stops_while_staff_do_not_let_the_resident_sign_in(
    resident: Resident, address: str
) -> None:
    Resident.objects.filter(pk=resident.pk).update(is_active=False)
    assert fetch(address).status_code == 404


def test_nobody_has_an_address_who_never_made_one(resident: Resident) -> None:
    switch_off(resident)
    assert ADDRESSES.of(resident.calendar_key) == ""


@pytest.mark.parametrize("rows", [1, 20])
def test_calendar_takes_the_same_few_queries_however_much_there_is(
    resident: Resident, address: str, rows: int
) -> None:
    """The resident; dates of council tax (1), benefits (2) and appointments (1)."""
    link = PersonLinkFactory.create(resident=resident)
    for number in range(rows):
        InstalmentFactory(
            account=household(resident), number=number + 20, due=in_days(number).date()
        )
        claim = ClaimFactory.create(person=link.person)
        AwardFactory(claim=claim)
        BenefitPaymentFactory(claim=claim, state="due", paid_on=in_days(number).date())
        AppointmentFactory(resident=resident, starts_at=in_days(number + 1))
    assert len(queries_for(address)) == 5


def queries_for(path: str) -> list[str]:
    """What is asked of the database, without counting (on Redis that asks nothing of it)."""
    with CaptureQueriesContext(connection) as captured:
        assert fetch(path).status_code == 200
    asked = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in asked if '"cache"' not in sql and "SAVEPOINT" not in sql]
