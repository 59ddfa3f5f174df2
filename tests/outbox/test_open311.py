"""Reports reach a strict Open311 back office once, whatever it answers."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic, sleep

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from stockport import http
from stockport.outbox.connectors import open311
from stockport.outbox.workflow import State
from tests.factories.outbox import DeliveryFactory, DestinationFactory

pytestmark = pytest.mark.django_db


def cases(office, delivery):
    return [case for case in office.ledger()["cases"] if case["reference"] == delivery.reference]


def posts(office, delivery):
    return [call for call in office.ledger()["calls"] if call["reference"] == delivery.reference]


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(http, "READ_SECONDS", 0.3)


def test_report_arrives_with_everything_it_says(office, highways, work):
    delivery = work(DeliveryFactory(destination=highways))
    [case] = cases(office, delivery)
    assert delivery.state == State.SENT
    assert delivery.remote_reference == case["id"]
    assert case["fields"]["description"] == "The light is out."
    assert case["fields"]["last_name"] == "Shaw"
    assert case["attributes"]["feature_id"] == ["014"]
    [call] = posts(office, delivery)
    assert call["idempotency_key"] == str(delivery.pk)


def test_contact_details_are_forgotten_once_the_report_is_sent(highways, work):
    delivery = work(DeliveryFactory(destination=highways))
    assert not {"email", "first_name", "last_name", "phone"} & delivery.payload.keys()
    assert delivery.payload["description"] == "The light is out."


@pytest.mark.parametrize("fault", ["drop", "garbage", "truncated", "500-after", "slow"])
def test_report_whose_answer_was_lost_is_found_and_not_sent_again(
    office, highways, work, impatient, fault
):
    office.fault(fault, times=1)
    delivery = work(DeliveryFactory(destination=highways))
    assert delivery.state == State.UNKNOWN
    office.fault()
    work(delivery)
    [case] = cases(office, delivery)
    assert delivery.state == State.SENT
    assert delivery.remote_reference == case["id"]


@pytest.mark.parametrize("fault", ["500", "503", "login-page", "hang"])
def test_report_that_did_not_arrive_is_sent_again_after_a_look(
    office, highways, work, impatient, fault
):
    office.fault(fault, times=1)
    delivery = work(DeliveryFactory(destination=highways))
    assert delivery.state == State.UNKNOWN
    office.fault()
    assert work(delivery).state == State.RETRY
    assert work(delivery).state == State.SENT
    assert len(cases(office, delivery)) == 1


@pytest.mark.parametrize("hours", [-3, 3])
def test_report_is_found_by_a_portal_whose_clock_is_wrong(office, highways, work, hours):
    office.fault("drop", times=1)
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        delivery = work(DeliveryFactory(destination=highways))
        assert delivery.state == State.UNKNOWN
        assert work(delivery).state == State.SENT
    assert len(cases(office, delivery)) == 1


def test_report_in_doubt_is_not_sent_while_nobody_can_look(office, highways, work):
    office.fault("drop", times=1)
    delivery = work(DeliveryFactory(destination=highways))
    office.fault("500", everywhere="true")
    for _ in range(3):
        assert work(delivery).state == State.UNKNOWN
    assert len(posts(office, delivery)) == 1


def test_busy_back_office_is_left_alone_for_as_long_as_it_asks(office, highways, work):
    office.fault("429", times=1)
    delivery = work(DeliveryFactory(destination=highways))
    highways.refresh_from_db()
    assert delivery.state == State.RETRY
    assert highways.resting_until - timezone.now() < timedelta(seconds=3)
    assert delivery.next_attempt_at - timezone.now() > timedelta(seconds=0.5)


def test_token_is_asked_for_its_reference_and_the_report_never_sent_again(office, highways, work):
    office.fault("token", times=1)
    delivery = work(DeliveryFactory(destination=highways))
    assert delivery.state == State.ID_PENDING
    assert work(delivery).state == State.ID_PENDING
    assert len(posts(office, delivery)) == 1
    assert not delivery.remote_reference


def test_token_that_is_ready_gives_the_reference(office, highways, work):
    office.fault("token", times=1)
    delivery = work(DeliveryFactory(destination=highways))
    end = monotonic() + 10
    while delivery.state == State.ID_PENDING:
        assert monotonic() < end
        sleep(0.5)
        work(delivery)
    [case] = cases(office, delivery)
    assert (delivery.state, delivery.remote_reference) == (State.SENT, case["id"])


def test_report_whose_token_was_forgotten_is_looked_up(office, highways, work):
    office.fault("token", times=1)
    delivery = work(DeliveryFactory(destination=highways))
    delivery.remote_token = "forgotten"
    delivery.save()
    assert work(delivery).state == State.UNKNOWN
    assert work(delivery).state == State.SENT
    [case] = cases(office, delivery)
    assert delivery.remote_reference == case["id"]


def test_report_that_the_back_office_refuses_tells_staff_why(office, highways, work):
    delivery = DeliveryFactory(destination=highways, payload={"service_code": "Nothing"})
    work(delivery)
    assert delivery.state == State.DEAD
    assert delivery.reason == "service_code Nothing does not exist."


def test_wrong_key_pauses_the_destination_and_alerts_staff(office, settings, work, db):
    settings.ALERT_EMAILS = ["duty@example.org"]
    destination = DestinationFactory(endpoint=office.url, api_key="wrong")
    delivery, other = DeliveryFactory.create_batch(2, destination=destination)
    first = [each for each in (delivery, other) if work(each).attempt_count]
    destination.refresh_from_db()
    assert len(first) == 1
    assert first[0].state == State.RETRY
    assert destination.paused_at is not None
    assert "api_key" in destination.pause_reason
    [alert] = type(delivery).objects.filter(destination__slug="email")
    assert alert.payload["to"] == ["duty@example.org"]
    assert destination.admin_url in alert.payload["body"]


def test_back_office_that_is_down_gets_the_report_later(work, office, highways):
    highways.endpoint = "http://127.0.0.1:9"
    highways.save()
    delivery = work(DeliveryFactory(destination=highways))
    assert delivery.state == State.RETRY
    highways.endpoint = office.url
    highways.save()
    assert work(delivery).state == State.SENT


def test_photo_follows_its_report_and_never_goes_before_it(office, highways, work):
    report = DeliveryFactory(destination=highways)
    name = default_storage.save("tests/outbox.jpg", ContentFile(b"\xff\xd8\r\n--photo\r\n"))
    try:
        photo = DeliveryFactory(
            destination=highways, kind="photo", depends_on=report, payload={"storage": name}
        )
        office.fault("500", times=1)
        assert work(report).state == State.UNKNOWN
        work(report)
        photo.refresh_from_db()
        assert photo.state == State.PENDING
        work(report)
        assert work(photo).state == State.SENT
    finally:
        default_storage.delete(name)
    [note] = [note for note in office.ledger()["notes"] if note["update_id"] == str(photo.pk)]
    assert note["case"] == report.remote_reference
    assert (office.folder / note["files"][0]).read_bytes() == b"\xff\xd8\r\n--photo\r\n"


def test_note_follows_its_report_and_carries_its_words(office, highways, work):
    report = DeliveryFactory(destination=highways)
    note = DeliveryFactory(
        destination=highways,
        kind="note",
        depends_on=report,
        payload={"description": "From another resident: Since Monday."},
    )
    work(report)
    assert work(note).state == State.SENT
    [taken] = [taken for taken in office.ledger()["notes"] if taken["update_id"] == str(note.pk)]
    assert taken["description"] == "From another resident: Since Monday."
    assert taken["files"] == []


def test_photo_whose_answer_was_lost_is_there_once(office, highways, work):
    report = work(DeliveryFactory(destination=highways))
    name = default_storage.save("tests/outbox.jpg", ContentFile(b"\xff\xd8"))
    photo = DeliveryFactory(
        destination=highways, kind="photo", depends_on=report, payload={"storage": name}
    )
    office.fault("drop", times=1)
    assert work(photo).state == State.UNKNOWN
    work(photo)
    assert work(photo).state == State.SENT
    default_storage.delete(name)
    notes = [note for note in office.ledger()["notes"] if note["update_id"] == str(photo.pk)]
    assert len(notes) == 1


def test_photo_that_was_deleted_does_not_hold_anything_up(highways, work):
    report = work(DeliveryFactory(destination=highways))
    photo = DeliveryFactory(
        destination=highways, kind="photo", depends_on=report, payload={"storage": "gone.jpg"}
    )
    assert work(photo).state == State.DEAD


def test_error_in_our_own_code_leaves_the_delivery_in_doubt(highways, work, monkeypatch):
    def broken(self, delivery):
        raise KeyError("lat")

    monkeypatch.setattr(open311.Open311Connector, "send", broken)
    assert work(DeliveryFactory(destination=highways)).state == State.UNKNOWN
