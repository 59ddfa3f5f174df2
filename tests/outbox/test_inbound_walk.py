"""Whatever happens, in whatever order: each update is heard once, or staff see why not."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from stockport.outbox.connectors.base import Update
from stockport.outbox.inbound.applying import apply, hand_on
from stockport.outbox.inbound.receiving import receive
from stockport.outbox.models import Delivery, InboundUpdate
from stockport.services import services
from tests.factories.outbox import DeliveryFactory, DestinationFactory

pytestmark = pytest.mark.django_db


class World:
    """A system that says things twice and too early, and a service that fails now and then."""

    def __init__(self, choose):
        self.choose, self.heard, self.said = choose, [], []
        self.destination = DestinationFactory()
        self.deliveries = []
        self.well = False

    def send(self):
        """A delivery whose reference we learn only later."""
        self.deliveries.append(DeliveryFactory(destination=self.destination))

    def answer(self):
        """Some delivery gets its reference."""
        if self.deliveries:
            self.give_reference(self.choose.choice(self.deliveries))

    def give_reference(self, delivery):
        rows = Delivery.objects.filter(pk=delivery.pk)
        rows.update(remote_reference=f"R{self.deliveries.index(delivery)}")

    def say(self):
        """The system says something new of some delivery, perhaps before we have its reference."""
        if self.deliveries:
            number, at = len(self.said), timezone.now() - timedelta(hours=self.choose.randint(0, 9))
            reference = f"R{self.choose.randrange(len(self.deliveries))}"
            self.said.append(Update(f"U{number}", reference, "open", "", at))

    def arrive(self):
        """Some of what was said arrives, some of it again, and perhaps the process dies then."""
        some = [update for update in self.said if self.choose.random() < 0.5]
        way = self.choose.choice(InboundUpdate.Way.values)
        receive(destination=self.destination, updates=some, way=way)

    def hand_on(self):
        hand_on(self.destination.pk)

    def try_again(self):
        InboundUpdate.objects.update(due_at=Now())
        for pk in InboundUpdate.objects.values_list("pk", flat=True):
            apply(pk)

    def hear(self, delivery, update):
        if not self.well and self.choose.random() < 0.4:
            raise ValueError("The service fails.")
        assert delivery.remote_reference == update.remote_reference
        self.heard.append(update.update_id)
        return True

    def settle_down(self):
        self.well = True
        for delivery in self.deliveries:
            self.give_reference(delivery)
        receive(destination=self.destination, updates=self.said, way=InboundUpdate.Way.FETCHED)
        InboundUpdate.objects.update(due_at=Now())
        self.hand_on()


@pytest.mark.parametrize("seed", range(10))
def test_every_update_is_heard_exactly_once(monkeypatch, seed):
    world = World(random.Random(seed))
    monkeypatch.setattr(services()[0], "hear", world.hear, raising=False)
    acts = [world.send, world.answer, world.say, world.say, world.arrive, world.hand_on]
    acts.append(world.try_again)
    for _ in range(60):
        world.choose.choice(acts)()
    world.settle_down()
    assert world.said
    assert sorted(world.heard) == sorted(update.update_id for update in world.said)
    assert set(InboundUpdate.objects.values_list("state", flat=True)) == {"applied"}
