"""Staff book, move and cancel for somebody who phones or stands at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.models import Resident
from appointments import actions
from appointments.checks import problems
from appointments.errors import AlreadyBooked, CannotMove, SlotTaken
from appointments.forms.time import STAMP
from appointments.models import Appointment, Closure, Desk, Service
from appointments.places import Place, places
from stockport.outbox.models import Delivery
from tests.appointments.world import in_days, make_place
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import AppointmentFactory
from tests.factories.outbox import TextsFactory

pytestmark = pytest.mark.django_db
BOOK = "/admin/appointments/appointment/book/"
ADA = {"caller_name": "Ada Byron", "phone": "0161 496 0000"}
Status = Appointment.Status


@pytest.fixture
def staff(portal: PortalClient) -> PortalClient:
    portal.sign_in(ResidentFactory.create(staff=True))
    return portal


@pytest.fixture
def clerk(portal: PortalClient) -> PortalClient:
    """Staff who may book and change, but not over what is full."""
    somebody = ResidentFactory.create(is_staff=True)
    names = ["view_appointment", "add_appointment", "change_appointment"]
    somebody.user_permissions.set(Permission.objects.filter(codename__in=names))
    portal.sign_in(somebody)
    return portal


@pytest.fixture(autouse=True)
def cells_are_intervals_afterwards() -> Iterator[None]:
    yield
    assert problems() == []


def stamp(moment: datetime) -> str:
    return moment.strftime(STAMP)


def address(service: Service, moment: datetime, **more: object) -> str:
    query = "&".join(f"{name}={value}" for name, value in more.items())
    return f"{BOOK}?service={service.slug}&day={moment.date()}&{query}"


def book(staff: PortalClient, service: Service, at: datetime, **sent: object) -> Any:
    form = {"start": stamp(at), **ADA, **sent}
    return staff.post(address(service, at), form, follow=True)


def wanted(service: Service, **fields: object) -> Appointment:
    return Appointment(service=service, **{**ADA, **fields})


def full_place() -> tuple[Service, Place, Appointment]:
    service, place = make_place()
    made = AppointmentFactory.create(service=service, desk=place.desks[0], starts_at=in_days(3, 10))
    return service, place, made


def test_caller_without_account_is_booked_with_a_name_and_a_number(staff: PortalClient) -> None:
    service, _ = make_place(bring="Your bill")
    assert service.name in staff.get(BOOK).content.decode()
    page = staff.get(address(service, in_days(3))).content.decode()
    assert "10am (1 free)" in page and "Your bill" in page

    answer = book(staff, service, in_days(3, 10), needs=["needs_interpreter"], language="Urdu")

    made = Appointment.objects.get()
    assert (made.who, made.phone, made.status) == ("Ada Byron", ADA["phone"], Status.BOOKED)
    assert (made.needs_interpreter, made.language) == (True, "Urdu")
    assert made.reference in answer.content.decode()
    assert not Delivery.objects.exists()
    assert LogEntry.objects.get().change_message == "Booked for somebody."


def test_caller_with_e_mail_gets_it_in_their_calendar_without_a_link(staff: PortalClient) -> None:
    service, _ = make_place()

    book(staff, service, in_days(3, 10), caller_email="ada@example.org")

    [delivery] = Delivery.objects.all()
    assert delivery.payload["to"] == ["ada@example.org"]
    event = delivery.payload["attachments"][0]["content"]
    for text in (delivery.payload["body"], event):
        assert "/appointments/" not in text
    assert "METHOD:REQUEST" in event


def test_caller_is_reminded_by_text_where_they_want_it(staff: PortalClient) -> None:
    service, _ = make_place()
    assert "text reminder" not in staff.get(address(service, in_days(3))).content.decode()
    TextsFactory()
    assert "text reminder" in staff.get(address(service, in_days(3))).content.decode()

    answer = book(staff, service, in_days(3, 10), text_to="0161 496 0000")
    assert "Enter a UK mobile number, like 07700 900123." in answer.content.decode()
    book(staff, service, in_days(3, 10), text_to="07700 900123")

    assert Appointment.objects.get().text_to == "+447700900123"


def test_caller_with_account_sees_the_appointment_there(staff: PortalClient) -> None:
    service, _ = make_place()
    resident = ResidentFactory.create(email="ada@example.org")

    nobody = {"caller_name": "", "phone": ""}
    book(staff, service, in_days(3, 10), **nobody, account="Ada@Example.org")

    made = Appointment.objects.for_resident(resident).get()
    assert (made.caller_name, made.status) == ("", Status.BOOKED)
    [delivery] = Delivery.objects.all()
    assert made.get_absolute_url() in delivery.payload["body"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"caller_name": ""}, "Enter the account or the name."),
        ({"phone": ""}, "Enter a phone number or an e-mail address."),
        ({"account": "nobody@example.org"}, "Nobody has an account with this address."),
        ({"needs": ["needs_interpreter"]}, "Say which language the interpreter speaks."),
        ({"language": "Urdu"}, "A language is only for an interpreter"),
        ({"start": ""}, "This field is required."),
        ({"start": "20270101T0000Z"}, "Select a valid choice."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(
    staff: PortalClient, sent: dict[str, object], said: str
) -> None:
    service, _ = make_place()

    page = book(staff, service, in_days(3, 10), notes="Knock twice.", **sent).content.decode()

    assert said in page and "Knock twice." in page
    assert not Appointment.objects.exists()


def test_account_and_name_together_are_refused(staff: PortalClient) -> None:
    service, _ = make_place()
    resident = ResidentFactory.create()

    page = book(staff, service, in_days(3, 10), account=resident.email).content.decode()

    assert "Give an account, or a name and an e-mail address." in page


def test_phone_appointment_needs_the_number_to_call(staff: PortalClient) -> None:
    service, place = make_place()
    place.desks[0].offers.update(channel="phone")

    sent = {"phone": "", "caller_email": "ada@example.org"}
    page = book(staff, service, in_days(3, 10), **sent).content.decode()

    assert "Enter the number to call." in page


def test_visit_at_home_needs_the_address(staff: PortalClient) -> None:
    service, place = make_place()
    place.desks[0].offers.update(channel="home")
    assert "Enter the address to visit." in book(staff, service, in_days(3, 10)).content.decode()

    book(staff, service, in_days(3, 10), address="1 High Street, Marple")

    made = Appointment.objects.get()
    assert (made.channel, made.address) == ("home", "1 High Street, Marple")
    day = f"/admin/appointments/location/{made.desk.location_id}/day/?day={in_days(3).date()}"
    assert made.address in staff.get(day).content.decode()


def test_staff_need_no_notice_and_use_what_is_kept_for_people_who_walk_in(
    resident: Resident,
) -> None:
    service, place = make_place(min_notice=200, max_advance=1)
    Desk.objects.update(online=False)
    [kept] = places(service, for_staff=True)

    with pytest.raises(SlotTaken):
        actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))
    made = actions.book_for(wanted=wanted(service), place=kept, starts_at=in_days(3))

    assert made.status == Status.BOOKED
    assert places(service) == []


def test_longer_appointment_for_several_takes_its_time(staff: PortalClient) -> None:
    service, _ = make_place(max_people=3, minutes_per_person=10, longer_minutes=15)
    url = address(service, in_days(3), people=3, longer="on")

    staff.post(url, {"start": stamp(in_days(3, 10)), **ADA})

    made = Appointment.objects.get()
    assert made.ends_at - made.starts_at == timedelta(minutes=30 + 20 + 15)
    assert (made.people, made.needs_longer) == (3, True)
    assert "for 3 at most" in staff.get(address(service, in_days(3), people=4)).content.decode()


def test_time_of_a_hold_that_ran_out_is_given_to_a_caller() -> None:
    service, place = make_place()
    held = AppointmentFactory.create(
        held=True, service=service, desk=place.desks[0], starts_at=in_days(3),
        hold_expires_at=timezone.now(),
    )  # fmt: skip

    actions.book_for(wanted=wanted(service), place=place, starts_at=in_days(3))

    held.refresh_from_db()
    assert held.status == Status.EXPIRED


def test_resident_is_not_booked_twice_at_once(resident: Resident) -> None:
    service, place = make_place(desks=2)
    AppointmentFactory.create(resident=resident, starts_at=in_days(3))
    theirs = Appointment(service=service, resident=resident)

    with pytest.raises(AlreadyBooked):
        actions.book_for(wanted=theirs, place=place, starts_at=in_days(3))


def test_full_time_is_booked_over_with_a_reason_in_a_lane_beyond(staff: PortalClient) -> None:
    service, _, made = full_place()
    page = staff.get(address(service, in_days(3))).content.decode()
    assert "10am (full)" in page

    assert "Say why it is booked over." in book(staff, service, in_days(3, 10)).content.decode()
    for _ in range(2):
        book(staff, service, in_days(3, 10), reason="Sleeps outside tonight")

    lanes = Appointment.objects.filter(starts_at=made.starts_at).values_list("lane", flat=True)
    assert sorted(lanes) == [0, 1, 2]
    over = Appointment.objects.get(lane=1)
    assert over.overbook_reason == "Sleeps outside tonight"
    said = LogEntry.objects.order_by("pk")[0].change_message
    assert said == "Booked for somebody, over what is full."


def test_free_time_needs_no_reason_and_keeps_none(staff: PortalClient) -> None:
    service, _, _ = full_place()

    book(staff, service, in_days(3, 11), reason="In case")

    assert Appointment.objects.get(caller_name="Ada Byron").overbook_reason == ""


def test_staff_without_the_permission_do_not_book_over(clerk: PortalClient) -> None:
    service, _, _ = full_place()

    page = clerk.get(address(service, in_days(3))).content.decode()
    assert "10am" not in page and "10:30am (1 free)" in page
    book(clerk, service, in_days(3, 10), reason="Sleeps outside tonight")
    assert Appointment.objects.count() == 1

    book(clerk, service, in_days(3, 11))
    assert Appointment.objects.count() == 2


def test_nobody_is_booked_over_while_the_desk_is_closed() -> None:
    service, place, _ = full_place()
    Closure.objects.create(starts_at=in_days(3, 9), ends_at=in_days(3, 12))

    with pytest.raises(SlotTaken):
        actions.book_for(
            wanted=wanted(service), place=place, starts_at=in_days(3, 10), reason="Urgent"
        )


def test_time_taken_meanwhile_is_said_and_nothing_is_lost(
    staff: PortalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, place = make_place()
    real = actions.book_for

    def just_taken(**asked: Any) -> Appointment:
        real(wanted=wanted(service), place=place, starts_at=in_days(3, 10))
        return real(**asked)

    monkeypatch.setattr("appointments.actions.book_for", just_taken)
    page = book(staff, service, in_days(3, 10), notes="Knock twice.").content.decode()

    assert "This time has just been taken." in page and "Knock twice." in page


def test_staff_move_an_appointment_and_the_caller_is_told(staff: PortalClient) -> None:
    _, _, made = full_place()
    url = f"/admin/appointments/appointment/{made.pk}/"
    assert f"{url}do/move/" in staff.get(f"{url}change/").content.decode()
    assert "10am (1 free)" in staff.get(f"{url}do/move/").content.decode()

    answer = staff.post(f"{url}do/move/", {"start": stamp(in_days(3, 14))}, follow=True)

    made.refresh_from_db()
    assert (made.starts_at, made.ical_sequence) == (in_days(3, 14), 1)
    assert "Moved: " in answer.content.decode()
    [delivery] = Delivery.objects.all()
    assert delivery.payload["subject"].startswith("Changed")
    assert LogEntry.objects.get().change_message.startswith("Moved from ")


def test_staff_move_without_notice_and_over_what_is_full_with_a_reason() -> None:
    service, place, _ = full_place()
    later = AppointmentFactory.create(
        service=service, desk=place.desks[0], starts_at=in_days(3, 14), lane=0
    )
    Service.objects.update(cancel_cutoff=500, min_notice=500)
    later = Appointment.objects.get(pk=later.pk)
    asked = {"appointment": later, "place": place, "starts_at": in_days(3, 10)}

    with pytest.raises(CannotMove):
        actions.move(**asked)
    with pytest.raises(SlotTaken):
        actions.move(**asked, by_staff=True)
    moved = actions.move(**asked, by_staff=True, reason="Ill")
    assert (moved.lane, moved.overbook_reason) == (1, "Ill")

    back = actions.move(**{**asked, "starts_at": in_days(3, 15)}, by_staff=True, reason="Ill")
    assert (back.lane, back.overbook_reason) == (0, "")


@pytest.mark.parametrize(
    ("who", "status"),
    [("resident", Status.CANCELLED_BY_RESIDENT), ("council", Status.CANCELLED_BY_COUNCIL)],
)
def test_staff_cancel_for_whoever_asks_without_notice(
    staff: PortalClient, who: str, status: str
) -> None:
    _, _, made = full_place()
    Service.objects.update(cancel_cutoff=500)
    url = f"/admin/appointments/appointment/{made.pk}/do/cancel/"
    assert staff.get(url).status_code == 200

    staff.post(url, {"who": who, "reason": "The lift is broken"})

    made.refresh_from_db()
    assert (made.status, made.cancel_reason) == (status, "The lift is broken")
    [delivery] = Delivery.objects.all()
    assert "The lift is broken" in delivery.payload["body"]
    assert LogEntry.objects.get().change_message.startswith("Cancelled by the ")
    assert staff.get(url).url.endswith(f"/{made.pk}/change/")


def test_who_may_only_look_books_and_changes_nothing(portal: PortalClient) -> None:
    viewer = ResidentFactory.create(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_appointment"))
    portal.sign_in(viewer)
    _, _, made = full_place()

    assert portal.get(BOOK).status_code == 403
    for act in ("move", "cancel"):
        url = f"/admin/appointments/appointment/{made.pk}/do/{act}/"
        assert portal.get(url).status_code == portal.post(url).status_code == 403
    assert BOOK not in portal.get("/admin/appointments/appointment/").content.decode()


def test_day_too_far_away_is_a_slip(staff: PortalClient) -> None:
    service, _ = make_place()
    assert "within two years" in staff.get(address(service, in_days(900))).content.decode()


def test_act_that_there_is_not_leads_back(staff: PortalClient) -> None:
    _, _, made = full_place()
    url = f"/admin/appointments/appointment/{made.pk}/do/dance/"
    assert staff.get(url).url.endswith(f"/{made.pk}/change/")
