"""Whatever happens, in whatever order: every report arrives once, or staff see why not."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from stockport.outbox import delivering
from stockport.outbox.connectors import connector_for
from stockport.outbox.models import Delivery, Destination
from stockport.outbox.workflow import State
from tests.factories.outbox import DeliveryFactory

pytestmark = pytest.mark.django_db

FAULTS = ["", "", "500", "429", "login-page", "drop", "garbage", "truncated", "500-after", "token"]


class World:
    """Reports, workers that may die at any point, and a back office that may fail at any call."""

    def __init__(self, office, highways, choose):
        self.office, self.highways, self.choose = office, highways, choose
        self.deliveries = []

    def submit(self):
        self.deliveries.append(DeliveryFactory(destination=self.highways))

    def work(self):
        self.office.fault(self.choose.choice(FAULTS), times=1)
        if claim := self.claim():
            delivering.carry(claim)

    def die_before_the_call(self):
        self.claim()

    def die_after_the_call(self):
        self.office.fault(self.choose.choice(FAULTS), times=1)
        if claim := self.claim():
            delivering.call(connector_for(self.highways), claim.delivery)

    def let_leases_end(self):
        Delivery.objects.filter(state=State.LEASED).update(
            leased_until=Now() - timedelta(seconds=1)
        )
        delivering.reclaim()

    def claim(self):
        Delivery.objects.filter(state__in=Delivery.WAITING).update(next_attempt_at=Now())
        Destination.objects.update(resting_until=None, failures=0)
        return delivering.claim(self.highways.pk)

    def settle_down(self):
        """The back office is well again, and workers work on."""
        self.office.fault()
        self.let_leases_end()
        # A token becomes an id only after a few seconds: the report has arrived by then.
        unfinished = Delivery.objects.exclude(state__in=(State.SENT, State.ID_PENDING))
        for _ in range(100):
            if not unfinished.exists():
                return
            if claim := self.claim():
                delivering.carry(claim)
        raise AssertionError(list(unfinished.values_list("state", "reason")))


@pytest.mark.parametrize("seed", range(5))
def test_every_report_arrives_exactly_once(office, highways, seed):
    choose = random.Random(seed)
    world = World(office, highways, choose)
    acts = [
        world.submit,
        world.work,
        world.work,
        world.die_before_the_call,
        world.die_after_the_call,
        world.let_leases_end,
    ]
    for _ in range(40):
        choose.choice(acts)()
    world.settle_down()
    references = [delivery.reference for delivery in world.deliveries]
    arrived = [reference for reference in office.references() if reference in references]
    assert sorted(arrived) == sorted(references)
