"""Staff look after hours and places, close desks, and cancel for the council."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from appointments.models import Appointment, BankHoliday, Closure, ExtraOpening
from tests.appointments.world import in_days, make_place
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import AppointmentFactory, ExtraOpeningFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/appointments/appointment/"


@pytest.fixture
def staff(portal: PortalClient) -> PortalClient:
    portal.sign_in(ResidentFactory.create(staff=True))
    return portal


def cancel(client: PortalClient, *appointments: Appointment) -> Any:
    data = {
        "action": "cancel_for_the_council",
        "_selected_action": [made.pk for made in appointments],
    }
    return client.post(LIST, data, follow=True)


def test_staff_cancel_for_the_council_and_the_resident_is_told(staff: PortalClient) -> None:
    ahead = AppointmentFactory.create(starts_at=in_days(3))
    over = AppointmentFactory.create(starts_at=in_days(-3))

    answer = cancel(staff, ahead, over)

    assert "Cancelled: 1." in answer.content.decode()
    assert f"{over.reference} is over." in answer.content.decode()
    assert LogEntry.objects.get().object_id == str(ahead.pk)
    ahead.refresh_from_db()
    assert ahead.status == Appointment.Status.CANCELLED_BY_COUNCIL


def test_staff_who_may_only_look_cannot_cancel(portal: PortalClient) -> None:
    viewer = ResidentFactory.create(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_appointment"))
    portal.sign_in(viewer)
    ahead = AppointmentFactory.create(starts_at=in_days(3))

    assert "may not cancel" in cancel(portal, ahead).content.decode()
    ahead.refresh_from_db()
    assert ahead.status == Appointment.Status.BOOKED


def test_staff_who_close_a_desk_see_whose_appointments_it_affects(staff: PortalClient) -> None:
    _, place = make_place()
    made = AppointmentFactory.create(desk=place.desks[0], starts_at=in_days(3))
    day = in_days(3).date().isoformat()
    form = {
        "desk": place.desks[0].pk,
        "kind": "absence",
        "starts_at_0": day,
        "starts_at_1": "00:00",
        "ends_at_0": day,
        "ends_at_1": "23:00",
        "reason": "Ill",
    }

    answer = staff.post("/admin/appointments/closure/add/", form, follow=True)

    assert made.reference in answer.content.decode()
    assert Closure.objects.count() == 1


@pytest.mark.parametrize(
    "model",
    [
        "location",
        "desk",
        "service",
        "openingrule",
        "extraopening",
        "closure",
        "bankholiday",
        "appointment",
        "occupiedcell",
        "deskservice",
    ],
)
def test_staff_can_search_every_list(staff: PortalClient, model: str) -> None:
    AppointmentFactory.create()

    answer = staff.get(f"/admin/appointments/{model}/?q=a")

    assert answer.status_code in ({404} if model in ("openingrule", "deskservice") else {200})


def test_staff_cannot_edit_an_appointment_by_hand(staff: PortalClient) -> None:
    made = AppointmentFactory.create()

    assert staff.post(f"{LIST}{made.pk}/change/", {"lane": 5}).status_code == 403
    assert staff.get(f"{LIST}add/").status_code == 403


HOLIDAYS = "/admin/appointments/bankholiday/"


def test_staff_add_bank_holidays_from_the_list_and_what_they_changed_stays(
    staff: PortalClient,
) -> None:
    BankHoliday.objects.create(date="2026-12-25", title="Christmas, as we call it")
    assert "from GOV.UK’s list" in staff.get(HOLIDAYS).content.decode()

    for _ in range(2):
        answer = staff.post(f"{HOLIDAYS}import/", follow=True)

    assert "Bank holidays added: 0." in answer.content.decode()
    assert BankHoliday.objects.get(date="2026-12-25").title == "Christmas, as we call it"
    assert BankHoliday.objects.get(date="2027-12-28").title == "Boxing Day"
    assert LogEntry.objects.count() == BankHoliday.objects.count() - 1
    assert staff.get(f"{HOLIDAYS}import/").status_code == 405


def test_staff_who_may_not_add_bank_holidays_cannot_import_them(portal: PortalClient) -> None:
    viewer = ResidentFactory.create(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_bankholiday"))
    portal.sign_in(viewer)

    assert "from GOV.UK’s list" not in portal.get(HOLIDAYS).content.decode()
    assert portal.post(f"{HOLIDAYS}import/").status_code == 403
    assert not BankHoliday.objects.exists()


def test_staff_who_add_a_bank_holiday_hear_whose_appointments_it_affects(
    staff: PortalClient,
) -> None:
    _, place = make_place()
    made = AppointmentFactory.create(desk=place.desks[0], starts_at=in_days(3))
    fine = AppointmentFactory.create(desk=place.desks[0], starts_at=in_days(4))

    form = {"date": in_days(3).date().isoformat(), "title": "A day off"}
    answer = staff.post(f"{HOLIDAYS}add/", form, follow=True).content.decode()

    assert made.reference in answer and fine.reference not in answer


@pytest.mark.parametrize("how", ["on its page", "in the list"])
def test_staff_who_take_hours_away_hear_whose_appointments_stood_in_them(
    staff: PortalClient, how: str
) -> None:
    _, place = make_place()
    desk = place.desks[0]
    late = in_days(3, 18)
    extra = ExtraOpeningFactory.create(
        location=None, desk=desk, date=late.date(), opens="17:00", closes="20:00"
    )
    made = AppointmentFactory.create(desk=desk, starts_at=late)
    url = "/admin/appointments/extraopening/"

    if how == "on its page":
        answer = staff.post(f"{url}{extra.pk}/delete/", {"post": "yes"}, follow=True)
    else:
        chosen = {"action": "delete_selected", "_selected_action": [extra.pk], "post": "yes"}
        answer = staff.post(url, chosen, follow=True)

    assert made.reference in answer.content.decode()
    assert not ExtraOpening.objects.exists()


def test_staff_forget_somebody_without_an_account_who_asks_for_it(staff: PortalClient) -> None:
    caller = {"resident": None, "caller_name": "Ada Byron", "phone": "0161 496 0000"}
    over = AppointmentFactory.create(**caller, starts_at=in_days(-1), overbook_reason="Ill")
    ahead = AppointmentFactory.create(**caller, starts_at=in_days(3))
    resident = AppointmentFactory.create(starts_at=in_days(-1))
    data = {"action": "forget", "_selected_action": [over.pk, ahead.pk, resident.pk]}

    answer = staff.post(LIST, data, follow=True)

    assert "Forgotten: 1. Left alone: 2." in answer.content.decode()
    over.refresh_from_db()
    assert (over.caller_name, over.phone, over.overbook_reason) == ("", "", "")
    for kept in (ahead, resident):
        kept.refresh_from_db()
        assert kept.anonymised_at is None
    assert LogEntry.objects.get().object_id == str(over.pk)


def test_staff_who_may_only_look_forget_nobody(portal: PortalClient) -> None:
    viewer = ResidentFactory.create(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_appointment"))
    portal.sign_in(viewer)
    over = AppointmentFactory.create(
        resident=None, caller_name="Ada Byron", phone="0161 496 0000", starts_at=in_days(-1)
    )

    data = {"action": "forget", "_selected_action": [over.pk]}
    assert portal.post(LIST, data).status_code == 403
