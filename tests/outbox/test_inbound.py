"""What comes back is written down once, finds its delivery, and reaches its service."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from stockport.db import violated_constraint
from stockport.outbox import staff as delivery_staff
from stockport.outbox.connectors.base import Update
from stockport.outbox.inbound import polling
from stockport.outbox.inbound.applying import hand_on
from stockport.outbox.inbound.receiving import receive
from stockport.outbox.inbound.tidying import forget_unclaimed
from stockport.outbox.models import InboundUpdate
from stockport.outbox.workflow import IllegalMove, State
from stockport.services import Erasure, Service
from tests.factories.outbox import DeliveryFactory, DestinationFactory, InboundUpdateFactory

pytestmark = pytest.mark.django_db
FETCHED = InboundUpdate.Way.FETCHED


class Parking(Service):
    """A later service, which knows nothing of how news arrives."""

    slug, title, summary = "parking", "Parking", "Permits."

    def __init__(self):
        self.heard, self.fails_on = [], set()

    def hear(self, delivery, update):
        if delivery.kind != "permit":
            return False
        if update.update_id in self.fails_on:
            raise ValueError("Parking cannot do this.")
        self.heard.append((delivery.reference, update.update_id, update.status))
        return True

    def export(self, resident):
        return ()

    def erase(self, resident):
        return Erasure()


@pytest.fixture
def parking(monkeypatch):
    """The only service of this portal."""
    service = Parking()
    monkeypatch.setattr("stockport.outbox.inbound.applying.services", lambda: (service,))
    return service


@pytest.fixture
def permit():
    return DeliveryFactory(kind="permit", reference="P-1", remote_reference="7")


def news(number, remote_reference="7", status="granted", hours=0):
    at = timezone.now() - timedelta(hours=9 - hours)
    return Update(f"U{number}", remote_reference, status, "A note for Ada.", at)


def arrive(destination, *updates):
    receive(destination=destination, updates=updates, way=FETCHED)
    hand_on(destination.pk)
    return InboundUpdate.objects.order_by("pk").last()


def test_update_reaches_the_service_that_sent_the_thing(parking, permit):
    update = arrive(permit.destination, news(1))
    assert parking.heard == [("P-1", "U1", "granted")]
    assert (update.state, update.delivery) == ("applied", permit)
    assert update.applied_at


def test_same_update_again_changes_nothing(parking, permit):
    for _ in range(3):
        arrive(permit.destination, news(1), news(1))
    assert len(parking.heard) == InboundUpdate.objects.count() == 1


def test_same_id_from_another_destination_is_another_update(parking, permit):
    other = DeliveryFactory(kind="permit", reference="P-2", remote_reference="7")
    arrive(permit.destination, news(1))
    arrive(other.destination, news(1))
    assert [reference for reference, *_ in parking.heard] == ["P-1", "P-2"]


def test_updates_are_handed_on_in_the_order_in_which_things_happened(parking, permit):
    arrive(permit.destination, news(2, hours=2), news(3, hours=3), news(1, hours=1))
    assert [update_id for _, update_id, _ in parking.heard] == ["U1", "U2", "U3"]


def test_word_that_nobody_knows_is_kept_as_it_came(parking, permit):
    update = arrive(permit.destination, news(1, status="In Bearbeitung"))
    assert update.status == "In Bearbeitung"
    assert parking.heard[0][2] == "In Bearbeitung"


def test_text_is_kept_only_until_it_is_applied(parking, permit):
    receive(destination=permit.destination, updates=[news(1)], way=FETCHED)
    assert InboundUpdate.objects.get().description == "A note for Ada."
    hand_on(permit.destination_id)
    assert InboundUpdate.objects.get().description == ""


def test_update_of_something_unknown_is_quarantined(parking, permit):
    update = arrive(permit.destination, news(1, remote_reference="8"))
    assert (update.state, update.reason) == ("quarantined", InboundUpdate.UNKNOWN)
    assert parking.heard == []


def test_reference_at_another_destination_does_not_count(parking, permit):
    update = arrive(DestinationFactory(), news(1))
    assert update.state == "quarantined"


def test_reference_of_a_photo_is_not_that_of_a_report(parking, permit):
    DeliveryFactory(destination=permit.destination, depends_on=permit, remote_reference="8")
    assert arrive(permit.destination, news(1, remote_reference="8")).state == "quarantined"


def test_update_that_arrives_before_our_answer_is_applied_after_it(parking):
    delivery = DeliveryFactory(kind="permit", reference="P-1", state=State.DEAD)
    arrive(delivery.destination, news(1))
    assert parking.heard == []
    delivery_staff.mark_sent(delivery=delivery, remote_reference="7")
    hand_on(delivery.destination_id)
    assert parking.heard == [("P-1", "U1", "granted")]


def test_note_with_the_same_number_takes_no_update_from_what_it_follows(parking, permit):
    DeliveryFactory(
        destination=permit.destination, kind="permit", remote_reference="7", depends_on=permit
    )
    update = arrive(permit.destination, news(1))
    assert (update.state, update.delivery) == ("applied", permit)


def test_update_that_no_service_takes_is_quarantined(parking):
    delivery = DeliveryFactory(kind="bin", remote_reference="7")
    update = arrive(delivery.destination, news(1))
    assert (update.state, update.reason) == ("quarantined", InboundUpdate.NOBODYS)
    assert update.delivery == delivery


def test_services_are_asked_until_one_says_that_it_is_theirs(monkeypatch, permit):
    first, second, third = Parking(), Parking(), Parking()
    first.hear = lambda delivery, update: False
    three = (first, second, third)
    monkeypatch.setattr("stockport.outbox.inbound.applying.services", lambda: three)
    arrive(permit.destination, news(1))
    assert [len(service.heard) for service in three] == [0, 1, 0]


def test_service_that_fails_on_one_update_gets_the_others(parking, permit, caplog):
    parking.fails_on = {"U2"}
    arrive(permit.destination, *(news(n, hours=n) for n in (1, 2, 3)))
    assert [update_id for _, update_id, _ in parking.heard] == ["U1", "U3"]
    failed = InboundUpdate.objects.get(update_id="U2")
    assert (failed.state, failed.failures) == ("waiting", 1)
    assert failed.reason == "The portal failed on it: ValueError."
    assert failed.description == "A note for Ada."
    assert "A service failed on inbound update" in caplog.text


def test_update_that_failed_is_tried_again_later(parking, permit):
    parking.fails_on = {"U1"}
    arrive(permit.destination, news(1))
    hand_on(permit.destination_id)
    assert InboundUpdate.objects.get().failures == 1
    parking.fails_on = set()
    InboundUpdate.objects.update(due_at=Now())
    hand_on(permit.destination_id)
    update = InboundUpdate.objects.get()
    assert (update.state, update.reason) == ("applied", "")
    assert len(parking.heard) == 1


def test_what_a_failing_service_wrote_is_undone(parking, permit):
    def hear(delivery, update):
        DestinationFactory(slug="half-done")
        raise ValueError

    parking.hear = hear
    arrive(permit.destination, news(1))
    assert not type(permit.destination).objects.filter(slug="half-done").exists()


def test_process_that_dies_between_writing_down_and_applying_loses_nothing(parking, permit):
    receive(destination=permit.destination, updates=[news(1)], way=FETCHED)
    polling.confirm_updates(permit.destination, [news(1)])
    assert parking.heard == []  # it died here
    assert InboundUpdate.objects.destinations_to_hand_on() == {permit.destination_id}
    hand_on(permit.destination_id)
    assert len(parking.heard) == 1
    assert InboundUpdate.objects.destinations_to_hand_on() == set()


def test_cursor_stays_where_it_is_when_writing_down_fails(highways, work, monkeypatch):
    work(DeliveryFactory(destination=highways))

    def fail(**kwargs):
        raise RuntimeError("The database is away.")

    monkeypatch.setattr(polling, "receive", fail)
    with pytest.raises(RuntimeError):
        polling.bring_news(highways)
    highways.refresh_from_db()
    assert highways.updates_until is None


def test_cursor_moves_on_though_a_service_fails(parking, highways, work, wait_for_news):
    delivery = work(DeliveryFactory(destination=highways, kind="permit"))
    wait_for_news(highways, delivery)
    parking.fails_on = {f"{delivery.remote_reference}-1"}
    polling.bring_news(highways)
    highways.refresh_from_db()
    assert highways.updates_until is not None
    mine = InboundUpdate.objects.filter(delivery=delivery)
    assert mine.get(update_id__endswith="-1").state == "waiting"
    assert mine.filter(state="applied").count() == 2


def test_overlap_brings_the_same_updates_again_and_nothing_happens(
    parking, highways, work, wait_for_news
):
    delivery = work(DeliveryFactory(destination=highways, kind="permit"))
    wait_for_news(highways, delivery)
    polling.bring_news(highways)
    heard = len(parking.heard)
    assert heard == 3
    assert polling.fetch_updates(highways)
    assert polling.bring_news(highways) == 0
    assert len(parking.heard) == heard


@pytest.fixture
def wait_for_news():
    """Until the back office has said all that it will say of a delivery."""

    def wait(destination, delivery):
        end = timezone.now() + timedelta(seconds=10)
        while timezone.now() < end:
            found = polling.fetch_updates(destination)
            if sum(one.remote_reference == delivery.remote_reference for one in found) == 3:
                return
        raise AssertionError("The back office said too little.")

    return wait


def test_update_that_cannot_be_stored_does_not_stop_the_others(highways, monkeypatch, caplog):
    good, bad = news(1), Update("U" * 101, "7", "open", "", timezone.now())
    late = Update("U9", "7", "open", "", timezone.now() + timedelta(days=2))
    monkeypatch.setattr(
        "stockport.outbox.connectors.open311.Open311Connector.updates",
        lambda self, start, end: [good, bad, late],
    )
    polling.bring_news(highways)
    assert InboundUpdate.objects.get().update_id == "U1"
    assert "longer than 100" in caplog.text
    assert "in the future" in caplog.text


def test_cursor_is_never_moved_back_by_a_slower_fetch(highways):
    slower = type(highways).objects.get(pk=highways.pk)
    polling.confirm_updates(highways, [news(1, hours=8)])
    polling.confirm_updates(slower, [news(2, hours=1)])
    newest = type(highways).objects.get(pk=highways.pk).updates_until
    assert timezone.now() - newest < timedelta(hours=2)


def test_text_of_any_length_is_cut_to_what_a_page_can_show(permit):
    long = Update("U1", "8", "open", "x" * 10_000 + "\0", timezone.now())
    receive(destination=permit.destination, updates=[long], way=FETCHED)
    assert len(InboundUpdate.objects.get().description) == 4000


def test_what_nobody_claims_within_a_month_is_forgotten():
    old, new, waiting = (
        InboundUpdateFactory(),
        InboundUpdateFactory(),
        InboundUpdateFactory(waiting=True),
    )
    month_ago = Now() - timedelta(days=31)
    InboundUpdate.objects.filter(pk__in=[old.pk, waiting.pk]).update(received_at=month_ago)
    assert forget_unclaimed() == 1
    states = dict(InboundUpdate.objects.values_list("pk", "state"))
    assert states == {old.pk: "dismissed", new.pk: "quarantined", waiting.pk: "waiting"}
    old.refresh_from_db()
    assert (old.description, old.update_id != "") == ("", True)


@pytest.mark.parametrize("rows", [1, 20])
def test_hearing_the_same_again_costs_the_same_for_one_and_for_many(
    permit, django_assert_num_queries, rows
):
    updates = [news(n, remote_reference="8") for n in range(rows)]
    receive(destination=permit.destination, updates=updates, way=FETCHED)
    with django_assert_num_queries(3):  # savepoint, what is known, its release
        receive(destination=permit.destination, updates=updates, way=FETCHED)
    with django_assert_num_queries(4):  # savepoint, unclaimed, its release; due
        hand_on(permit.destination_id)


@pytest.mark.parametrize(("rows", "queries"), [(1, 3 + 5 + 1 + 4), (20, 3 + 5 + 1 + 20 * 4)])
def test_new_updates_are_written_down_together_and_applied_one_by_one(
    parking, permit, django_assert_num_queries, rows, queries
):
    """In a savepoint each: known, new; unclaimed, deliveries, change; due; lock, and settle."""
    updates = [news(n) for n in range(rows)]
    with django_assert_num_queries(queries + 1):
        arrive_only(permit.destination, updates)


def arrive_only(destination, updates):
    receive(destination=destination, updates=updates, way=FETCHED)
    hand_on(destination.pk)


def refused(write):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write()
    return violated_constraint(caught.value)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"update_id": ""}, "names_what_it_is_about"),
        ({"remote_reference": ""}, "names_what_it_is_about"),
        ({"state": "lost", "reason": "So.", "description": ""}, "state_known"),
        ({"way": "fax"}, "state_known"),
        ({"applied_at": Now()}, "applied_has_time"),
        ({"state": "applied", "description": "", "reason": ""}, "applied_has_time"),
        ({"delivery": None}, "applied_to_a_delivery"),
        ({"state": "quarantined", "reason": ""}, "says_why_not"),
        ({"state": "dismissed", "reason": "", "description": ""}, "says_why_not"),
        ({"state": "dismissed", "reason": "So."}, "settled_without_text"),
        ({"state": "applied", "applied_at": Now()}, "settled_without_text"),
    ],
)
def test_update_cannot_be_in_a_state_that_makes_no_sense(fields, constraint):
    update = InboundUpdateFactory(waiting=True)
    found = refused(lambda: InboundUpdate.objects.filter(pk=update.pk).update(**fields))
    assert found == f"outbox_update_{constraint}"


def test_update_of_a_destination_is_written_down_once():
    first, second = InboundUpdateFactory.create_batch(2, destination=DestinationFactory())
    rows = InboundUpdate.objects.filter(pk=second.pk)
    found = refused(lambda: rows.update(update_id=first.update_id))
    assert found == "outbox_update_received_once"


def test_update_belongs_to_a_delivery_of_the_destination_it_came_from():
    update, elsewhere = InboundUpdateFactory(waiting=True), DeliveryFactory()

    def mix_up():
        InboundUpdate.objects.filter(pk=update.pk).update(delivery=elsewhere)
        connection.check_constraints()

    assert refused(mix_up) == "outbox_update_of_its_destination"


def test_webhook_secret_of_a_destination_looks_like_one():
    destination = DestinationFactory()
    rows = type(destination).objects.filter(pk=destination.pk)
    found = refused(lambda: rows.update(webhook_secret="sesame"))
    assert found == "outbox_destination_webhook_secret_is_one"


@pytest.mark.parametrize("act", ["settle", "dismiss", "quarantine", "wait_for"])
def test_settled_update_stays_as_it_is(act):
    update = InboundUpdate(state="applied")
    with pytest.raises(IllegalMove, match="settled: applied"):
        getattr(update, act)(*([] if act == "settle" else ["x"]))
