"""What follows an accepted report may fail in every way; the report is never sent again."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from stockport import http
from stockport.outbox import delivering, staff
from stockport.outbox.models import Delivery
from stockport.outbox.workflow import State
from tests.factories.outbox import DeliveryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_storage(settings, tmp_path):
    """Photos of a test go where pytest cleans up."""
    settings.MEDIA_ROOT = tmp_path


def posts(office, delivery):
    """How often the report was posted, and how many cases came of it."""
    ledger = office.ledger()
    return [
        sum(row["reference"] == delivery.reference for row in ledger[name])
        for name in ("calls", "cases")
    ]


def photo_of(report):
    name = default_storage.save("tests/photo.jpg", ContentFile(b"\xff\xd8"))
    return DeliveryFactory(
        destination=report.destination, kind="photo", depends_on=report, payload={"storage": name}
    )


@pytest.mark.parametrize(
    "fault",
    ["500", "503", "429", "403", "hang", "login-page", "drop", "garbage", "truncated", "500-after"],
)
def test_photo_that_fails_never_sends_the_report_again(office, highways, work, fault):
    report = work(DeliveryFactory(destination=highways))
    photo = photo_of(report)
    office.fault(fault, times=3, seconds=0.5)
    for _ in range(4):
        work(photo)
        type(highways).objects.update(paused_at=None, pause_reason="")
    report.refresh_from_db()
    assert report.state == State.SENT
    assert posts(office, report) == [1, 1]


def test_photo_that_is_refused_leaves_the_report_sent(office, highways, work):
    report = work(DeliveryFactory(destination=highways))
    Delivery.objects.filter(pk=report.pk).update(remote_reference="no-such-case")
    photo = work(photo_of(report))
    report.refresh_from_db()
    assert (photo.state, report.state) == (State.DEAD, State.SENT)
    assert photo.reason == "service_request_id does not exist."
    assert posts(office, report) == [1, 1]


def test_photo_of_a_report_that_was_refused_waits_with_it(office, highways, work):
    report = DeliveryFactory(destination=highways, payload={"service_code": "nothing"})
    photo = photo_of(report)
    assert work(report).state == State.DEAD
    assert work(photo).state == State.PENDING


@pytest.mark.parametrize(
    "fault", ["hang", "drip", "500", "503", "429", "login-page", "drop", "garbage", "truncated"]
)
def test_token_that_cannot_be_asked_about_never_sends_the_report_again(
    office, highways, work, fault, monkeypatch
):
    office.fault("token", times=1)
    delivery = work(DeliveryFactory(destination=highways))
    assert delivery.state == State.ID_PENDING
    monkeypatch.setattr(http, "LONGEST_SECONDS", 1)
    office.fault(fault, everywhere="true", seconds=0.5)
    for _ in range(2):
        assert work(delivery).state == State.ID_PENDING
    office.fault()
    assert posts(office, delivery) == [1, 1]


def test_token_that_was_asked_about_too_often_is_asked_about_again_when_staff_say_so(
    office, highways, work, settings
):
    settings.OUTBOX_GIVE_UP_TRIES = 2
    office.fault("token", times=1)
    delivery = work(DeliveryFactory(destination=highways))
    office.fault("500", everywhere="true")
    assert work(delivery).state == State.DEAD
    office.fault()
    delivery = staff.try_again(delivery=delivery, checked=True)
    assert (delivery.state, delivery.next_step) == (State.ID_PENDING, "poll")
    work(delivery)
    assert posts(office, delivery) == [1, 1]


def test_worker_that_dies_while_it_asks_about_a_token_never_sends_the_report_again(
    office, highways, work
):
    office.fault("token", times=1)
    delivery = work(DeliveryFactory(destination=highways))
    Delivery.objects.update(next_attempt_at=delivery.created_at)
    assert delivering.claim(highways.pk)
    Delivery.objects.update(leased_until=delivery.created_at)
    assert delivering.reclaim() == 1
    delivery.refresh_from_db()
    assert delivery.state == State.ID_PENDING
    work(delivery)
    assert posts(office, delivery) == [1, 1]
