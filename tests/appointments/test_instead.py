"""Whose desk is closed is offered another time, which is kept until they answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Resident
from appointments import actions
from appointments.actions.settling import Fate
from appointments.checks import problems
from appointments.errors import SlotTaken
from appointments.models import Appointment, Closure, EarlierOffer, Service
from appointments.places import Place, places
from appointments.stranded import stranded
from stockport.outbox.models import Delivery
from tests.appointments.world import in_days, make_place
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import (
    AppointmentFactory,
    DeskFactory,
    DeskServiceFactory,
    LocationFactory,
    OpeningRuleFactory,
)

pytestmark = pytest.mark.django_db
REASON = "The boiler is broken."
PENDING = EarlierOffer.State.PENDING


@pytest.fixture(autouse=True)
def cells_are_intervals_afterwards() -> Iterator[None]:
    yield
    assert problems() == []


def closed_for(days: int = 1, **fields: object) -> tuple[Service, Place, Appointment]:
    """An appointment in three days, at whose desk nobody is for some days from then."""
    service, place = make_place()
    made = AppointmentFactory.create(
        **{"service": service, "desk": place.desks[0], "starts_at": in_days(3), **fields}
    )
    start, end = in_days(3, 0), in_days(3 + days, 0)
    Closure.objects.create(desk=place.desks[0], starts_at=start, ends_at=end)
    return service, place, made


def settle(made: Appointment) -> Fate:
    return actions.settle(appointment=made, reason=REASON)


def offered() -> EarlierOffer:
    return EarlierOffer.objects.select_related("held", "appointment").get(state=PENDING)


def also_in(name: str, service: Service) -> Place:
    """Another place that gives the service."""
    desk = DeskFactory.create(location=LocationFactory.create(slug=name, name=name.title()))
    DeskServiceFactory.create(service=service, desk=desk)
    for weekday in range(7):
        OpeningRuleFactory.create(location=desk.location, weekday=weekday)
    return next(place for place in places(service) if place.slug == name)


def test_nearest_time_at_the_same_place_is_kept_and_the_resident_written_to() -> None:
    _, place, made = closed_for()

    assert settle(made) is Fate.OFFERED

    offer = offered()
    assert offer.instead and offer.held is not None
    assert offer.starts_at == in_days(2, 16, 30)  # the last of the day before
    assert offer.expires_at < offer.starts_at
    with pytest.raises(SlotTaken):
        actions.hold(
            resident=ResidentFactory.create(),
            service=made.service,
            place=place,
            starts_at=offer.starts_at,
        )
    [mail] = Delivery.objects.all()
    assert mail.payload["subject"].startswith("We have to change your appointment: ")
    assert REASON in mail.payload["body"] and offer.get_absolute_url() in mail.payload["body"]


def test_settling_again_offers_nothing_more_and_writes_no_more() -> None:
    _, _, made = closed_for()

    assert [settle(made) for _ in range(3)] == [Fate.OFFERED, Fate.WAITS, Fate.WAITS]

    assert (EarlierOffer.objects.count(), Delivery.objects.count()) == (1, 1)


def test_time_elsewhere_is_offered_where_the_place_has_none_that_week() -> None:
    service, place, made = closed_for(days=30)
    start, end = timezone.now(), in_days(3, 0)
    Closure.objects.create(desk=place.desks[0], starts_at=start, ends_at=end)
    also_in("library", service)

    assert settle(made) is Fate.OFFERED

    assert offered().starts_at == made.starts_at
    assert offered().desk.location.slug == "library"


def test_place_itself_comes_first_although_another_has_a_nearer_time() -> None:
    service, place, made = closed_for()
    also_in("library", service)

    settle(made)

    assert offered().desk == place.desks[0]


def test_two_whose_desk_is_closed_are_offered_different_times() -> None:
    service, place, first = closed_for()
    second = AppointmentFactory.create(
        service=service, desk=place.desks[0], starts_at=in_days(3, 11)
    )

    assert [settle(first), settle(second)] == [Fate.OFFERED, Fate.OFFERED]

    times = EarlierOffer.objects.values_list("desk", "starts_at")
    assert len(set(times)) == 2


def test_time_at_which_the_resident_is_elsewhere_is_not_offered() -> None:
    _, _, made = closed_for()
    AppointmentFactory.create(resident=made.resident, starts_at=in_days(2, 16, 30))

    settle(made)

    assert offered().starts_at == in_days(2, 16)


def test_resident_takes_the_time_and_keeps_the_reference(
    portal: PortalClient, resident: Resident
) -> None:
    _, _, made = closed_for(resident=resident)
    settle(made)
    portal.sign_in(resident)
    there = offered().get_absolute_url()
    told = portal.get(made.get_absolute_url()).page
    assert there in [link.get("href") for link in told.select("main a")]

    page = portal.get(there).page
    assert page.h1 == "We can see you at another time"
    assert portal.post(there, {}).page.errors == ["Select yes if you want this time"]
    answer = portal.post(there, {"answer": "yes"})

    made.refresh_from_db()
    assert answer.url == f"{made.get_absolute_url()}booked/"
    assert (made.starts_at, made.ical_sequence) == (in_days(2, 16, 30), 1)
    assert made.asked_to_move_at is None and stranded() == []
    assert portal.get(there).url == answer.url
    assert settle(made) is Fate.SETTLED


def test_resident_who_does_not_want_it_chooses_another_and_the_time_is_free(
    portal: PortalClient, resident: Resident
) -> None:
    service, place, made = closed_for(resident=resident)
    settle(made)
    portal.sign_in(resident)
    offer = offered()

    answer = portal.post(offer.get_absolute_url(), {"answer": "no"})

    assert answer.url == f"/appointments/book/{service.slug}/?move={made.uuid}"
    moved = actions.move(appointment=made, place=place, starts_at=offer.starts_at)
    assert moved.asked_to_move_at is None


def test_offer_that_is_not_answered_runs_out_and_staff_can_cancel() -> None:
    service, place, made = closed_for()
    settle(made)
    offer = offered()
    past = timezone.now() - timedelta(seconds=1)
    EarlierOffer.objects.update(expires_at=past)
    Appointment.objects.filter(status="held").update(hold_expires_at=past)

    assert actions.pass_on_offers() == 1

    assert settle(made) is Fate.WAITS
    actions.hold(
        resident=ResidentFactory.create(), service=service, place=place, starts_at=offer.starts_at
    )
    with pytest.raises(SlotTaken):
        actions.accept(offer=offer)
    fate = actions.settle(appointment=made, reason=REASON, cancel_rest=True)
    assert fate is Fate.CANCELLED


def test_offer_is_given_up_when_another_time_was_chosen_meanwhile() -> None:
    _, place, made = closed_for()
    settle(made)
    actions.move(appointment=made, place=place, starts_at=in_days(5))

    assert actions.pass_on_offers() == 1
    assert not Appointment.objects.filter(status="held").exists()


def test_who_has_an_e_mail_address_and_no_account_is_asked() -> None:
    caller = {"caller_name": "Ada", "caller_email": "ada@example.org"}
    _, _, made = closed_for(resident=None, **caller)

    assert settle(made) is Fate.ASKED
    assert not EarlierOffer.objects.exists()
