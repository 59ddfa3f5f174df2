"""Staff look after hours and places, close desks, and cancel for the council."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission

from appointments.models import Appointment, Closure
from tests.appointments.world import in_days, make_place
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import AppointmentFactory

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
