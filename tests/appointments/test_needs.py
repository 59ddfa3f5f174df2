"""What residents need, and how many they are: both decide how long an appointment is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Resident
from appointments import actions, availability
from appointments.checks import problems
from appointments.errors import SlotTaken
from appointments.models import Appointment, EarlierOffer, Location, Service
from appointments.places import Place, place_of
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


def held() -> Appointment:
    return Appointment.objects.get(status=Appointment.Status.HELD)


def page_of(draft: Appointment, step: str) -> str:
    return f"/appointments/held/{draft.uuid}/{step}/"


def offered(answer: object) -> list[str]:
    return [node.get("value") for node in answer.page.select("input[type=radio]")]  # type: ignore[attr-defined]


def stamp(hour: int, minute: int = 0) -> str:
    return f"{in_days(3, hour, minute):%Y%m%dT%H%MZ}"


def test_resident_says_how_many_people_before_any_time_is_shown(signed_in: PortalClient) -> None:
    service, _ = make_place(max_people=3, minutes_per_person=30)
    places = f"/appointments/book/{service.slug}/"
    times = f"{places}town-hall/{in_days(3).date()}/"

    page = signed_in.get(places).page
    assert page.h1 == "How many people is the appointment for?"
    assert "3 people (90 minutes)" in page.text("main")
    for nonsense in ("", "0", "4", "many", "٢"):
        page = signed_in.get(f"{places}?people={nonsense}").page
        assert page.errors == ["Select how many people the appointment is for"]
    there = signed_in.get(f"{places}?people=3").page.select("main h2 a")[0].get("href")
    assert there == f"{places}town-hall/?people=3"
    month = signed_in.get(there).page.select("main li a")[0].get("href")
    assert month and month.endswith("?people=3")
    # Open from 9am to 5pm: the last 90 minutes begin at 3:30pm.
    assert offered(signed_in.get(f"{times}?people=3"))[-1] == stamp(15, 30)
    assert offered(signed_in.get(times))[-1] == stamp(16, 30)

    signed_in.post(f"{times}?people=3", {"start": stamp(10)})
    assert (held().people, held().minutes) == (3, 90)
    assert problems() == []


def test_every_time_shown_for_three_people_is_bookable_and_no_other() -> None:
    service, place = make_place(max_people=3, minutes_per_person=15, buffer_after=5, step=10)
    AppointmentFactory.create(desk=place.desks[0], starts_at=in_days(3, 12))
    day, now = in_days(3).date(), timezone.now()
    shown = availability.slots(service, place.desks, day, day, now=now, minutes=75)

    accepted = set()
    for minutes in range(8 * 60, 18 * 60, 5):
        start = in_days(3, minutes // 60, minutes % 60)
        try:
            with transaction.atomic():
                actions.hold(
                    resident=ResidentFactory.create(),
                    service=service,
                    place=place,
                    starts_at=start,
                    people=3,
                    longer=True,
                )
                accepted.add(start)
                transaction.set_rollback(True)
        except SlotTaken:
            continue

    assert accepted == {slot.starts_at for slot in shown} != set()


def test_longer_appointment_really_is_longer(signed_in: PortalClient, resident: Resident) -> None:
    service, place = make_place(longer_minutes=20)
    draft = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))

    assert "20 minutes longer" in signed_in.get(page_of(draft, "needs")).page.text("main")
    answer = signed_in.post(page_of(draft, "needs"), {"needs": ["needs_longer", "needs_bsl"]})

    assert answer.url == page_of(held(), "notes")
    assert (held().minutes, held().needs_bsl, held().starts_at) == (50, True, in_days(3))
    signed_in.post(page_of(held(), "check"))
    booked = Appointment.objects.booked().get()
    assert booked.ends_at - booked.starts_at == timedelta(minutes=50)
    assert problems() == []


def test_longer_appointment_that_does_not_fit_leads_back_to_the_times_with_every_answer_kept(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place(longer_minutes=15)
    AppointmentFactory.create(desk=place.desks[0], starts_at=in_days(3, 10, 30))
    draft = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))
    signed_in.post(page_of(draft, "notes"), {"notes": "Knock twice."})

    answer = signed_in.post(page_of(draft, "needs"), {"needs": ["needs_longer"]})

    assert answer.status_code == 409
    assert "is not free for 45 minutes" in answer.page.errors[0]
    assert stamp(10) not in offered(answer) and stamp(11) in offered(answer)
    # The time is still kept, and the booking cannot be finished without enough of it.
    assert signed_in.post(page_of(draft, "check")).status_code == 409
    with pytest.raises(SlotTaken):
        actions.confirm(appointment=draft)
    form = answer.page.select("main form")[0]
    signed_in.post(form.get("action"), {"start": stamp(11)})
    assert (held().minutes, held().needs_longer, held().notes) == (45, True, "Knock twice.")
    assert signed_in.get(page_of(draft, "check")).url == page_of(held(), "check")
    assert signed_in.get(page_of(draft, "needs")).url == page_of(held(), "needs")


def test_resident_who_does_without_a_longer_appointment_keeps_the_time(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    AppointmentFactory.create(desk=place.desks[0], starts_at=in_days(3, 10, 30))
    draft = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))
    signed_in.post(page_of(draft, "needs"), {"needs": ["needs_longer"]})

    signed_in.post(page_of(draft, "needs"), {"needs": []})

    assert signed_in.post(page_of(draft, "check")).url == f"/appointments/{draft.uuid}/booked/"


def test_changed_number_of_people_changes_how_long_it_is(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place(max_people=4, minutes_per_person=15)
    draft = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))
    assert "People" in signed_in.get(page_of(draft, "check")).page.text("main")

    signed_in.post(page_of(draft, "people") + "?change=1", {"people": "4"})
    assert held().minutes == 75
    answer = signed_in.post(page_of(held(), "people") + "?change=1", {"people": "2"})

    assert (held().minutes, held().people) == (45, 2)
    assert answer.url == page_of(held(), "check")
    page = signed_in.post(page_of(held(), "people"), {"people": "5"}).page
    assert page.errors == ["Select how many people the appointment is for"]
    assert problems() == []


def test_service_that_cannot_be_longer_does_not_offer_it(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place(longer_minutes=0)
    draft = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))

    assert "longer" not in signed_in.get(page_of(draft, "needs")).page.text("main")
    page = signed_in.post(page_of(draft, "needs"), {"needs": ["needs_longer"]}).page
    assert page.errors == ["Select from the list what you need"]


def test_resident_is_told_what_the_building_does_not_have(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    Location.objects.update(step_free=True)
    draft = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))
    signed_in.post(page_of(draft, "needs"), {"needs": ["needs_step_free", "needs_hearing_loop"]})

    text = signed_in.get(page_of(draft, "check")).page.text("main")

    assert "Town Hall does not have a hearing loop." in text


def also_at(name: str, service: Service, **facilities: bool) -> Place:
    """Another place that gives the service every day."""
    desk = DeskFactory.create(
        location=LocationFactory.create(slug=name, name=name.title(), **facilities)
    )
    DeskServiceFactory.create(service=service, desk=desk)
    for weekday in range(7):
        OpeningRuleFactory.create(location=desk.location, weekday=weekday)
    return place_of(service, name)


def places_on(answer: object) -> list[str]:
    return [link.text for link in answer.page.select("main h2 a")]  # type: ignore[attr-defined]


def test_only_places_that_have_what_somebody_needs_are_shown_and_calls_always(
    signed_in: PortalClient,
) -> None:
    service, place = make_place()
    also_at("library", service, step_free=True, hearing_loop=True)
    also_at("depot", service, step_free=True)
    DeskServiceFactory.create(service=service, desk=place.desks[0], channel="phone")
    where = f"/appointments/book/{service.slug}/"

    assert set(places_on(signed_in.get(where))) == {"Town Hall", "Library", "Depot", "By phone"}
    page = signed_in.get(f"{where}?need=step-free&need=hearing-loop&need=wings")
    assert set(places_on(page)) == {"Library", "By phone"}
    ticked = [box.get("value") for box in page.page.select("input[checked]")]
    assert ticked == ["step-free", "hearing-loop"]
    link = page.page.select("main h2 a")[0].get("href")
    assert link and link.endswith("?need=step-free&need=hearing-loop")


def test_what_was_said_before_choosing_is_an_answer_already(signed_in: PortalClient) -> None:
    service, _ = make_place()
    also_at("library", service, step_free=True)
    day = in_days(3).date()

    signed_in.post(
        f"/appointments/book/{service.slug}/library/{day}/?need=step-free", {"start": stamp(10)}
    )

    assert held().needs_step_free
    page = signed_in.get(page_of(held(), "needs")).page
    assert [box.get("value") for box in page.select("input[checked]")] == ["needs_step_free"]


def test_place_that_lacks_what_is_needed_leads_to_those_that_have_it(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    also_at("library", service, hearing_loop=True)
    also_at("depot", service)
    draft = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))

    answer = signed_in.post(page_of(draft, "needs"), {"needs": ["needs_hearing_loop"]})

    assert answer.status_code == 409
    assert answer.page.h1 == "Town Hall does not have a hearing loop"
    links = [link.get("href") for link in answer.page.select("main ul a")]
    assert [link.partition("?")[2] for link in links] == [f"need=hearing-loop&start={stamp(10)}"]
    page = signed_in.get(links[0]).page
    assert [radio.get("value") for radio in page.select("input[checked]")] == [stamp(10)]
    signed_in.post(links[0], {"start": stamp(10)})
    assert held().desk.location.slug == "library" and held().needs_hearing_loop
    stay = answer.page.select("main a.govuk-button")[0].get("href")
    assert stay == page_of(draft, "notes")


def test_where_no_place_has_it_the_resident_is_told_whom_to_ask(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    draft = actions.hold(resident=resident, service=service, place=place, starts_at=in_days(3))

    answer = signed_in.post(page_of(draft, "needs"), {"needs": ["needs_quiet_room"]})

    assert "No other place has it" in answer.page.text("main")
    nothing = signed_in.get(f"/appointments/book/{service.slug}/?need=quiet-room").page
    assert "No place has all that." in nothing.text("main")


def test_appointment_moves_only_to_where_its_needs_are_met(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    also_at("library", service, step_free=True)
    also_at("depot", service)
    booked = AppointmentFactory.create(
        service=service,
        desk=place.desks[0],
        resident=resident,
        starts_at=in_days(9),
        needs_step_free=True,
    )

    page = signed_in.get(f"/appointments/book/{service.slug}/?move={booked.uuid}")

    assert places_on(page) == ["Library", "Town Hall"]
    actions.wait(appointment=booked, mornings=True, afternoons=True, anywhere=True)
    for name, taken in (("depot", 4), ("library", 5)):
        desk = place_of(service, name).desks[0]
        freed = AppointmentFactory.create(desk=desk, service=service, starts_at=in_days(taken))
        actions.cancel(appointment=freed)
    assert EarlierOffer.objects.get().desk.location.slug == "library"
