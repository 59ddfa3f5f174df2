"""Waiting for an earlier time: one real offer at a time, to whoever has waited longest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from time_machine import TimeMachineFixture

from accounts.models import Resident
from appointments import actions, availability, rules, tasks
from appointments.checks import problems
from appointments.errors import AlreadyBooked, CannotMove, SlotTaken
from appointments.models import (
    Appointment,
    Closure,
    EarlierOffer,
    ExtraOpening,
    OccupiedCell,
    Service,
    Waiting,
)
from appointments.places import Place
from appointments.service import service as public
from stockport.outbox.models import Delivery
from tests.appointments.world import also_at, in_days, make_place
from tests.client import PortalClient
from tests.factories.accounts import ResidentFactory
from tests.factories.appointments import (
    AppointmentFactory,
    DeskFactory,
    DeskServiceFactory,
    OpeningRuleFactory,
)

pytestmark = pytest.mark.django_db
State = EarlierOffer.State


@pytest.fixture(autouse=True)
def by_day(time_machine: TimeMachineFixture) -> None:
    """At 9:30am, when there are hours to answer in."""
    time_machine.move_to(rules.midnight(timezone.localdate()) + timedelta(hours=9, minutes=30))


@pytest.fixture(autouse=True)
def cells_are_intervals_afterwards(by_day: None) -> Iterator[None]:
    yield
    assert problems() == []


def book(service: Service, place: Place, start: datetime, who: Any = None) -> Appointment:
    held = actions.hold(
        resident=who or ResidentFactory.create(), service=service, place=place, starts_at=start
    )
    return actions.confirm(appointment=held)


def waits(service: Service, place: Place, start: datetime, who: Any = None, **wishes: bool) -> Any:
    """Somebody who is booked at this time and would like an earlier one."""
    made = book(service, place, start, who)
    actions.wait(
        appointment=made, **{"mornings": True, "afternoons": True, "anywhere": False, **wishes}
    )
    return made


def offers() -> list[tuple[int, datetime]]:
    found = EarlierOffer.objects.pending().order_by("pk")
    return list(found.values_list("appointment", "starts_at"))


def mailed() -> list[str]:
    sent = Delivery.objects.filter(payload__subject__startswith="An earlier time is free")
    return [delivery.payload["to"][0] for delivery in sent.order_by("created_at")]


def test_cancelled_time_is_kept_for_whoever_has_waited_longest_and_for_nobody_else() -> None:
    service, place = make_place()
    early = book(service, place, in_days(3))
    first, second = (waits(service, place, in_days(9, hour)) for hour in (10, 11))

    actions.cancel(appointment=early)

    assert offers() == [(first.pk, in_days(3))]
    assert mailed() == [first.resident.email]
    offer = EarlierOffer.objects.get()
    assert offer.expires_at - offer.made_at < timedelta(minutes=120)
    assert offer.expires_at - timezone.now() > timedelta(minutes=119)
    assert offer.held and offer.held.resident is None
    with pytest.raises(SlotTaken):
        book(service, place, in_days(3))
    mail = Delivery.objects.get(payload__subject__startswith="An earlier time is free")
    assert second.reference not in str(mail.payload)


def test_resident_takes_the_offer_and_keeps_reference_and_answers() -> None:
    service, place = make_place()
    early = book(service, place, in_days(3))
    made = waits(service, place, in_days(9))
    next_one = waits(service, place, in_days(12))
    actions.cancel(appointment=early)
    offer = EarlierOffer.objects.get()

    for _ in range(2):
        moved = actions.accept(offer=offer)

    assert (moved.pk, moved.reference) == (made.pk, made.reference)
    moved.refresh_from_db()
    assert (moved.starts_at, moved.ical_sequence) == (in_days(3), 1)
    assert not Waiting.objects.filter(appointment=made).exists()
    # The time that was given up goes to the next who waits.
    assert offers() == [(next_one.pk, in_days(9))]
    assert Delivery.objects.filter(payload__subject__startswith="Changed").count() == 1


def test_declined_time_goes_to_the_next_and_is_not_offered_to_the_same_person_again() -> None:
    service, place = make_place()
    early = book(service, place, in_days(3))
    first, second = (waits(service, place, in_days(9, hour)) for hour in (10, 11))
    actions.cancel(appointment=early)

    actions.decline(offer=EarlierOffer.objects.pending().get())
    assert offers() == [(second.pk, in_days(3))]
    actions.decline(offer=EarlierOffer.objects.pending().get())
    assert offers() == []
    assert mailed() == [first.resident.email, second.resident.email]

    # Both stay on the list; the time is open to everybody.
    again = book(service, place, in_days(3))
    actions.cancel(appointment=again)
    assert offers() == []
    assert Waiting.objects.count() == 2


def test_offer_that_nobody_answers_goes_to_the_next(time_machine: TimeMachineFixture) -> None:
    service, place = make_place()
    early = book(service, place, in_days(3))
    first, second = (waits(service, place, in_days(9, hour)) for hour in (10, 11))
    actions.cancel(appointment=early)
    tasks.offer_earlier()
    assert offers() == [(first.pk, in_days(3))]
    time_machine.move_to(timezone.now() + timedelta(minutes=121))

    for _ in range(2):
        tasks.offer_earlier()

    assert offers() == [(second.pk, in_days(3))]
    assert EarlierOffer.objects.get(appointment=first).state == State.EXPIRED
    assert len(mailed()) == 2


def test_late_answer_counts_while_nobody_else_has_the_time(
    time_machine: TimeMachineFixture,
) -> None:
    service, place = make_place()
    early, later = (book(service, place, in_days(3, hour)) for hour in (10, 12))
    first, second = (waits(service, place, in_days(9, hour)) for hour in (10, 11))
    for made in (early, later):
        actions.cancel(appointment=made)
    one, two = EarlierOffer.objects.order_by("pk")
    assert (one.appointment, two.appointment) == (first, second)
    time_machine.move_to(timezone.now() + timedelta(minutes=121))
    book(service, place, in_days(3, 12))

    assert actions.accept(offer=one).starts_at == in_days(3)
    with pytest.raises(SlotTaken):
        actions.accept(offer=two)
    tasks.offer_earlier()
    second.refresh_from_db()
    assert second.starts_at == in_days(9, 11)


def test_only_what_suits_is_offered() -> None:
    service, place = make_place(desks=2)
    annexe = DeskFactory.create()
    OpeningRuleFactory.create(location=annexe.location, weekday=in_days(3).weekday())
    DeskServiceFactory.create(service=service, desk=annexe)
    there = AppointmentFactory.create(desk=annexe, service=service, starts_at=in_days(3, 15))
    morning = book(service, place, in_days(3))
    never = waits(service, place, in_days(2), anywhere=True)
    here = waits(service, place, in_days(9, 9), mornings=False)
    wide = waits(service, place, in_days(9, 11), mornings=False, anywhere=True)

    actions.cancel(appointment=morning)
    assert offers() == []
    actions.cancel(appointment=there)
    assert offers() == [(wide.pk, in_days(3, 15))]
    assert not {never.pk, here.pk} & {made for made, _ in offers()}


def test_longer_appointment_is_offered_only_where_it_fits() -> None:
    service, place = make_place(longer_minutes=30, max_active=2)
    block = [book(service, place, in_days(3, 9 + n // 2, n % 2 * 30)) for n in range(16)]
    who: Resident = ResidentFactory.create()
    held = actions.hold(
        resident=who, service=service, place=place, starts_at=in_days(9), longer=True
    )
    made = actions.confirm(appointment=held)
    actions.wait(appointment=made, mornings=True, afternoons=True, anywhere=False)

    actions.cancel(appointment=block[3])
    assert offers() == []
    actions.cancel(appointment=block[2])

    assert offers() == [(made.pk, in_days(3, 10))]
    assert actions.accept(offer=EarlierOffer.objects.get()).minutes == 60


def test_nobody_is_offered_a_time_at_which_they_are_elsewhere() -> None:
    service, place = make_place()
    other, same = also_at(DeskFactory.create(location=place.location))
    who: Resident = ResidentFactory.create()
    waits(service, place, in_days(9), who)
    early = book(service, place, in_days(3))
    book(other, same, in_days(3), who)
    actions.cancel(appointment=early)
    assert offers() == []


def test_offer_is_refused_when_the_resident_is_elsewhere_or_too_late() -> None:
    service, place = make_place()
    other, same = also_at(DeskFactory.create(location=place.location))
    made = waits(service, place, in_days(9))
    actions.cancel(appointment=book(service, place, in_days(3)))
    offer = EarlierOffer.objects.get()
    clash = book(other, same, in_days(3), made.resident)

    with pytest.raises(AlreadyBooked):
        actions.accept(offer=offer)
    actions.cancel(appointment=clash)
    Service.objects.update(cancel_cutoff=1000)
    with pytest.raises(CannotMove):
        actions.accept(offer=offer)
    Service.objects.update(cancel_cutoff=2)
    Closure.objects.create(starts_at=in_days(3, 9), ends_at=in_days(3, 17))
    with pytest.raises(SlotTaken):
        actions.accept(offer=offer)
    with pytest.raises(CannotMove):
        actions.wait(appointment=offer.held, mornings=True, afternoons=True, anywhere=True)


def test_offer_of_somebody_who_cancels_goes_to_the_next() -> None:
    service, place = make_place()
    early = book(service, place, in_days(3))
    first, second = (waits(service, place, in_days(days)) for days in (9, 8))
    actions.cancel(appointment=early)

    actions.cancel(appointment=first)
    tasks.offer_earlier()

    assert offers() == [(second.pk, in_days(3))]


def test_offer_that_is_not_earlier_any_more_moves_nobody_back() -> None:
    service, place = make_place()
    made = waits(service, place, in_days(9))
    second = waits(service, place, in_days(8))
    actions.cancel(appointment=book(service, place, in_days(5)))
    offer = EarlierOffer.objects.get()
    assert offer.appointment == made
    actions.move(appointment=made, place=place, starts_at=in_days(3))

    with pytest.raises(SlotTaken):
        actions.accept(offer=offer)
    tasks.offer_earlier()

    assert offers() == [(second.pk, in_days(5))]


def test_what_the_council_closes_is_offered_to_nobody() -> None:
    service, place = make_place()
    early = book(service, place, in_days(3))
    waits(service, place, in_days(9))
    [hit] = actions.close(
        closure=Closure(desk=place.desks[0], starts_at=in_days(3, 9), ends_at=in_days(3, 17))
    )

    actions.cancel(appointment=hit, by_council=True)

    assert hit == early
    assert offers() == []


def test_who_moves_away_is_not_offered_the_old_time_back() -> None:
    service, place = make_place()
    made = waits(service, place, in_days(3))

    actions.move(appointment=made, place=place, starts_at=in_days(9))

    assert offers() == []
    assert Waiting.objects.filter(appointment=made).exists()


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ((2027, 1, 13, 9, 30), (2027, 1, 13, 11, 30)),
        ((2027, 1, 13, 19, 0), (2027, 1, 14, 9, 0)),
        ((2027, 1, 13, 23, 0), (2027, 1, 14, 10, 0)),
        ((2027, 1, 13, 3, 0), (2027, 1, 13, 10, 0)),
        # In summer clocks in London are an hour ahead of UTC; this is the night of the change.
        ((2027, 3, 27, 19, 0), (2027, 3, 28, 8, 0)),
    ],
)
def test_nights_do_not_count_as_time_to_answer(now: Any, until: Any) -> None:
    assert rules.answer_by(datetime(*now, tzinfo=UTC), 120) == datetime(*until, tzinfo=UTC)


def test_cancelled_time_rests_before_others_can_have_it(
    time_machine: TimeMachineFixture,
) -> None:
    service, place = make_place(cooloff_minutes=15)
    made = book(service, place, in_days(3))

    actions.cancel(appointment=made)

    day = in_days(3).date()
    free = availability.slots(service, place.desks, day, day, now=timezone.now())
    assert in_days(3) not in {slot.starts_at for slot in free}
    with pytest.raises(SlotTaken):
        book(service, place, in_days(3))
    assert problems() == []
    late = waits(service, place, in_days(9))
    time_machine.move_to(timezone.now() + timedelta(minutes=15))
    tasks.offer_earlier()
    assert offers() == [(late.pk, in_days(3))]
    assert OccupiedCell.objects.filter(appointment=made).count() == 0


def test_time_that_has_rested_can_be_booked_though_nothing_tidied_up(
    time_machine: TimeMachineFixture,
) -> None:
    service, place = make_place(cooloff_minutes=15)
    made = book(service, place, in_days(3))
    actions.cancel(appointment=made)
    time_machine.move_to(timezone.now() + timedelta(minutes=15))

    assert book(service, place, in_days(3)).starts_at == in_days(3)
    made.refresh_from_db()
    assert made.rests_until is None


def test_time_that_the_council_cancels_or_that_is_offered_does_not_rest() -> None:
    service, place = make_place(cooloff_minutes=15)
    first, second = (book(service, place, in_days(3, hour)) for hour in (10, 11))
    actions.cancel(appointment=first, by_council=True)
    waits(service, place, in_days(9))
    actions.cancel(appointment=second)

    assert not Appointment.objects.filter(rests_until__isnull=False).exists()
    assert len(offers()) == 1


def test_old_drafts_are_forgotten_but_not_what_somebody_may_still_answer(
    time_machine: TimeMachineFixture,
) -> None:
    service, place = make_place(offer_minutes=1440)
    early = book(service, place, in_days(5))
    waits(service, place, in_days(9))
    actions.cancel(appointment=early)
    time_machine.move_to(timezone.now() + timedelta(days=3))

    actions.tidy()
    assert EarlierOffer.objects.pending().count() == 1
    actions.pass_on_offers()
    actions.tidy()

    offer = EarlierOffer.objects.get()
    assert (offer.state, offer.held) == (State.EXPIRED, None)


def test_resident_joins_the_list_and_takes_the_offer_page_by_page(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    DeskServiceFactory.create(service=service)
    early = book(service, place, in_days(3))
    made = book(service, place, in_days(9), resident)
    url = f"/appointments/{made.uuid}/"

    assert "Wait for an earlier time" in signed_in.get(url).page.text("main")
    page = signed_in.post(f"{url}earlier/", {}).page
    assert page.errors == ["Select which times would suit you", "Select where you could come"]
    joined = {"times": ["mornings"], "where": "here"}
    assert signed_in.post(f"{url}earlier/", joined).url == url
    text = signed_in.get(url).page.text("main")
    assert "We will write to you" in text or "You are waiting for an earlier time" in text
    checked = signed_in.get(f"{url}earlier/").page.select("input[checked]")
    assert [box.get("value") for box in checked] == ["mornings", "here"]

    actions.cancel(appointment=early)
    offer = EarlierOffer.objects.get()
    body = Delivery.objects.filter(payload__subject__startswith="An earlier").get().payload["body"]
    assert f"/appointments/earlier/{offer.uuid}/" in body and "11:30am" in body
    assert "An earlier time is free" in signed_in.get(url).page.text("main")
    there = f"/appointments/earlier/{offer.uuid}/"
    text = signed_in.get(there).page.text("main")
    assert "until 11:30am" in text and "10am" in text
    assert signed_in.post(there, {}).page.errors == ["Select yes if you want the earlier time"]

    done = [signed_in.post(there, {"answer": "yes"}).url for _ in range(2)]

    assert done == [f"{url}booked/"] * 2
    assert signed_in.get(done[0]).page.h1.startswith("Appointment changed")
    made.refresh_from_db()
    assert made.starts_at == in_days(3)


def test_resident_declines_stops_waiting_and_sees_that_it_is_gone(
    signed_in: PortalClient, resident: Resident
) -> None:
    service, place = make_place()
    early = book(service, place, in_days(3))
    made = waits(service, place, in_days(9), resident)
    url = f"/appointments/{made.uuid}/"
    actions.cancel(appointment=early)
    there = f"/appointments/earlier/{EarlierOffer.objects.get().uuid}/"

    assert signed_in.post(there, {"answer": "no"}).url == url
    assert signed_in.get(there).page.h1 == "This time is no longer kept for you"
    assert signed_in.post(f"{url}earlier/", {"leave": "yes"}).url == url
    assert not Waiting.objects.exists()


def test_time_that_went_to_somebody_else_is_said_so(
    signed_in: PortalClient, resident: Resident, time_machine: TimeMachineFixture
) -> None:
    service, place = make_place()
    early = book(service, place, in_days(3))
    made = waits(service, place, in_days(9), resident)
    actions.cancel(appointment=early)
    there = f"/appointments/earlier/{EarlierOffer.objects.get().uuid}/"
    time_machine.move_to(timezone.now() + timedelta(minutes=121))
    signed_in.sign_in(resident)
    assert "You can still have it" in signed_in.get(there).page.text("main")
    book(service, place, in_days(3))

    answer = signed_in.post(there, {"answer": "yes"})

    assert answer.status_code == 409
    assert answer.page.h1 == "This time is no longer kept for you"
    made.refresh_from_db()
    assert made.starts_at == in_days(9)


def test_resident_cannot_wait_or_answer_for_somebody_else(signed_in: PortalClient) -> None:
    service, place = make_place()
    early = book(service, place, in_days(3))
    other = waits(service, place, in_days(9))
    actions.cancel(appointment=early)
    pages = (
        f"/appointments/{other.uuid}/earlier/",
        f"/appointments/earlier/{EarlierOffer.objects.get().uuid}/",
    )
    for page in pages:
        assert signed_in.get(page).status_code == 404
        assert signed_in.post(page, {"answer": "yes", "leave": "yes"}).status_code == 404
    assert Waiting.objects.count() == len(offers()) == 1


def test_download_and_erasure_know_what_somebody_waits_for(resident: Resident) -> None:
    service, place = make_place()
    early = book(service, place, in_days(3))
    made = waits(service, place, in_days(9), resident)
    next_one = waits(service, place, in_days(10))
    actions.cancel(appointment=early)

    held = dict(public.export(resident))
    [waiting] = held["appointments_waiting_for_an_earlier_time"]
    [offered] = held["appointments_offered_earlier"]
    assert waiting["appointment"] == offered["appointment"] == made.reference
    assert offered["starts_at"] == in_days(3).isoformat()

    public.erase(resident)

    assert not Waiting.objects.for_resident(resident).exists()
    assert {made for made, _ in offers()} == {next_one.pk}
    assert not EarlierOffer.objects.filter(appointment=made).exists()


def add_saturday(staff: PortalClient, place: Place, start: datetime, **more: str) -> Any:
    """Staff open the place for an hour."""
    form = {
        "location": place.location.pk,
        "date": start.date().isoformat(),
        "reason": "",
        "opens": f"{start.astimezone(rules.LONDON):%H:%M}",
        "closes": "20:00",
        **more,
    }
    return staff.post("/admin/appointments/extraopening/add/", form)


@pytest.fixture
def staff(portal: PortalClient) -> PortalClient:
    portal.sign_in(ResidentFactory.create(staff=True))
    return portal


def test_extra_opening_is_offered_to_who_waits_and_changing_nothing_offers_nothing(
    staff: PortalClient,
) -> None:
    service, place = make_place()
    first, second = (waits(service, place, in_days(day)) for day in (20, 21))
    evening = in_days(3, 19)

    assert add_saturday(staff, place, evening).status_code == 302

    assert offers() == [
        (first.pk, evening),
        (second.pk, evening + timedelta(minutes=30)),
    ]
    opening = ExtraOpening.objects.get()
    same = {
        "location": place.location.pk,
        "date": opening.date,
        "reason": "An open evening",
        "opens": opening.opens,
        "closes": opening.closes,
    }
    staff.post(f"/admin/appointments/extraopening/{opening.pk}/change/", same)
    assert len(offers()) == 2


def test_what_was_free_all_along_is_not_offered(staff: PortalClient) -> None:
    service, place = make_place()
    waits(service, place, in_days(20), mornings=False)

    add_saturday(staff, place, in_days(3, 6), closes="08:00")

    assert offers() == []


def test_closure_that_staff_lift_is_offered_to_who_waits(staff: PortalClient) -> None:
    service, place = make_place()
    closure = Closure.objects.create(starts_at=in_days(2, 0), ends_at=in_days(4, 0))
    made = waits(service, place, in_days(20))

    staff.post(f"/admin/appointments/closure/{closure.pk}/delete/", {"post": "yes"})

    assert offers() == [(made.pk, in_days(2, 9))]


def test_form_with_an_error_opens_nothing(staff: PortalClient) -> None:
    service, place = make_place()
    waits(service, place, in_days(20))

    assert add_saturday(staff, place, in_days(3, 19), closes="18:00").status_code == 200

    assert offers() == []
