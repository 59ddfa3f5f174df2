"""The pages of appointments, as residents use them without JavaScript."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import Resident
from appointments import actions
from appointments.models import Appointment, Channel, Closure, OccupiedCell, Service
from appointments.places import Place, places
from stockport.outbox.models import Delivery
from tests.appointments.world import in_days, make_place
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import (
    AppointmentFactory,
    DeskFactory,
    DeskServiceFactory,
    LocationFactory,
)

pytestmark = pytest.mark.django_db

# Fixed: the processes of a parallel run must agree on the names of the tests.
UNKNOWN = uuid.UUID("8fa7f6ae-e5dc-4edd-a578-1498f813b40c")


def times_page(service: Service, place: Place, start: datetime) -> str:
    return f"/appointments/book/{service.slug}/{place.slug}/{start.date().isoformat()}/"


def stamp(start: datetime) -> str:
    return f"{start:%Y%m%dT%H%MZ}"


def held_by(resident: Resident, service: Service, place: Place, start: datetime) -> Appointment:
    return actions.hold(resident=resident, service=service, place=place, starts_at=start)


def booked_by(resident: Resident, service: Service, place: Place, start: datetime) -> Appointment:
    return actions.confirm(appointment=held_by(resident, service, place, start))


def test_resident_books_an_appointment_page_by_page(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place(name="Register a birth", bring="The red book\nYour passport")
    start = in_days(3, 14)

    page = signed_in.get("/appointments/").page
    assert page.h1 == "Appointments"
    page = signed_in.get("/appointments/book/").page
    assert "Register a birth" in page.text("main")
    page = signed_in.get(f"/appointments/book/{service.slug}/").page
    assert "First available" in page.text("main")
    page = signed_in.get(f"/appointments/book/{service.slug}/town-hall/").page
    assert start.date().strftime("%A") in page.text("main")

    page = signed_in.get(times_page(service, place, start)).page
    assert len(page.select("input[type=radio]")) == 16
    answer = signed_in.post(times_page(service, place, start), {"start": stamp(start)})
    held = Appointment.objects.get()
    assert answer.url == f"/appointments/held/{held.uuid}/needs/"
    answer = signed_in.post(answer.url, {"needs": ["needs_bsl", "needs_interpreter"]})
    assert answer.url.endswith("/language/")
    answer = signed_in.post(answer.url, {"language": "Urdu"})
    assert answer.url.endswith("/notes/")
    answer = signed_in.post(answer.url, {"notes": "I use the side door."})
    assert answer.url.endswith("/check/")
    text = signed_in.get(answer.url).page.text("main")
    assert "Urdu" in text and "I use the side door." in text and "The red book" in text
    answer = signed_in.post(answer.url)
    page = signed_in.get(answer.url).page

    held.refresh_from_db()
    assert held.reference in page.text("main")
    assert held.status == Appointment.Status.BOOKED
    assert (held.needs_bsl, held.language, held.starts_at) == (True, "Urdu", start)
    assert Delivery.objects.get().payload["to"] == [resident.email]


def test_each_time_says_its_weekday_date_and_place_to_screen_readers(
    signed_in: PortalClient,
) -> None:
    service, place = make_place()
    start = in_days(3, 9)

    page = signed_in.get(times_page(service, place, start)).page

    label = page.text("label[for=id_start]")
    assert label.startswith("9am")
    assert f"{start:%A}" in label and str(start.year) in label and "Town Hall" in label
    assert [h for h in ("Morning", "Afternoon") if h in page.text("main")] == [
        "Morning",
        "Afternoon",
    ]


def test_soonest_place_comes_first_and_a_place_without_times_last(signed_in: PortalClient) -> None:
    service, _ = make_place(name="Blue Badge help")
    never = LocationFactory.create(name="Annexe", slug="annexe")
    DeskServiceFactory.create(service=service, desk=DeskFactory.create(location=never))

    text = signed_in.get(f"/appointments/book/{service.slug}/").page.text("main")

    assert text.index("Town Hall") < text.index("Annexe") < text.index("no times at present")


def test_phone_appointment_asks_for_a_number_and_keeps_what_was_typed(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    DeskServiceFactory.create(service=service, desk=place.desks[0], channel=Channel.PHONE)
    by_phone = next(found for found in places(service) if found.channel == Channel.PHONE)
    held = held_by(resident, service, by_phone, in_days(3))
    check, phone = (f"/appointments/held/{held.uuid}/{page}/" for page in ("check", "phone"))

    assert signed_in.get(check).url == phone
    page = signed_in.post(phone, {"phone": "call me"}).page
    assert page.errors == ["Enter a phone number with 10 to 15 numbers"]
    assert 'value="call me"' in signed_in.post(phone, {"phone": "call me"}).content.decode()
    assert signed_in.post(phone + "?change=1", {"phone": "01632 960001"}).url == check
    assert "01632 960001" in signed_in.get(signed_in.post(check).url).page.text("main")


def test_choosing_no_time_says_what_to_do(signed_in: PortalClient) -> None:
    service, place = make_place()

    page = signed_in.post(times_page(service, place, in_days(3)), {}).page
    assert page.errors == ["Select a time"]
    assert page.title.startswith("Error: ")
    page = signed_in.post(times_page(service, place, in_days(3)), {"start": "yesterday"}).page
    assert page.errors == ["Select a time"]


def test_time_that_somebody_took_meanwhile_brings_the_nearest_others(
    signed_in: PortalClient,
) -> None:
    service, place = make_place()
    start = in_days(3)
    held_by(ResidentFactory.create(), service, place, start)

    answer = signed_in.post(times_page(service, place, start), {"start": stamp(start)})

    assert answer.status_code == 409
    [error] = answer.page.errors
    assert error.startswith("10am on") and "no longer free" in error
    offered = [node.get("value") for node in answer.page.select("input[type=radio]")]
    assert stamp(in_days(3, 9, 30)) in offered and stamp(in_days(3, 10, 30)) in offered
    assert stamp(start) not in offered
    assert answer.page.text("main h2.govuk-heading-m") == error[8:].partition(" is no")[0]


def test_answers_survive_when_somebody_else_takes_the_time(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    held = held_by(resident, service, place, in_days(3))
    signed_in.post(f"/appointments/held/{held.uuid}/needs/", {"needs": ["needs_quiet_room"]})
    Appointment.objects.update(hold_expires_at=timezone.now())
    held_by(ResidentFactory.create(), service, place, in_days(3))

    notes = f"/appointments/held/{held.uuid}/notes/"
    answer = signed_in.post(notes, {"notes": "Knock twice."}, follow=True)
    assert answer.status_code == 409
    answer = signed_in.post(
        times_page(service, place, in_days(3)), {"start": stamp(in_days(3, 11))}
    )
    again = Appointment.objects.for_resident(resident).get(status=Appointment.Status.HELD)

    assert (again.needs_quiet_room, again.notes) == (True, "Knock twice.")
    assert again.reference in signed_in.get(
        signed_in.post(f"/appointments/held/{again.uuid}/check/").url
    ).page.text("main")


def test_hold_that_ran_out_can_still_be_booked_when_nobody_took_it(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    held = held_by(resident, service, place, in_days(3))
    Appointment.objects.update(hold_expires_at=timezone.now())
    check = f"/appointments/held/{held.uuid}/check/"

    assert "can still book it" in signed_in.get(check).page.text("main")
    assert signed_in.post(check).url == f"/appointments/{held.uuid}/booked/"


def test_confirming_twice_and_going_back_gives_one_booking_and_the_same_page(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    start = in_days(3)
    first = signed_in.post(times_page(service, place, start), {"start": stamp(start)})
    again = signed_in.post(times_page(service, place, start), {"start": stamp(start)})
    assert first.url == again.url
    held = Appointment.objects.get()
    check = f"/appointments/held/{held.uuid}/check/"

    assert signed_in.post(check).url == signed_in.post(check).url
    assert signed_in.get(check).url == f"/appointments/{held.uuid}/booked/"
    assert signed_in.get(first.url).url == f"/appointments/{held.uuid}/"
    answer = signed_in.post(times_page(service, place, start), {"start": stamp(start)})

    assert answer.status_code == 409
    assert answer.page.h1 == "You already have an appointment"
    assert Appointment.objects.count() == Delivery.objects.count() == 1


def test_choosing_another_time_moves_the_hold(signed_in: PortalClient, resident: Resident) -> None:
    service, place = make_place()
    held_by(resident, service, place, in_days(3))

    page = signed_in.get(times_page(service, place, in_days(3))).page
    assert len(page.select("input[type=radio]")) == 16
    signed_in.post(times_page(service, place, in_days(3)), {"start": stamp(in_days(3, 15))})

    held = Appointment.objects.get(status=Appointment.Status.HELD)
    assert held.starts_at == in_days(3, 15)
    assert OccupiedCell.objects.count() == 6


def test_resident_cancels_after_being_asked_once_more(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    made = booked_by(resident, service, place, in_days(3))
    url = f"/appointments/{made.uuid}/"

    assert signed_in.get(url + "cancel/").page.h1 == "Are you sure you want to cancel?"
    assert Appointment.objects.booked().exists()
    assert signed_in.post(url + "cancel/").url == url
    assert signed_in.post(url + "cancel/").url == url

    assert "Cancelled by you" in signed_in.get(url).page.text("main")
    assert not OccupiedCell.objects.exists()
    assert Delivery.objects.count() == 2


def test_resident_cannot_cancel_at_the_last_moment(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place(cancel_cutoff=200)
    made = booked_by(resident, service, place, in_days(3))
    url = f"/appointments/{made.uuid}/"

    assert "too late to change or cancel" in signed_in.get(url).page.text("main")
    assert signed_in.get(url + "cancel/").url == url
    answer = signed_in.post(url + "cancel/", follow=True)

    assert "too late to cancel" in answer.page.text("main")
    assert Appointment.objects.booked().exists()


def test_calendar_file_opens_in_a_calendar(signed_in: PortalClient, resident: Resident) -> None:
    service, place = make_place()
    made = booked_by(resident, service, place, in_days(3))

    answer = signed_in.get(f"/appointments/{made.uuid}/calendar.ics")

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"METHOD:PUBLISH\r\n" in answer.content
    assert b"ATTENDEE" not in answer.content


@pytest.mark.parametrize("page", ["", "booked/", "cancel/", "calendar.ics"])
def test_resident_cannot_see_someone_elses_appointment(signed_in: PortalClient, page: str) -> None:
    other = AppointmentFactory.create()

    assert signed_in.get(f"/appointments/{other.uuid}/{page}").status_code == 404
    assert signed_in.post(f"/appointments/{other.uuid}/cancel/").status_code == 404
    other.refresh_from_db()
    assert other.status == Appointment.Status.BOOKED


@pytest.mark.parametrize("page", ["needs", "notes", "check"])
def test_resident_cannot_answer_for_someone_else(signed_in: PortalClient, page: str) -> None:
    other = AppointmentFactory.create(held=True)

    assert signed_in.get(f"/appointments/held/{other.uuid}/{page}/").status_code == 404
    assert signed_in.post(f"/appointments/held/{other.uuid}/{page}/", {}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "book/nothing/",
        "book/nothing/town-hall/",
        "book/{service}/nowhere/",
        "book/{service}/phone/",
        "book/{service}/nowhere/2027-01-01/",
        "book/{service}/town-hall/tomorrow/",
        "book/{service}/town-hall/2027-02-30/",
        "book/{service}/town-hall/0001-01-01/",
        "book/{service}/town-hall/9999-12-31/",
        "{unknown}/",
        "held/{unknown}/check/",
        "held/{held}/phone/",
        "held/{held}/shoe-size/",
        "{held}/",
    ],
)
def test_address_that_leads_nowhere_is_not_found(
    signed_in: PortalClient, resident: Resident, path: str
) -> None:
    service, place = make_place()
    held = held_by(resident, service, place, in_days(3))
    path = path.format(service=service.slug, unknown=UNKNOWN, held=held.uuid)

    assert signed_in.get(f"/appointments/{path}").status_code == 404


def test_day_without_times_leads_back_to_the_days_that_have_some(signed_in: PortalClient) -> None:
    service, place = make_place()
    past = in_days(-3)

    answer = signed_in.get(times_page(service, place, past), follow=True)

    assert answer.page.h1 == "Choose a day"
    assert "There are no times left on" in answer.page.text("main")


def test_days_are_shown_four_weeks_at_a_time_whatever_the_month(signed_in: PortalClient) -> None:
    service, _ = make_place(max_advance=60)
    address = f"/appointments/book/{service.slug}/town-hall/"

    first = signed_in.get(address).page
    assert len(first.select("main h2")) == 4
    [later] = first.select("nav[aria-label='Other weeks'] a")
    second = signed_in.get(f"{address}{later.get('href')}").page
    assert len(second.select("main h2")) == 4
    assert second.select("main h2")[0].text not in first.text("main")
    earlier = second.select("nav[aria-label='Other weeks'] a")[0]
    assert signed_in.get(f"{address}{earlier.get('href')}").page.text("main") == first.text("main")


def test_service_that_cannot_be_booked_now_says_so(signed_in: PortalClient) -> None:
    service, place = make_place()
    Closure.objects.create(starts_at=in_days(-1), ends_at=in_days(100))

    assert "no times at present" in signed_in.get(f"/appointments/book/{service.slug}/").page.text(
        "main"
    )
    days = signed_in.get(f"/appointments/book/{service.slug}/town-hall/?from=nonsense")
    assert "There are no times at present" in days.page.text("main")
    gone = signed_in.post(times_page(service, place, in_days(3)), {"start": stamp(in_days(3))})
    assert gone.status_code == 409
    assert gone.page.h1 == "That time is no longer free"


def test_held_time_at_a_place_that_closed_for_good_leads_to_the_other_places(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    held = held_by(resident, service, place, in_days(3))
    place.desks[0].offers.all().delete()
    Closure.objects.create(desk=place.desks[0], starts_at=in_days(-1), ends_at=in_days(100))

    answer = signed_in.post(f"/appointments/held/{held.uuid}/check/")

    assert answer.url == f"/appointments/book/{service.slug}/"


def test_language_and_notes_that_are_too_long_are_kept_on_the_page(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    held = held_by(resident, service, place, in_days(3))
    signed_in.post(f"/appointments/held/{held.uuid}/needs/", {"needs": ["needs_interpreter"]})

    for step, limit in (("language", 60), ("notes", 500)):
        page = f"/appointments/held/{held.uuid}/{step}/"
        answer = signed_in.post(page, {step: "x" * (limit + 1)})
        assert [error.endswith(f"{limit} characters or fewer") for error in answer.page.errors] == [
            True
        ]
        assert "x" * (limit + 1) in answer.content.decode()
    assert signed_in.post(f"/appointments/held/{held.uuid}/needs/", {"needs": ["gold"]}).page.errors


def test_interpreter_without_a_language_cannot_be_booked(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    held = held_by(resident, service, place, in_days(3))
    signed_in.post(f"/appointments/held/{held.uuid}/needs/", {"needs": ["needs_interpreter"]})

    answer = signed_in.post(f"/appointments/held/{held.uuid}/check/")

    assert answer.url == f"/appointments/held/{held.uuid}/language/"


def test_past_and_cancelled_appointments_are_listed_with_their_fate(
    signed_in: PortalClient, resident: Resident
) -> None:
    for days in range(12):
        AppointmentFactory.create(resident=resident, starts_at=in_days(-2 - days))
    made = AppointmentFactory.create(resident=resident, starts_at=in_days(4))
    OccupiedCell.objects.filter(appointment=made).delete()
    Appointment.objects.filter(pk=made.pk).update(
        status=Appointment.Status.CANCELLED_BY_COUNCIL,
        cancelled_at=timezone.now(),
        cancel_reason="The adviser is ill.",
    )

    text = signed_in.get("/appointments/").page.text("main")
    assert "Cancelled by the council" in text and "Past" in text
    assert "The adviser is ill." in signed_in.get(f"/appointments/{made.uuid}/").page.text("main")
    assert signed_in.get("/appointments/?page=2").status_code == 200
    assert signed_in.get("/appointments/?page=nonsense").status_code == 200


def test_half_finished_booking_is_offered_on_the_first_page(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    held_by(resident, service, place, in_days(3))
    assert "Finish booking" in signed_in.get("/appointments/").page.text("main")
    Appointment.objects.update(hold_expires_at=timezone.now() - timedelta(minutes=1))
    assert "Finish booking" not in signed_in.get("/appointments/").page.text("main")


@pytest.mark.parametrize("path", [f"{UNKNOWN}/booked/", f"{UNKNOWN}/", f"held/{UNKNOWN}/check/"])
def test_visitor_is_asked_to_sign_in(portal: PortalClient, path: str) -> None:
    answer = portal.get(f"/appointments/{path}")

    assert answer.status_code == 302
    assert "next=" in answer.url
