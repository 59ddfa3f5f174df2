"""What staff do about appointments, in a browser that runs no scripts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from appointments.models import Appointment
from tests.appointments.world import in_days, make_place
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import AppointmentFactory
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
CALLER = {"resident": None, "caller_name": "Ada Byron", "phone": "0161 496 0000"}


def keep_picture(staff: Visitor, name: str) -> None:
    if SCREENSHOTS:
        picture = Path(SCREENSHOTS) / f"staff-appointments-{name}.png"
        staff.page.screenshot(path=picture, full_page=True)


def press(staff: Visitor, text: str) -> None:
    with staff.page.expect_navigation():
        staff.page.get_by_role("button", name=text).first.click()


def follow(staff: Visitor, text: str) -> None:
    with staff.page.expect_navigation():
        staff.page.get_by_role("link", name=text, exact=True).first.click()


def test_day_is_printed_a_desk_is_closed_and_a_caller_is_booked(plain: Visitor) -> None:
    service, place = make_place(desks=2, lanes=1, name="Talk to a benefits adviser")
    first, second = place.desks
    for hour in (9, 11, 14):
        AppointmentFactory.create(service=service, desk=first, starts_at=in_days(3, hour))
    AppointmentFactory.create(service=service, desk=first, starts_at=in_days(3, 15), **CALLER)
    for hour in (11, 14, 15):
        AppointmentFactory.create(
            service=service, desk=second, starts_at=in_days(3, hour), notes="Knock twice.",
            needs_interpreter=True, language="Urdu",
        )  # fmt: skip
    now = AppointmentFactory.create(desk=first, service=service, starts_at=in_days(0, 0))
    plain.sign_in(ResidentFactory.create(staff=True))
    day = f"/admin/appointments/location/{first.location_id}/day/"

    plain.page.goto(f"{plain.site}{day}")
    press(plain, "Called in")
    now.refresh_from_db()
    assert now.status == Appointment.Status.ATTENDED
    keep_picture(plain, "today")
    plain.page.goto(f"{plain.site}{day}?day={in_days(3).date()}")
    keep_picture(plain, "day")
    plain.page.emulate_media(media="print")
    keep_picture(plain, "day-printed")
    plain.page.emulate_media(media="screen")

    plain.page.goto(f"{plain.site}/admin/appointments/closure/add/")
    plain.page.get_by_label("Desk:").select_option(str(first.pk))
    for name in ("starts_at", "ends_at"):
        plain.page.locator(f"[name={name}_0]").fill(in_days(3).date().isoformat())
    plain.page.locator("[name=starts_at_1]").fill("00:00")
    plain.page.locator("[name=ends_at_1]").fill("23:00")
    press(plain, "Save")
    keep_picture(plain, "affected")
    press(plain, "Move, offer or cancel them")
    keep_picture(plain, "settled")
    assert "To phone: 1" in plain.page.locator("#content").inner_text()

    plain.page.goto(f"{plain.site}/admin/appointments/appointment/")
    keep_picture(plain, "list")
    follow(plain, "Book for somebody")
    follow(plain, service.name)
    plain.page.get_by_label("Day:").fill(in_days(3).date().isoformat())
    press(plain, "Show the times")
    plain.page.get_by_label("11am (full)").check()
    plain.page.get_by_label("Or their name:").fill("Grace Murray")
    plain.page.get_by_label("Phone number:").fill("0161 496 0001")
    press(plain, "Book")
    keep_picture(plain, "book-refused")
    plain.page.get_by_label("Why it is booked over").fill("Sleeps outside tonight")
    press(plain, "Book")
    keep_picture(plain, "booked")
    assert Appointment.objects.get(caller_name="Grace Murray").lane == 1
    plain.page.goto(f"{plain.site}/admin/appointments/appointment/report/")
    keep_picture(plain, "figures")
    plain.faults.clear()  # the admin has no icon


def test_day_fits_a_phone(phone: Visitor) -> None:
    service, place = make_place()
    AppointmentFactory.create(service=service, desk=place.desks[0], starts_at=in_days(0, 0))
    phone.sign_in(ResidentFactory.create(staff=True))

    phone.page.goto(f"{phone.site}/admin/appointments/location/{place.desks[0].location_id}/day/")

    keep_picture(phone, "phone-day")
    assert phone.page.get_by_role("button", name="Called in").is_visible()
    phone.faults.clear()  # the admin has no icon
