"""Staff close a desk or a day: each appointment is moved, asked about or cancelled, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import LISTED, AuditEvent, Resident
from appointments import actions, checks
from appointments.actions.settling import Fate
from appointments.checks import problems
from appointments.models import (
    Appointment,
    BankHoliday,
    Closure,
    Desk,
    EarlierOffer,
    OpeningRule,
    Service,
)
from appointments.places import Place
from appointments.settlement import prospects
from appointments.stranded import stranded
from stockport.outbox.models import Delivery
from tests.appointments.world import in_days, make_place
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import AppointmentFactory, DeskFactory, DeskServiceFactory

pytestmark = pytest.mark.django_db
CLOSED = "/admin/appointments/appointment/closed/"
CALLER = {"resident": None, "caller_name": "Ada Byron", "phone": "0161 496 0000"}
REASON = "The boiler is broken."
Status = Appointment.Status


@pytest.fixture
def staff(portal: PortalClient) -> PortalClient:
    portal.sign_in(ResidentFactory.create(staff=True))
    return portal


@pytest.fixture(autouse=True)
def cells_are_intervals_afterwards() -> Iterator[None]:
    yield
    assert problems() == []


def close(desk: Desk | None = None, days: int = 3) -> Closure:
    closure = Closure(desk=desk, starts_at=in_days(days, 0), ends_at=in_days(days + 1, 0))
    actions.close(closure=closure)
    return closure


def close_everything() -> None:
    """For so long that no other time is near."""
    now = timezone.now()
    actions.close(closure=Closure(starts_at=now, ends_at=now + timedelta(days=100)))


def booked(service: Service, desk: Desk, hour: int = 10, **fields: Any) -> Appointment:
    made: Appointment = AppointmentFactory.create(
        **{"service": service, "desk": desk, "starts_at": in_days(3, hour), **fields}
    )
    return made


def settle(made: Appointment, **more: Any) -> Fate:
    fate = actions.settle(appointment=made, reason=REASON, **more)
    made.refresh_from_db()
    return fate


def two_desks() -> tuple[Service, Place]:
    return make_place(desks=2)


def test_it_is_moved_to_an_equal_desk_at_the_same_time_and_nobody_is_bothered() -> None:
    service, place = two_desks()
    first, second = place.desks
    made = booked(service, first)
    close(first)

    assert settle(made) is Fate.MOVED

    assert (made.desk, made.starts_at, made.status) == (second, in_days(3, 10), Status.BOOKED)
    assert not Delivery.objects.exists()
    assert stranded() == []


@pytest.mark.parametrize("unequal", ["elsewhere", "another service", "by phone", "busy", "closed"])
def test_desk_that_is_not_equal_or_not_free_is_left_alone(unequal: str) -> None:
    service, place = make_place()
    made = booked(service, place.desks[0])
    other = DeskFactory.create(**({} if unequal == "elsewhere" else {"location": place.location}))
    DeskServiceFactory.create(
        desk=other,
        channel="phone" if unequal == "by phone" else "in-person",
        **({} if unequal == "another service" else {"service": service}),
    )
    for weekday in range(7):
        OpeningRule.objects.create(
            desk=other, weekday=weekday, opens="09:00", closes="17:00", valid_from="2020-01-01"
        )
    if unequal == "busy":
        booked(service, other)
    if unequal == "closed":
        close(other)
    close(place.desks[0])

    assert settle(made) is Fate.OFFERED
    assert made.desk == place.desks[0]


def test_who_cannot_be_moved_is_asked_once_to_choose_another_time() -> None:
    service, place = make_place()
    made = booked(service, place.desks[0])
    close_everything()

    assert [settle(made), settle(made)] == [Fate.ASKED, Fate.WAITS]

    [delivery] = Delivery.objects.all()
    assert delivery.payload["subject"].startswith("Choose another time: ")
    assert REASON in delivery.payload["body"]
    assert made.get_absolute_url() in delivery.payload["body"]
    assert delivery.payload["attachments"] == []
    assert made.status == Status.BOOKED and made.asked_to_move_at


def test_resident_who_was_asked_chooses_another_time_and_that_is_all() -> None:
    service, place = make_place()
    made = booked(service, place.desks[0])
    close()
    settle(made)

    moved = actions.move(appointment=made, place=place, starts_at=in_days(4, 10))

    assert moved.asked_to_move_at is None
    assert settle(made) is Fate.SETTLED


def test_who_was_asked_and_did_not_choose_is_cancelled_when_staff_say_so() -> None:
    service, place = make_place()
    made = booked(service, place.desks[0])
    close_everything()
    settle(made)

    assert settle(made, cancel_rest=True) is Fate.CANCELLED
    assert settle(made, cancel_rest=True) is Fate.SETTLED

    assert (made.status, made.cancel_reason) == (Status.CANCELLED_BY_COUNCIL, REASON)
    subjects = [delivery.payload["subject"] for delivery in Delivery.objects.order_by("created_at")]
    assert [subject.partition(":")[0] for subject in subjects] == [
        "Choose another time",
        "Cancelled",
    ]


def test_who_would_be_asked_too_late_is_cancelled_at_once() -> None:
    service, place = make_place()
    soon = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=3)
    made = booked(service, place.desks[0], starts_at=soon)
    Closure.objects.create(starts_at=soon, ends_at=soon + timedelta(hours=1))

    assert settle(made) is Fate.CANCELLED


def test_nobody_without_an_e_mail_address_is_cancelled_unheard() -> None:
    service, place = make_place()
    made = booked(service, place.desks[0], **CALLER)
    close()

    assert settle(made, cancel_rest=True) is Fate.PHONE
    assert made.status == Status.BOOKED
    assert not Delivery.objects.exists()


def test_caller_without_e_mail_is_still_moved_to_an_equal_desk() -> None:
    service, place = two_desks()
    made = booked(service, place.desks[0], **CALLER)
    close(place.desks[0])

    assert settle(made) is Fate.MOVED


def test_appointment_whose_desk_is_open_or_that_is_over_is_left_alone() -> None:
    service, place = make_place()
    close()
    elsewhen = booked(service, place.desks[0], starts_at=in_days(4, 10))
    gone = booked(service, place.desks[0])
    actions.cancel(appointment=gone)

    assert [settle(elsewhen), settle(gone)] == [Fate.SETTLED, Fate.SETTLED]


def test_time_that_the_resident_has_changed_meanwhile_is_not_changed_back() -> None:
    service, place = two_desks()
    made = booked(service, place.desks[0])
    close(place.desks[0])
    as_staff_saw_it = Appointment.objects.with_place().get(pk=made.pk)
    actions.move(appointment=made, place=place, starts_at=in_days(4, 14))

    assert settle(as_staff_saw_it) is Fate.SETTLED
    assert as_staff_saw_it.starts_at == in_days(4, 14)


def test_page_shows_what_will_be_done_and_does_that(staff: PortalClient) -> None:
    """A day of 24 bookings at two desks: half of one desk's find the other, two have no e-mail."""
    service, place = make_place(desks=3)
    closed, other, _ = place.desks
    close(place.desks[2])
    for hour in range(9, 17):
        for half in (0, 30):
            booked(service, closed, starts_at=in_days(3, hour, half))
            if hour < 13:
                booked(service, other, starts_at=in_days(3, hour, half))
    first, second = Appointment.objects.filter(desk=closed).order_by("starts_at")[:2]
    for made in (first, second):
        Appointment.objects.filter(pk=made.pk).update(**CALLER)
    closure = close(closed)
    url = f"{CLOSED}?closure={closure.pk}"
    expected = {
        each.appointment.pk: each.fate for each in prospects(stranded(), now=timezone.now())
    }

    page = staff.get(url).content.decode()
    assert "Affected: 14" in page and "To phone: 2" in page
    assert page.count(Fate.MOVED.value) == 8 and page.count(Fate.WRITTEN.value) == 6
    answer = staff.post(url, {"reason": REASON}, follow=True).content.decode()

    assert "Moved to an equal desk at the same time: 8" in answer
    assert "Offered another time by e-mail, which is kept for them: 6" in answer
    assert "To phone: 2" in answer and CALLER["phone"] in answer
    assert Delivery.objects.count() == 6
    assert list(expected.values()).count(Fate.MOVED) == 8
    moved = [pk for pk, fate in expected.items() if fate is Fate.MOVED]
    assert not Appointment.objects.filter(pk__in=moved, desk=closed).exists()
    assert LogEntry.objects.count() == 14

    again = staff.post(url, {"reason": REASON}, follow=True).content.decode()
    assert "Was offered a time or asked, and has not answered yet: 6" in again
    assert (Delivery.objects.count(), LogEntry.objects.count()) == (6, 14)
    staff.post(url, {"reason": REASON, "cancel_rest": "on"})
    assert not Appointment.objects.filter(status=Status.CANCELLED_BY_COUNCIL).exists()
    EarlierOffer.objects.update(expires_at=timezone.now())
    actions.pass_on_offers()
    staff.post(url, {"reason": REASON, "cancel_rest": "on"})
    assert Appointment.objects.filter(status=Status.CANCELLED_BY_COUNCIL).count() == 6
    assert len(stranded()) == 2


def test_closing_a_desk_leads_to_those_whom_it_affects(staff: PortalClient) -> None:
    service, place = make_place()
    made = booked(service, place.desks[0])
    day = in_days(3).date().isoformat()
    form = {
        "desk": place.desks[0].pk, "kind": "absence", "reason": "Ill",
        "starts_at_0": day, "starts_at_1": "00:00", "ends_at_0": day, "ends_at_1": "23:00",
    }  # fmt: skip

    answer = staff.post("/admin/appointments/closure/add/", form)

    assert answer.url == f"{CLOSED}?closure={Closure.objects.get().pk}"
    assert made.reference in staff.get(answer.url).content.decode()
    nobody = staff.post("/admin/appointments/closure/add/", {**form, "desk": DeskFactory().pk})
    assert nobody.url == "/admin/appointments/closure/"


def test_page_without_a_closure_shows_everybody_whatever_closed_their_desk(
    staff: PortalClient,
) -> None:
    service, place = make_place()
    made = booked(service, place.desks[0])
    closure = close(days=9)
    assert "Nobody is affected." in staff.get(CLOSED).content.decode()

    BankHoliday.objects.create(date=in_days(3).date(), title="A day off")

    assert made.reference in staff.get(CLOSED).content.decode()
    assert made.reference not in staff.get(f"{CLOSED}?closure={closure.pk}").content.decode()
    for wrong in ("0", "x", "9" * 30):
        assert staff.get(f"{CLOSED}?closure={wrong}").status_code == 404
    assert CLOSED in staff.get("/admin/appointments/appointment/").content.decode()


def test_staff_say_something_to_those_whom_they_write_to(staff: PortalClient) -> None:
    service, place = make_place()
    booked(service, place.desks[0])
    close()

    page = staff.post(CLOSED, {"reason": ""}).content.decode()

    assert "This field is required." in page
    assert not Delivery.objects.exists()


def test_who_may_only_look_settles_nothing(portal: PortalClient) -> None:
    viewer = ResidentFactory.create(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_appointment"))
    portal.sign_in(viewer)
    service, place = make_place()
    made = booked(service, place.desks[0])
    close()

    page = portal.get(CLOSED).content.decode()

    assert made.reference in page and "Move, offer or cancel" not in page
    assert portal.post(CLOSED, {"reason": REASON}).status_code == 403
    viewer.user_permissions.clear()
    assert portal.get(CLOSED).status_code == 403


def test_who_was_asked_is_named_at_night_only_when_it_is_nearly_too_late() -> None:
    service, place = make_place()
    made = booked(service, place.desks[0])
    close()
    assert made.reference in checks.everything()[0]

    settle(made)

    assert checks.everything() == []
    late = booked(
        service, place.desks[0], starts_at=in_days(1, 12), asked_to_move_at=timezone.now()
    )
    close(days=1)
    assert checks.everything() == [f"{late.reference} stands while its desk is closed."]


def test_resident_reads_on_the_page_that_they_have_to_choose(
    portal: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    made = booked(service, place.desks[0], resident=resident)
    close_everything()
    portal.sign_in(resident)
    said = "We cannot see you at this time."
    assert said not in portal.get(made.get_absolute_url()).content.decode()

    settle(made)

    assert said in portal.get(made.get_absolute_url()).content.decode()


@pytest.mark.parametrize("rows", [1, 12])
def test_page_takes_the_same_queries_however_many_are_affected(
    staff: PortalClient, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    service, place = make_place(desks=rows)
    for desk in place.desks:
        booked(service, desk)
    close()

    # The session and its resident; five of who is affected; six of what is free; who was shown.
    with django_assert_num_queries(2 + 6 + 6 + 1):
        assert staff.get(CLOSED).status_code == 200


def test_who_was_shown_is_on_record_for_auditors(staff: PortalClient) -> None:
    service, place = make_place()
    assert staff.get(CLOSED).status_code == 200
    assert not AuditEvent.objects.filter(kind=LISTED).exists()
    made = booked(service, place.desks[0])
    close()
    assert made.reference in staff.get(CLOSED).content.decode()
    event = AuditEvent.objects.get(kind=LISTED)
    assert (event.why, event.person) == ("We are testing", None)
    assert event.detail == f"appointments.appointment 1: {made.pk}"
