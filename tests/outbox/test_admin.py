"""Staff see what did not leave, and why, and put it right."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from stockport.outbox.models import Attempt, Delivery
from stockport.outbox.workflow import State, Step
from tests.factories.accounts import ResidentFactory
from tests.factories.outbox import DeliveryFactory, DestinationFactory

pytestmark = pytest.mark.django_db

DELIVERIES = reverse("admin:outbox_delivery_changelist")
DESTINATIONS = reverse("admin:outbox_destination_changelist")


@pytest.fixture
def staff(portal):
    portal.sign_in(ResidentFactory(staff=True, email="duty@example.org"))
    return portal


def act(staff, action, *chosen, url=DELIVERIES, **data):
    data = {"action": action, "_selected_action": [each.pk for each in chosen], **data}
    return staff.post(url, data, follow=True).content.decode()


@pytest.mark.parametrize("rows", [1, 20])
def test_list_of_deliveries_costs_the_same_for_one_and_for_many(
    staff, django_assert_num_queries, rows
):
    DeliveryFactory.create_batch(rows, destination=DestinationFactory())
    with django_assert_num_queries(9):
        page = staff.get(DELIVERIES)
    assert page.content.decode().count("Waiting to be sent") >= rows


@pytest.mark.parametrize("rows", [1, 20])
def test_list_of_destinations_costs_the_same_for_one_and_for_many(
    staff, django_assert_num_queries, rows
):
    DestinationFactory.create_batch(rows)
    with django_assert_num_queries(5):
        staff.get(DESTINATIONS)


def test_staff_see_each_try_and_its_answer(staff):
    delivery = DeliveryFactory(state=State.DEAD, reason="lat is wrong")
    Attempt.objects.create(delivery=delivery, number=1, status_code=400, answer="No such place")
    page = staff.get(reverse("admin:outbox_delivery_change", args=[delivery.pk])).content.decode()
    assert "No such place" in page
    assert "lat is wrong" in page
    assert "The light is out." in page


def test_staff_cannot_read_the_text_of_an_email(staff):
    delivery = DeliveryFactory(email=True, payload={"to": [], "subject": "S", "body": "sesame"})
    page = staff.get(reverse("admin:outbox_delivery_change", args=[delivery.pk])).content.decode()
    assert "sesame" not in page


def test_staff_find_a_delivery_by_reference(staff):
    wanted, other = DeliveryFactory.create_batch(2)
    page = staff.get(DELIVERIES, {"q": wanted.reference}).content.decode()
    assert wanted.reference in page
    assert other.reference not in page


def test_staff_try_a_dead_delivery_again_and_it_is_on_record(staff):
    delivery = DeliveryFactory(state=State.DEAD)
    act(staff, "try_again", delivery)
    delivery.refresh_from_db()
    assert delivery.state == State.RETRY
    assert LogEntry.objects.get().change_message == "Put in line."


def test_delivery_in_doubt_is_looked_up_before_it_is_sent_again(staff):
    delivery = DeliveryFactory(state=State.DEAD, next_step=Step.FIND)
    act(staff, "try_again", delivery)
    delivery.refresh_from_db()
    assert delivery.state == State.UNKNOWN


def test_delivery_that_staff_have_checked_is_sent_without_a_look(staff):
    delivery = DeliveryFactory(state=State.DEAD, next_step=Step.FIND)
    act(staff, "send_afresh", delivery)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.next_step) == (State.RETRY, Step.SEND)


def test_staff_hold_a_delivery_and_release_it(staff):
    delivery = DeliveryFactory()
    act(staff, "hold", delivery)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == (State.HELD, "Held by duty@example.org.")
    act(staff, "try_again", delivery)
    delivery.refresh_from_db()
    assert delivery.state == State.RETRY


def test_cancelling_a_report_cancels_its_photo(staff):
    report = DeliveryFactory()
    photo = DeliveryFactory(destination=report.destination, depends_on=report)
    act(staff, "cancel", report)
    states = Delivery.objects.values_list("state", flat=True)
    assert set(states) == {State.CANCELLED}
    assert photo.pk


def test_staff_mark_a_delivery_as_sent_with_its_reference_there(staff):
    delivery = DeliveryFactory(state=State.DEAD)
    assert "reference" in act(staff, "mark_sent", delivery)
    act(staff, "mark_sent", delivery, remote_reference="101", confirm="yes")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.remote_reference) == (State.SENT, "101")


def test_sent_delivery_is_never_sent_again(staff):
    delivery = DeliveryFactory(state=State.SENT, sent_at=timezone.now())
    assert "cannot go from" in act(staff, "try_again", delivery)
    delivery.refresh_from_db()
    assert delivery.state == State.SENT


def test_staff_pause_and_resume_a_destination(staff):
    destination = DestinationFactory()
    act(staff, "pause", destination, url=DESTINATIONS)
    destination.refresh_from_db()
    assert destination.standing == "Paused: Paused by duty@example.org."
    act(staff, "resume", destination, url=DESTINATIONS)
    destination.refresh_from_db()
    assert destination.standing == "Working"


def test_key_of_a_destination_can_be_set_and_never_read(staff):
    destination = DestinationFactory(api_key="sesame")
    url = reverse("admin:outbox_destination_change", args=[destination.pk])
    page = staff.get(url)
    assert "sesame" not in page.content.decode()
    form = {**page.context["adminform"].form.initial, "api_key": "", "name": "drainage team"}
    staff.post(url, {name: value for name, value in form.items() if value is not None})
    destination.refresh_from_db()
    assert (destination.name, destination.api_key) == ("drainage team", "sesame")


@pytest.mark.parametrize("endpoint", ["http://backoffice:8001", "https://open311.example.org/v2"])
def test_destination_may_have_any_web_address(endpoint):
    DestinationFactory(endpoint=endpoint).full_clean()


def test_destination_is_reached_over_the_web_and_no_other_way():
    with pytest.raises(ValidationError, match="Start the address with"):
        DestinationFactory(endpoint="file:///etc/passwd").full_clean()


def test_staff_who_may_only_look_cannot_act(portal):
    from django.contrib.auth.models import Permission

    looker = ResidentFactory(is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_delivery"))
    portal.sign_in(looker)
    delivery = DeliveryFactory(state=State.DEAD)
    act(portal, "try_again", delivery)
    delivery.refresh_from_db()
    assert delivery.state == State.DEAD
