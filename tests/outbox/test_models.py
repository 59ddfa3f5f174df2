"""The database refuses what must never be."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from stockport.db import violated_constraint
from stockport.outbox.models import Attempt, Delivery, Destination
from stockport.outbox.workflow import State, Step
from tests.factories.accounts import ResidentFactory
from tests.factories.outbox import DeliveryFactory, DestinationFactory

pytestmark = pytest.mark.django_db


def refused(write):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write()
    return violated_constraint(caught.value)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"state": State.LEASED}, "lease_while_leased"),
        ({"leased_until": timezone.now()}, "lease_while_leased"),
        ({"state": State.SENT}, "sent_has_time"),
        ({"sent_at": timezone.now()}, "sent_has_time"),
        ({"depends_on": F("id")}, "not_its_own_follower"),
        ({"state": State.UNKNOWN, "next_step": Step.SEND}, "step_fits_state"),
        ({"state": State.RETRY, "next_step": Step.FIND}, "step_fits_state"),
        ({"state": State.DEAD, "next_step": Step.POLL}, "poll_has_token"),
    ],
)
def test_delivery_cannot_be_in_a_state_that_makes_no_sense(fields, constraint):
    delivery = DeliveryFactory()
    found = refused(lambda: Delivery.objects.filter(pk=delivery.pk).update(**fields))
    assert found == f"outbox_delivery_{constraint}"


def test_destination_allows_at_least_one_delivery_at_a_time():
    found = refused(lambda: DestinationFactory(concurrency=0))
    assert found == "outbox_destination_concurrency_positive"


def test_webhook_needs_a_secret_to_be_signed_with():
    found = refused(lambda: DestinationFactory(connector="webhook", webhook_secret=""))
    assert found == "outbox_destination_webhook_is_signed"


@pytest.mark.parametrize("connector", ["open311", "webhook"])
def test_system_has_an_address(connector):
    secret = "whsec_" + "A" * 32
    found = refused(
        lambda: DestinationFactory(connector=connector, webhook_secret=secret, endpoint="")
    )
    assert found == "outbox_destination_has_an_address"


def test_try_is_recorded_once():
    delivery = DeliveryFactory()
    Attempt.objects.create(delivery=delivery, number=1)
    found = refused(lambda: Attempt.objects.create(delivery=delivery, number=1))
    assert found == "outbox_attempt_number_unique"


def test_email_can_always_be_sent():
    assert Destination.objects.get(slug="email").connector == "email"


def test_resident_finds_what_was_sent_for_them_and_nothing_else():
    mine, other = ResidentFactory(), ResidentFactory()
    delivery = DeliveryFactory(resident=mine)
    DeliveryFactory(resident=other)
    assert list(Delivery.objects.for_resident(mine)) == [delivery]
