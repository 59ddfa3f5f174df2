"""Staff see what did not leave, and why, and put it right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from stockport.outbox.actions import pause
from stockport.outbox.models import Attempt, Delivery, Destination
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
    with django_assert_num_queries(10):
        page = staff.get(DELIVERIES)
    assert page.content.decode().count("Waiting to be sent") >= rows


@pytest.mark.parametrize("rows", [1, 20])
def test_list_of_destinations_costs_the_same_for_one_and_for_many(
    staff, django_assert_num_queries, rows
):
    DestinationFactory.create_batch(rows)
    for destination in Destination.objects.exclude(slug="email"):
        DeliveryFactory.create_batch(2, destination=destination, state=State.DEAD)
    with django_assert_num_queries(5):
        staff.get(DESTINATIONS)


def why(staff, delivery):
    """What the list says of why it is not sent."""
    changes = staff.get(DELIVERIES, {"q": delivery.reference}).context["cl"]
    return [changes.model_admin.why(each) for each in changes.result_list]


def test_staff_read_why_a_delivery_waits(staff):
    failing = DestinationFactory(failures=3, resting_until=timezone.now() + timedelta(minutes=5))
    paused = pause(destination=DestinationFactory(), reason="Key refused.")
    report = DeliveryFactory(reason="The answer was 503.", state=State.RETRY)
    photo = DeliveryFactory(destination=report.destination, depends_on=report)
    assert why(staff, report) == ["The answer was 503."]
    assert why(staff, photo) == [f"Follows {report}, which is not sent yet."]
    assert why(staff, DeliveryFactory()) == [""]
    [resting] = why(staff, DeliveryFactory(destination=failing))
    assert resting.startswith("Failing: next try ")
    [waiting] = why(staff, DeliveryFactory(destination=paused))
    assert waiting.startswith("Paused since ")
    assert waiting.endswith("by the portal: Key refused.")


def shown(staff, destination):
    """The line of a destination in the list: what stands in each column."""
    page = staff.get(DESTINATIONS, {"q": destination.slug})
    admin = page.context["cl"].model_admin
    [row] = page.context["cl"].result_list
    names = ("waiting", "oldest", "needing_attention", "failures", "standing")
    return {
        name: str(getattr(admin, name)(row) if hasattr(admin, name) else getattr(row, name))
        for name in names
    }


def test_staff_see_how_each_destination_is(staff):
    destination = DestinationFactory(failures=2)
    ago = timezone.now() - timedelta(hours=3, minutes=5)
    DeliveryFactory(destination=destination, created_at=ago)
    DeliveryFactory(destination=destination, state=State.RETRY)
    DeliveryFactory(destination=destination, state=State.DEAD, created_at=ago - timedelta(days=9))
    DeliveryFactory(destination=destination, state=State.SENT, sent_at=ago)
    line = shown(staff, destination)
    assert f"destination__id__exact={destination.pk}&amp;state__exact=dead" in line.pop(
        "needing_attention"
    )
    assert line == {"waiting": "2", "oldest": "3\xa0hours", "failures": "2", "standing": "Working"}


def test_staff_see_when_a_failing_destination_is_tried_next(staff):
    soon = datetime(2126, 11, 23, 10, 2, tzinfo=UTC)
    destination = DestinationFactory(failures=4, resting_until=soon)
    assert shown(staff, destination)["standing"] == "Failing: next try 23 November 2126, 10:02"
    destination = DestinationFactory(failures=4, resting_until=timezone.now())
    assert shown(staff, destination)["standing"] == "Failing: next try now"
    destination = DestinationFactory(resting_until=soon)
    assert "left alone until 23 November 2126, 10:02" in shown(staff, destination)["standing"]


def test_page_of_a_destination_shows_its_last_ten_failures(staff):
    delivery, other = DeliveryFactory(reference="SL-1"), DeliveryFactory(reference="SL-2")
    for number in range(1, 13):
        Attempt.objects.create(
            delivery=delivery, number=number, outcome=State.RETRY, answer=f"It said {number}.",
            started_at=timezone.now() + timedelta(minutes=number),
        )  # fmt: skip
    quiet = {
        "It arrived.": {"outcome": State.SENT},
        "It is not there.": {"outcome": State.RETRY, "step": Step.FIND},
        "Elsewhere.": {"outcome": State.DEAD, "delivery": other},
    }
    for number, (answer, more) in enumerate(quiet.items(), start=20):
        Attempt.objects.create(**{"delivery": delivery, "number": number, "answer": answer, **more})
    page = staff.get(delivery.destination.admin_url).content.decode()
    assert [n for n in range(1, 13) if f"It said {n}." in page] == list(range(3, 13))
    assert not [answer for answer in quiet if answer in page]


def test_staff_see_each_try_and_its_answer(staff):
    delivery = DeliveryFactory(state=State.DEAD, reason="lat is wrong")
    when = datetime(2026, 11, 23, 10, 2, tzinfo=UTC)
    Attempt.objects.create(
        delivery=delivery, number=7, status_code=418, answer="No such place", step=Step.FIND,
        started_at=when, finished_at=when + timedelta(minutes=1), outcome=State.DEAD,
    )  # fmt: skip
    page = staff.get(reverse("admin:outbox_delivery_change", args=[delivery.pk])).content.decode()
    for words in ("Try 7", "Look up our reference", "10:02", "10:03", "418", "No such place"):
        assert words in page, words
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


def test_reference_of_one_delivery_is_not_taken_for_another(staff):
    first = DeliveryFactory(state=State.SENT, sent_at=timezone.now(), remote_reference="101")
    second = DeliveryFactory(destination=first.destination, state=State.DEAD)
    page = act(staff, "mark_sent", second, remote_reference="101", confirm="yes")
    assert "has the reference 101" in page
    second.refresh_from_db()
    assert (second.state, second.remote_reference) == (State.DEAD, "")
    assert not LogEntry.objects.exists()
    act(staff, "mark_sent", second, remote_reference="102", confirm="yes")
    assert LogEntry.objects.get().change_message == "Marked as sent: 102."


def test_delivery_is_not_marked_as_sent_without_a_reference(staff):
    delivery = DeliveryFactory(state=State.DEAD)
    assert "This field is required" in act(
        staff, "mark_sent", delivery, remote_reference=" ", confirm="yes"
    )
    delivery.refresh_from_db()
    assert delivery.state == State.DEAD


@pytest.mark.parametrize("action", ["hold", "cancel", "mark_sent"])
@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.LEASED, "Wait a minute until this try has ended"),
        (State.SENT, "It is at its destination"),
        (State.CANCELLED, "stays cancelled"),
    ],
)
def test_what_cannot_be_stopped_is_refused_with_the_reason(staff, action, state, words):
    delivery = DeliveryFactory(
        state=state,
        sent_at=timezone.now() if state == State.SENT else None,
        lease=uuid4() if state == State.LEASED else None,
        leased_until=timezone.now() if state == State.LEASED else None,
    )
    page = act(staff, action, delivery, remote_reference="101", confirm="yes")
    assert words in page
    delivery.refresh_from_db()
    assert delivery.state == state
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("action", ["hold", "cancel", "mark_sent", "send_afresh"])
def test_every_act_of_staff_is_on_record_with_who_did_it(staff, action):
    delivery = DeliveryFactory(state=State.DEAD)
    act(staff, action, delivery, remote_reference="101", confirm="yes")
    entry = LogEntry.objects.get()
    assert (entry.user.email, entry.object_id) == ("duty@example.org", str(delivery.pk))


def test_staff_pause_and_resume_a_destination(staff):
    destination = DestinationFactory()
    assert "Why, for the next person" in act(staff, "pause", destination, url=DESTINATIONS)
    destination.refresh_from_db()
    assert destination.paused_at is None
    act(staff, "pause", destination, url=DESTINATIONS, reason="New key on Monday", confirm="yes")
    destination.refresh_from_db()
    standing = destination.standing
    assert standing.startswith("Paused since ")
    assert standing.endswith(" by duty@example.org: New key on Monday")
    act(staff, "resume", destination, url=DESTINATIONS)
    destination.refresh_from_db()
    assert (destination.standing, destination.paused_by) == ("Working", None)
    notes = LogEntry.objects.order_by("pk").values_list("change_message", flat=True)
    assert list(notes) == ["Paused: New key on Monday", "Resumed."]


def test_destination_that_refuses_the_portal_is_paused_by_the_portal():
    destination = pause(destination=DestinationFactory(), reason="Key refused.")
    assert destination.standing.endswith(" by the portal: Key refused.")


def test_destination_that_is_not_paused_says_no_reason():
    with pytest.raises(IntegrityError, match="destination_reason_while_paused"):
        DestinationFactory(pause_reason="Key refused.")


def test_no_two_deliveries_have_one_reference_at_one_destination():
    first = DeliveryFactory(remote_reference="101")
    DeliveryFactory(remote_reference="101")  # another destination
    DeliveryFactory(destination=first.destination, depends_on=first, remote_reference="101")
    DeliveryFactory.create_batch(2, destination=first.destination, remote_reference="")
    with pytest.raises(IntegrityError, match="outbox_delivery_reference_is_one"):
        DeliveryFactory(destination=first.destination, remote_reference="101")


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


@pytest.mark.parametrize("action", ["try_again", "send_afresh", "hold", "cancel", "mark_sent"])
def test_staff_who_may_only_look_cannot_act(portal, action):
    looker = ResidentFactory(is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_delivery"))
    portal.sign_in(looker)
    delivery = DeliveryFactory(state=State.DEAD)
    act(portal, action, delivery, remote_reference="101", confirm="yes")
    delivery.refresh_from_db()
    assert delivery.state == State.DEAD


@pytest.mark.parametrize("action", ["try_again_all", "pause", "resume"])
def test_staff_who_may_only_look_at_destinations_cannot_act(portal, action):
    looker = ResidentFactory(is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_destination"))
    portal.sign_in(looker)
    delivery = DeliveryFactory(state=State.DEAD, destination__paused_at=timezone.now())
    act(portal, action, delivery.destination, url=DESTINATIONS, reason="No", confirm="yes")
    delivery.refresh_from_db()
    assert delivery.state == State.DEAD
    assert delivery.destination.paused_at is not None
