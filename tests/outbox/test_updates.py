"""News of what was sent comes back, at least once and in order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from stockport.outbox.connectors.base import Update
from stockport.outbox.inbound.polling import confirm_updates, fetch_updates
from tests.factories.outbox import DeliveryFactory, DestinationFactory

pytestmark = pytest.mark.django_db


def news(destination, delivery):
    updates = fetch_updates(destination)
    return [each for each in updates if each.remote_reference == delivery.remote_reference]


def wait_for_news(destination, delivery, count):
    end = timezone.now() + timedelta(seconds=10)
    while len(found := news(destination, delivery)) < count:
        assert timezone.now() < end
    return found


def test_report_is_accepted_then_planned_then_fixed(highways, work):
    delivery = work(DeliveryFactory(destination=highways))
    updates = wait_for_news(highways, delivery, 3)
    assert [update.status for update in updates] == ["open", "planned", "fixed"]
    assert updates[0].description == "The lighting team has accepted your report."
    assert updates == sorted(updates, key=lambda update: update.updated_at)
    assert abs(timezone.now() - updates[0].updated_at) < timedelta(seconds=30)


def test_news_that_was_not_confirmed_comes_again(highways, work):
    delivery = work(DeliveryFactory(destination=highways))
    first = wait_for_news(highways, delivery, 3)
    assert news(highways, delivery) == first


def test_confirmed_news_is_asked_for_again_only_as_far_as_the_overlap(highways, work):
    delivery = work(DeliveryFactory(destination=highways))
    wait_for_news(highways, delivery, 3)
    later = timezone.now() + timedelta(hours=2)
    highways.updates_until = later
    assert news(highways, delivery) == []


def test_cursor_only_moves_forward_and_never_into_the_future(highways):
    now = timezone.now()
    times = (now - timedelta(hours=1), now + timedelta(days=400), now - timedelta(days=3))
    updates = [Update(str(n), "7", "open", "", at) for n, at in enumerate(times)]
    confirm_updates(highways, updates)
    highways.refresh_from_db()
    assert now <= highways.updates_until <= timezone.now()
    confirm_updates(highways, updates[2:])
    highways.refresh_from_db()
    assert highways.updates_until >= now
    confirm_updates(highways, [])
    assert highways.updates_until >= now


@pytest.mark.parametrize("fault", ["500", "login-page", "429"])
def test_destination_that_cannot_be_read_has_no_news_this_time(office, highways, fault):
    office.fault(fault, everywhere="true")
    assert fetch_updates(highways) == []
    assert highways.updates_until is None


def test_destination_that_refuses_our_key_is_paused_and_asked_no_more(office):
    destination = DestinationFactory(endpoint=office.url, api_key="wrong")
    assert fetch_updates(destination) == []
    destination.refresh_from_db()
    assert "api_key" in destination.pause_reason
    calls = len(office.ledger()["calls"])
    assert fetch_updates(destination) == []
    assert len(office.ledger()["calls"]) == calls


def test_email_has_no_news(db):
    assert fetch_updates(DestinationFactory(connector="email")) == []
