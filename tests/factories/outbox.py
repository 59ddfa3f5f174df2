"""Destinations and deliveries."""

import factory
from django.utils import timezone

from stockport.outbox.models import Delivery, Destination, InboundUpdate
from tests.notify import KEY, TEMPLATE


class DestinationFactory(factory.django.DjangoModelFactory[Destination]):
    class Meta:
        model = Destination

    slug = factory.Sequence(lambda n: f"highways-{n}")
    name = "lighting team"
    connector = Destination.Connector.OPEN311
    # Nothing listens on port 9, so a test that forgets to start a back office sends nothing.
    endpoint = "http://127.0.0.1:9/"
    api_key = "key"


class DeliveryFactory(factory.django.DjangoModelFactory[Delivery]):
    class Meta:
        model = Delivery

    class Params:
        email = factory.Trait(
            destination=factory.LazyFunction(lambda: Destination.objects.get(slug="email")),
            kind="email",
            payload={"to": ["ada@example.org"], "subject": "Hello", "body": "Hello."},
        )

    destination = factory.SubFactory(DestinationFactory)
    kind = "street_report"
    reference = factory.Sequence(lambda n: f"SR-{n:06}")
    payload = factory.LazyFunction(
        lambda: {
            "service_code": "light-out",
            "lat": 53.4106,
            "long": -2.1575,
            "address_string": "14 Ashfield Road, SK3 8UF",
            "description": "The light is out.",
            "email": "ada@example.org",
            "first_name": "Ada",
            "last_name": "Shaw",
            "phone": "0161 496 0000",
            "attributes": {"feature_id": "014"},
        }
    )


class InboundUpdateFactory(factory.django.DjangoModelFactory[InboundUpdate]):
    """News of something unknown; `waiting=True` makes it news of a delivery that was sent."""

    class Meta:
        model = InboundUpdate

    class Params:
        waiting = factory.Trait(
            state=InboundUpdate.State.WAITING,
            reason="",
            delivery=factory.SubFactory(
                DeliveryFactory,
                destination=factory.SelfAttribute("..destination"),
                remote_reference=factory.SelfAttribute("..remote_reference"),
            ),
        )

    destination = factory.SubFactory(DestinationFactory)
    update_id = factory.Sequence(lambda n: f"U{n}")
    remote_reference = factory.Sequence(lambda n: f"{101000000 + n}")
    status = "planned"
    description = "We come on Friday."
    updated_at = factory.LazyFunction(timezone.now)
    way = InboundUpdate.Way.FETCHED
    reason = InboundUpdate.UNKNOWN


class TextsFactory(DestinationFactory):
    """Where text messages go; nothing listens there."""

    slug = "texts"
    name = "GOV.UK Notify"
    connector = Destination.Connector.GOVUK_NOTIFY
    api_key = KEY
    template_ids = factory.LazyFunction(lambda: {"appointment_reminder": TEMPLATE})
