"""Each invariant, broken once against the database."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from appointments.models import (
    Appointment,
    EarlierOffer,
    Location,
    OccupiedCell,
    Postcode,
    SentReminder,
)
from stockport.db import violated_constraint
from tests.factories.appointments import (
    AppointmentFactory,
    ClosureFactory,
    DeskFactory,
    DeskServiceFactory,
    EarlierOfferFactory,
    ExtraOpeningFactory,
    LocationFactory,
    OpeningRuleFactory,
    ServiceFactory,
    WaitingFactory,
)

pytestmark = pytest.mark.django_db
START = datetime(2027, 1, 13, 10, tzinfo=UTC)
END = START + timedelta(minutes=30)
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)


def refused(factory: Any, **fields: Any) -> str:
    """The name of the constraint that refuses this row."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        factory.create(**fields)
    return violated_constraint(caught.value)


def test_a_lane_has_each_five_minutes_once() -> None:
    made = AppointmentFactory.create()

    assert refused(AppointmentFactory, desk=made.desk) == "appointments_occupiedcell_unique"
    AppointmentFactory.create(desk=made.desk, lane=1)
    assert OccupiedCell.objects.count() == 12


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("starts_at_on_grid", {"starts_at": START + timedelta(minutes=1)}),
        ("starts_at_on_grid", {"starts_at": START + timedelta(microseconds=1)}),
        ("ends_at_on_grid", {"ends_at": END - timedelta(minutes=1)}),
        ("busy_from_on_grid", {"busy_from": START - timedelta(seconds=10)}),
        ("busy_to_on_grid", {"busy_to": END + timedelta(minutes=1)}),
        ("times_in_order", {"ends_at": START}),
        ("times_in_order", {"busy_from": START + timedelta(minutes=5)}),
        ("times_in_order", {"busy_to": END - timedelta(minutes=5)}),
        ("two_days_at_most", {"busy_to": START + timedelta(hours=48, minutes=5)}),
        ("only_holds_expire", {"hold_expires_at": NOW}),
        ("only_holds_expire", {"status": "held", "booked_at": None}),
        ("booked_has_time", {"booked_at": None}),
        ("booked_has_time", {"status": "expired"}),
        ("cancelled_has_time", {"status": "cancelled_by_resident"}),
        ("cancelled_has_time", {"cancelled_at": NOW}),
        ("language_for_interpreter", {"language": "Urdu"}),
        ("interpreter_has_language", {"needs_interpreter": True}),
        ("phone_has_number", {"channel": "phone"}),
        ("people_1_to_12", {"people": 13}),
        ("home_has_address", {"channel": "home"}),
        ("only_cancelled_rests", {"rests_until": NOW}),
        ("anonymised_names_nobody", {"anonymised_at": NOW, "resident": None, "address": "1 Road"}),
        ("anonymised_names_nobody", {"anonymised_at": NOW}),
        ("anonymised_names_nobody", {"anonymised_at": NOW, "resident": None, "notes": "Ada"}),
    ],
)
def test_appointment_that_breaks_a_rule_is_refused(name: str, fields: dict[str, Any]) -> None:
    times = {"starts_at": START, "ends_at": END, "busy_from": START, "busy_to": END}

    assert refused(AppointmentFactory, **times | fields) == f"appointments_appointment_{name}"


def test_resident_holds_one_time_at_a_time() -> None:
    held = AppointmentFactory.create(held=True)

    name = refused(AppointmentFactory, held=True, resident=held.resident, starts_at=START)
    assert name == "appointments_appointment_one_hold"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("duration_in_fives", {"duration": 32}),
        ("step_in_fives", {"step": 7}),
        ("buffer_before_in_fives", {"buffer_before": 1}),
        ("buffer_after_in_fives", {"buffer_after": 4}),
        ("lengths_in_a_day", {"duration": 0}),
        ("lengths_in_a_day", {"step": 485}),
        ("buffers_short", {"buffer_after": 245}),
        ("max_advance_a_year", {"max_advance": 0}),
        ("hold_and_limit", {"hold_minutes": 0}),
        ("hold_and_limit", {"max_active": 0}),
        ("longer_minutes_in_fives", {"longer_minutes": 12}),
        ("minutes_per_person_in_fives", {"minutes_per_person": 1}),
        ("extra_minutes_short", {"longer_minutes": 125}),
        ("people_1_to_12", {"max_people": 0}),
        ("reminders_three", {"reminder_hours": [1, 2, 3, 4]}),
        ("offer_and_cooloff", {"offer_minutes": 5}),
        ("offer_and_cooloff", {"cooloff_minutes": 1500}),
    ],
)
def test_service_that_breaks_a_rule_is_refused(name: str, fields: dict[str, Any]) -> None:
    assert refused(ServiceFactory, **fields) == f"appointments_service_{name}"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("location_or_desk", {"location": None}),
        ("closes_after_opens", {"closes": time(9, 0)}),
        ("in_fives", {"opens": time(9, 1)}),
        ("in_fives", {"closes": time(17, 0, 30)}),
        ("ends_after_start", {"valid_to": datetime(2019, 1, 1, tzinfo=UTC).date()}),
        ("weekday_and_weeks", {"weekday": 7}),
        ("weekday_and_weeks", {"every_weeks": 0}),
    ],
)
def test_opening_rule_that_breaks_a_rule_is_refused(name: str, fields: dict[str, Any]) -> None:
    assert refused(OpeningRuleFactory, **fields) == f"appointments_openingrule_{name}"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("location_or_desk", {"location": None}),
        ("closes_after_opens", {"closes": time(8, 55)}),
        ("in_fives", {"opens": time(9, 1)}),
        ("in_fives", {"closes": time(17, 0, 30)}),
    ],
)
def test_extra_opening_that_breaks_a_rule_is_refused(name: str, fields: dict[str, Any]) -> None:
    assert refused(ExtraOpeningFactory, **fields) == f"appointments_extraopening_{name}"


def test_closure_is_of_one_thing_and_ends_after_its_start() -> None:
    desk = DeskFactory.create()

    both = refused(ClosureFactory, desk=desk, location=desk.location)
    assert both == "appointments_closure_one_scope"
    never = refused(ClosureFactory, starts_at=START, ends_at=START)
    assert never == "appointments_closure_ends_after_start"


def test_places_and_desks_keep_to_their_limits() -> None:
    desk = DeskFactory.create()
    offer = DeskServiceFactory.create(desk=desk)

    assert refused(LocationFactory, slug="phone") == "appointments_location_slug_not_a_channel"
    assert refused(LocationFactory, latitude="91") == "appointments_location_on_earth"
    again = refused(DeskFactory, location=desk.location, name=desk.name)
    assert again == "appointments_desk_name_unique"
    assert refused(DeskFactory, lanes=0) == "appointments_desk_lanes_1_to_100"
    kept = refused(DeskFactory, lanes=2, walk_in_lanes=3)
    assert kept == "appointments_desk_walk_in_lanes_it_has"
    twice = refused(DeskServiceFactory, desk=desk, service=offer.service)
    assert twice == "appointments_deskservice_unique"


def test_resident_is_offered_one_time_at_a_time_and_none_twice() -> None:
    offer = EarlierOfferFactory.create()
    again = {"appointment": offer.appointment, "expires_at": NOW}

    two = refused(
        EarlierOffer.objects, held=offer.appointment, desk=offer.desk, starts_at=START, **again
    )
    assert two == "appointments_earlieroffer_one_at_a_time"
    same = refused(
        EarlierOffer.objects, desk=offer.desk, starts_at=offer.starts_at, state="declined", **again
    )
    assert same == "appointments_earlieroffer_never_twice"
    EarlierOffer.objects.all().delete()
    loose = refused(EarlierOffer.objects, desk=offer.desk, starts_at=START, **again)
    assert loose == "appointments_earlieroffer_keeps_its_time"


def test_waiting_and_reminding_keep_to_their_limits() -> None:
    made = AppointmentFactory.create()

    never = refused(WaitingFactory, mornings=False, afternoons=False)
    assert never == "appointments_waiting_some_time_suits"
    about = {"appointment": made, "starts_at": START, "hours": 24}
    SentReminder.objects.create(**about)
    assert refused(SentReminder.objects, **about) == "appointments_sentreminder_once"


@pytest.mark.parametrize("code", ["sk1 3xe", "SK13XE", "SK1 3XE ", "SK", "1 1AA"])
def test_postcode_is_kept_as_it_is_printed(code: str) -> None:
    point = {"latitude": "53.4", "longitude": "-2.1"}
    assert refused(Postcode.objects, code=code, **point) == "appointments_postcode_as_printed"
    there = {"code": "SK1 3XE", "latitude": "91", "longitude": "0"}
    assert refused(Postcode.objects, **there) == "appointments_postcode_on_earth"


def test_forms_say_what_is_wrong_in_words() -> None:
    from django.core.exceptions import ValidationError

    location: Location = LocationFactory.build(slug="phone")
    with pytest.raises(ValidationError, match="already stands for a kind of appointment"):
        location.full_clean()


def test_reference_is_hard_to_guess_and_easy_to_read_out() -> None:
    references = {AppointmentFactory.build().reference for _ in range(200)}

    assert len(references) == 200
    assert all(len(ref) == 15 and not set(ref[3:]) & set("AEIOU01LSZ") for ref in references)


def test_appointment_keeps_its_cells_across_a_clock_change() -> None:
    change = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    first = AppointmentFactory.create(starts_at=change)
    AppointmentFactory.create(desk=first.desk, starts_at=change + timedelta(hours=1))

    assert Appointment.objects.booked().count() == 2
    assert refused(AppointmentFactory, desk=first.desk, starts_at=change)
    assert timezone.is_aware(first.starts_at)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("came_has_time", {"status": "arrived"}),
        ("came_has_time", {"status": "attended"}),
        ("came_has_time", {"arrived_at": NOW}),
        ("came_has_time", {"status": "arrived", "arrived_at": NOW, "seen_at": NOW}),
        ("came_has_time", {"status": "no_show", "seen_at": NOW}),
        ("caller_can_be_reached", {"caller_name": "Ada", "phone": "0161 496 0000"}),
        ("caller_can_be_reached", {"resident": None, "caller_name": "Ada"}),
        ("caller_can_be_reached", {"resident": None, "caller_email": "ada@example.org"}),
    ],
)
def test_what_staff_write_down_is_whole(name: str, fields: dict[str, Any]) -> None:
    assert refused(AppointmentFactory, **fields) == f"appointments_appointment_{name}"
