"""Staff put one delivery or thousands in line again, at the same cost and each on record."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from stockport.outbox import staff as staff_actions
from stockport.outbox.models import Delivery
from stockport.outbox.workflow import (
    RETRIABLE,
    TRANSITIONS,
    WAITS_IN,
    State,
    Step,
)
from tests.factories.accounts import ResidentFactory
from tests.factories.outbox import DeliveryFactory, DestinationFactory

pytestmark = pytest.mark.django_db

DELIVERIES = reverse("admin:outbox_delivery_changelist")
DESTINATIONS = reverse("admin:outbox_destination_changelist")
MANY = 300
MOST_QUERIES = 24


@pytest.fixture
def staff(portal):
    portal.sign_in(ResidentFactory(staff=True))
    return portal


@pytest.fixture
def destination():
    return DestinationFactory()


def dead(destination, number):
    """So many that need attention: every third answer was lost, every third has a token."""
    steps = (Step.SEND, Step.FIND, Step.POLL)
    return Delivery.objects.bulk_create(
        DeliveryFactory.build(
            destination=destination, state=State.DEAD, next_step=steps[n % 3], remote_token=f"t{n}"
        )
        for n in range(number)
    )


def states():
    return sorted(Delivery.objects.values_list("state", flat=True).distinct())


def test_there_is_an_arrow_for_everything_that_may_be_tried_again():
    fits = {State.PENDING: Step.SEND} | {state: step for step, state in WAITS_IN.items()}
    for state in RETRIABLE:
        for step in Step:
            if fits.get(state, step) == step:
                assert WAITS_IN[step] in TRANSITIONS[state]


@pytest.mark.parametrize("number", [21, MANY])
def test_all_of_a_destination_go_again_once_it_is_confirmed(
    staff, destination, number, django_assert_max_num_queries
):
    dead(destination, number)
    elsewhere = DeliveryFactory(state=State.DEAD)
    choice = {"action": "try_again_all", "_selected_action": [destination.pk]}
    page = staff.post(DESTINATIONS, choice).content.decode()
    assert f"puts up to {number} deliveries in line" in page
    assert states() == [State.DEAD]
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = staff.post(DESTINATIONS, {**choice, "confirm": "yes"})
    assert f"({number})" in staff.get(answer.url).content.decode()
    mine = destination.deliveries.values_list("state", "next_step").distinct()
    assert set(mine) == {(state, step) for step, state in WAITS_IN.items()}
    elsewhere.refresh_from_db()
    assert elsewhere.state == State.DEAD
    assert LogEntry.objects.filter(change_message="Put in line.").count() == number


def test_few_go_again_without_a_question(staff, destination):
    dead(destination, 20)
    staff.post(DESTINATIONS, {"action": "try_again_all", "_selected_action": [destination.pk]})
    assert State.DEAD not in states()


def test_all_that_a_filter_finds_go_again_without_a_storm_of_queries(
    staff, destination, django_assert_max_num_queries
):
    deliveries = dead(destination, MANY)
    kept = DeliveryFactory(destination=destination, state=State.HELD)
    choice = {
        "action": "try_again", "select_across": "1", "_selected_action": [deliveries[0].pk],
        "index": "0",
    }  # fmt: skip
    filtered = f"{DELIVERIES}?state__exact=dead"
    page = staff.post(filtered, choice).content.decode()
    assert f"puts up to {MANY} deliveries in line" in page
    assert '<input type="hidden" name="select_across" value="1">' in page
    with django_assert_max_num_queries(MOST_QUERIES):
        staff.post(filtered, {**choice, "confirm": "yes"})
    assert not Delivery.objects.filter(state=State.DEAD).exists()
    kept.refresh_from_db()
    assert kept.state == State.HELD


def test_what_cannot_go_again_is_counted_and_left_as_it_is(staff, destination):
    now = timezone.now()
    DeliveryFactory(destination=destination, state=State.DEAD)
    DeliveryFactory(destination=destination, state=State.SENT, sent_at=now)
    DeliveryFactory(destination=destination, state=State.CANCELLED)
    DeliveryFactory(destination=destination, state=State.LEASED, lease=uuid4(), leased_until=now)
    chosen = [delivery.pk for delivery in Delivery.objects.all()]
    answer = staff.post(
        DELIVERIES, {"action": "try_again", "_selected_action": chosen}, follow=True
    )
    page = answer.content.decode()
    assert "Put in line. (1)" in page
    assert "3 cannot go again: sent, cancelled, or being sent at this moment." in page
    assert states() == [State.CANCELLED, State.LEASED, State.RETRY, State.SENT]
    assert LogEntry.objects.count() == 1


def test_what_staff_have_checked_goes_without_a_look_and_a_token_is_still_asked_for(destination):
    dead(destination, 3)
    staff_actions.try_all_again(deliveries=Delivery.objects.all(), checked=True)
    assert sorted(Delivery.objects.values_list("state", "next_step")) == [
        (State.ID_PENDING, Step.POLL), (State.RETRY, Step.SEND), (State.RETRY, Step.SEND),
    ]  # fmt: skip


def test_each_destination_is_nudged_once(destination, django_capture_on_commit_callbacks):
    dead(destination, 5)
    DeliveryFactory(state=State.DEAD)
    with django_capture_on_commit_callbacks() as callbacks:
        staff_actions.try_all_again(deliveries=Delivery.objects.all())
    assert len(callbacks) == 2
