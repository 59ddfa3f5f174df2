"""Changing the time or place of an appointment in one step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Resident
from appointments import actions
from appointments.checks import problems
from appointments.errors import AlreadyBooked, CannotMove, ChangedMeanwhile, SlotTaken
from appointments.models import Appointment, Channel, Closure, OccupiedCell, Service
from appointments.places import Place, places
from stockport.outbox.models import Delivery
from tests.appointments.world import also_at, in_days, make_place
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import AppointmentFactory, DeskServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cells_are_intervals_afterwards() -> Iterator[None]:
    yield
    assert problems() == []


def book(
    resident: Resident, service: Service, place: Place, start: Any, **size: Any
) -> Appointment:
    held = actions.hold(resident=resident, service=service, place=place, starts_at=start, **size)
    return actions.confirm(appointment=held)


def stamp(start: Any) -> str:
    return f"{start:%Y%m%dT%H%MZ}"


def last_mail() -> dict[str, Any]:
    return Delivery.objects.order_by("created_at", "pk").last().payload


def test_moved_appointment_is_the_same_one_at_another_time(resident: Resident) -> None:
    service, place = make_place()
    made = book(resident, service, place, in_days(3))
    Appointment.objects.update(notes="Knock twice.")

    moved = actions.move(appointment=made, place=place, starts_at=in_days(4, 15))

    assert (moved.pk, moved.uuid, moved.reference) == (made.pk, made.uuid, made.reference)
    assert (moved.ical_sequence, moved.notes) == (1, "Knock twice.")
    moved.refresh_from_db()
    assert (moved.starts_at, moved.minutes) == (in_days(4, 15), 30)
    assert OccupiedCell.objects.count() == 6
    mail = last_mail()
    event = mail["attachments"][0]
    assert event["type"] == "text/calendar; method=REQUEST"
    assert "SEQUENCE:1" in event["content"] and f"UID:{made.uuid}@" in event["content"]
    assert "Your appointment is at another time." in mail["body"]
    assert "10am" in mail["body"] and "3pm" in mail["body"]
    assert mail["subject"].startswith("Changed: ")
    other = ResidentFactory.create()
    assert actions.hold(resident=other, service=service, place=place, starts_at=in_days(3))


@pytest.mark.parametrize("minutes", [-15, 15])
def test_appointment_moves_a_quarter_of_an_hour_onto_its_own_time(
    resident: Resident, minutes: int
) -> None:
    service, place = make_place(step=15, buffer_after=5)
    start = in_days(3)
    made = book(resident, service, place, start)
    for hour in (9, 11):
        AppointmentFactory.create(desk=place.desks[0], starts_at=in_days(3, hour))
    kept = set(OccupiedCell.objects.filter(appointment=made).values_list("pk", flat=True))

    moved = actions.move(
        appointment=made, place=place, starts_at=start + timedelta(minutes=minutes)
    )

    mine = OccupiedCell.objects.filter(appointment=moved)
    assert mine.count() == 7
    # What is in both times was never given up.
    assert len(kept & set(mine.values_list("pk", flat=True))) == 4


def test_longer_appointment_stays_as_long_as_it_is(resident: Resident) -> None:
    service, place = make_place(max_people=3, minutes_per_person=30)
    made = book(resident, service, place, in_days(3), people=3)
    AppointmentFactory.create(desk=place.desks[0], starts_at=in_days(4, 11))

    with pytest.raises(SlotTaken):
        actions.move(appointment=made, place=place, starts_at=in_days(4, 10))
    moved = actions.move(appointment=made, place=place, starts_at=in_days(4, 9, 30))

    assert moved.minutes == 90


def test_appointment_that_cannot_be_moved_stays_where_it_is(resident: Resident) -> None:
    service, place = make_place()
    made = book(resident, service, place, in_days(3))
    AppointmentFactory.create(desk=place.desks[0], starts_at=in_days(3, 11))
    Closure.objects.create(starts_at=in_days(5, 9), ends_at=in_days(5, 17))
    before = made.starts_at

    for no in (in_days(3, 11), in_days(5), in_days(3, 10, 15), in_days(0), in_days(90)):
        with pytest.raises(SlotTaken):
            actions.move(appointment=made, place=place, starts_at=no)

    made.refresh_from_db()
    assert (made.starts_at, made.ical_sequence) == (before, 0)
    assert OccupiedCell.objects.filter(appointment=made).count() == 6
    assert Delivery.objects.count() == 1


def test_moving_twice_to_the_same_time_moves_and_mails_once(resident: Resident) -> None:
    service, place = make_place(desks=3)
    made = book(resident, service, place, in_days(3))

    for _ in range(2):
        moved = actions.move(appointment=made, place=place, starts_at=in_days(4))

    assert moved.ical_sequence == 1
    assert Delivery.objects.count() == 2


def test_nobody_moves_what_is_over_cancelled_or_too_close(resident: Resident) -> None:
    service, place = make_place()
    made = book(resident, service, place, in_days(3))
    Service.objects.update(cancel_cutoff=200)
    with pytest.raises(CannotMove):
        actions.move(appointment=made, place=place, starts_at=in_days(4))
    Service.objects.update(cancel_cutoff=2)
    actions.cancel(appointment=made)
    with pytest.raises(CannotMove):
        actions.move(appointment=made, place=place, starts_at=in_days(4))


def test_resident_does_not_move_onto_another_of_their_appointments(resident: Resident) -> None:
    service, place = make_place(desks=2)
    other, same = also_at(place.desks[1])
    made = book(resident, service, place, in_days(3))
    second = book(resident, other, same, in_days(4))

    with pytest.raises(AlreadyBooked) as refusal:
        actions.move(appointment=made, place=place, starts_at=in_days(4))

    assert refusal.value.existing == second


def test_what_is_moved_between_looking_and_locking_is_not_changed_blindly(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An appointment without an account has no resident to lock: its desk can change meanwhile."""
    from appointments.actions import locks

    service, place = make_place(desks=2)
    made = AppointmentFactory.create(desk=place.desks[0], service=service, resident=None)
    real = locks.lock_desks

    def slow(keys: Any) -> Any:
        OccupiedCell.objects.filter(appointment=made).update(desk=place.desks[1])
        Appointment.objects.filter(pk=made.pk).update(desk=place.desks[1])
        return real(keys)

    monkeypatch.setattr("appointments.actions.locks.lock_desks", slow)
    monkeypatch.setattr("appointments.actions.moving.lock_desks", slow)
    with pytest.raises(ChangedMeanwhile):
        actions.cancel(appointment=made)
    OccupiedCell.objects.filter(appointment=made).update(desk=place.desks[0])
    Appointment.objects.filter(pk=made.pk).update(desk=place.desks[0])
    with pytest.raises(ChangedMeanwhile):
        actions.move(appointment=made, place=place, starts_at=in_days(4))


def test_resident_moves_an_appointment_page_by_page(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place(max_people=2)
    DeskServiceFactory.create(service=service, desk=place.desks[0], channel=Channel.PHONE)
    made = book(resident, service, place, in_days(3))
    to = in_days(4, 15)

    page = signed_in.get(f"/appointments/{made.uuid}/").page
    change = next(a for a in page.select("main a") if "Change the time or place" in a.text)
    page = signed_in.get(change.get("href")).page
    assert page.h1 == "Where would you like your appointment?"
    assert "You keep it until you have the new time" in page.text("main")
    days_url = page.select("main h2 a")[0].get("href")
    page = signed_in.get(days_url).page
    assert page.h1 == "Choose a day"
    days = [a.get("href") for a in page.select("main li a")]
    times = next(url for url in days if str(to.date()) in url)
    assert times.endswith(f"?move={made.uuid}")
    page = signed_in.get(times).page
    # Its own time is on offer too: it does not stand in its own way.
    assert len(page.select("input[type=radio]")) == 16
    check = signed_in.post(times, {"start": stamp(to)}).url
    assert check == f"/appointments/{made.uuid}/move/town-hall/{stamp(to)}/"
    text = signed_in.get(check).page.text("main")
    assert "10am to 10:30am" in text and "3pm to 3:30pm" in text
    assert Appointment.objects.get().starts_at == in_days(3)

    done = [signed_in.post(check).url for _ in range(2)]

    assert done == [f"/appointments/{made.uuid}/booked/"] * 2
    page = signed_in.get(done[0]).page
    assert page.h1.startswith("Appointment changed")
    assert made.reference in page.text("main")
    assert Appointment.objects.get().ical_sequence == 1


def test_time_that_somebody_took_meanwhile_brings_the_nearest_others_and_keeps_the_old_one(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    made = book(resident, service, place, in_days(3))
    book(ResidentFactory.create(), service, place, in_days(4))

    answer = signed_in.post(f"/appointments/{made.uuid}/move/town-hall/{stamp(in_days(4))}/")

    assert answer.status_code == 409
    assert "no longer free" in answer.page.errors[0]
    form = answer.page.select("main form")[0]
    again = signed_in.post(form.get("action"), {"start": stamp(in_days(4, 10, 30))})
    signed_in.post(again.url)
    assert Appointment.objects.get(pk=made.pk).starts_at == in_days(4, 10, 30)


def test_resident_moves_to_the_phone_only_where_it_can_be_called(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    DeskServiceFactory.create(service=service, desk=place.desks[0], channel=Channel.PHONE)
    by_phone = next(found for found in places(service) if found.channel == Channel.PHONE)
    made = book(resident, service, place, in_days(3))

    choose = signed_in.get(f"/appointments/book/{service.slug}/?move={made.uuid}").page
    assert "By phone" not in choose.text("main")
    answer = signed_in.post(f"/appointments/{made.uuid}/move/{by_phone.slug}/{stamp(in_days(4))}/")
    assert answer.status_code == 404


def test_resident_cannot_move_at_the_last_moment(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place(cancel_cutoff=200)
    made = book(resident, service, place, in_days(3))
    url = f"/appointments/{made.uuid}/"

    assert "Change the time" not in signed_in.get(url).page.text("main")
    assert signed_in.get(f"/appointments/book/{service.slug}/?move={made.uuid}").status_code == 404
    check = f"{url}move/town-hall/{stamp(in_days(4))}/"
    assert signed_in.get(check).url == url
    answer = signed_in.post(check, follow=True)
    assert "too late to change" in answer.page.text("main")


@pytest.mark.parametrize("move", ["", "nonsense", "8fa7f6ae-e5dc-4edd-a578-1498f813b40c"])
def test_address_that_moves_nothing_is_not_found(signed_in: PortalClient, move: str) -> None:
    service, _ = make_place()

    assert signed_in.get(f"/appointments/book/{service.slug}/?move={move}").status_code == 404


def test_resident_cannot_move_what_belongs_to_somebody_else(signed_in: PortalClient) -> None:
    service, place = make_place()
    other = book(ResidentFactory.create(), service, place, in_days(3))
    url = f"/appointments/{other.uuid}/move/town-hall/{stamp(in_days(4))}/"

    assert signed_in.get(url).status_code == signed_in.post(url).status_code == 404
    choose = f"/appointments/book/{service.slug}/town-hall/?move={other.uuid}"
    assert signed_in.get(choose).status_code == 404


def test_second_booking_is_refused_with_a_link_to_change_the_first(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    made = book(resident, service, place, in_days(3))
    times = f"/appointments/book/{service.slug}/town-hall/{in_days(4).date()}/"

    page = signed_in.post(times, {"start": stamp(in_days(4))}).page

    assert page.h1 == "You already have an appointment"
    links = [a.get("href") for a in page.select("main a")]
    assert f"/appointments/book/{service.slug}/?move={made.uuid}" in links


def test_moved_appointment_is_not_read_as_over(resident: Resident) -> None:
    service, place = make_place()
    made = book(resident, service, place, in_days(3))
    actions.move(appointment=made, place=place, starts_at=in_days(10))

    assert Appointment.objects.upcoming(timezone.now()).get().starts_at == in_days(10)
