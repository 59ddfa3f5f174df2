"""Places, desks, services, hours and appointments."""

from datetime import date, time, timedelta

import factory
from django.utils import timezone

from appointments.models import (
    Appointment,
    Closure,
    Desk,
    DeskService,
    EarlierOffer,
    ExtraOpening,
    Location,
    OccupiedCell,
    OpeningRule,
    Service,
    Waiting,
)
from tests.factories.accounts import ResidentFactory


class LocationFactory(factory.django.DjangoModelFactory[Location]):
    class Meta:
        model = Location

    slug = factory.Sequence(lambda n: f"place-{n}")
    name = factory.Sequence(lambda n: f"Place {n}")
    address = "Piccadilly, Stockport"
    postcode = "SK1 3XE"
    latitude = "53.407000"
    longitude = "-2.157000"


class DeskFactory(factory.django.DjangoModelFactory[Desk]):
    class Meta:
        model = Desk

    location = factory.SubFactory(LocationFactory)
    name = factory.Sequence(lambda n: f"Desk {n}")


class ServiceFactory(factory.django.DjangoModelFactory[Service]):
    class Meta:
        model = Service

    slug = factory.Sequence(lambda n: f"service-{n}")
    name = factory.Sequence(lambda n: f"Service {n}")
    summary = "For anybody."


class DeskServiceFactory(factory.django.DjangoModelFactory[DeskService]):
    class Meta:
        model = DeskService

    desk = factory.SubFactory(DeskFactory)
    service = factory.SubFactory(ServiceFactory)


class OpeningRuleFactory(factory.django.DjangoModelFactory[OpeningRule]):
    class Meta:
        model = OpeningRule

    location = factory.SubFactory(LocationFactory)
    weekday = 0
    opens = time(9, 0)
    closes = time(17, 0)
    valid_from = date(2020, 1, 1)


class ExtraOpeningFactory(factory.django.DjangoModelFactory[ExtraOpening]):
    class Meta:
        model = ExtraOpening

    location = factory.SubFactory(LocationFactory)
    date = date(2027, 1, 16)
    opens = time(9, 0)
    closes = time(17, 0)


class ClosureFactory(factory.django.DjangoModelFactory[Closure]):
    class Meta:
        model = Closure

    starts_at = factory.LazyFunction(timezone.now)
    ends_at = factory.LazyAttribute(lambda closure: closure.starts_at + timedelta(hours=1))


class AppointmentFactory(factory.django.DjangoModelFactory[Appointment]):
    """A booked appointment with its cells; `held=True` for a hold of ten minutes."""

    class Meta:
        model = Appointment
        skip_postgeneration_save = True

    class Params:
        held = factory.Trait(
            status=Appointment.Status.HELD,
            booked_at=None,
            hold_expires_at=factory.LazyFunction(lambda: timezone.now() + timedelta(minutes=10)),
        )

    resident = factory.SubFactory(ResidentFactory)
    service = factory.SubFactory(ServiceFactory)
    desk = factory.SubFactory(DeskFactory)
    channel = "in-person"
    starts_at = factory.LazyFunction(
        lambda: timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    )
    ends_at = factory.LazyAttribute(lambda made: made.starts_at + timedelta(minutes=30))
    busy_from = factory.SelfAttribute("starts_at")
    busy_to = factory.SelfAttribute("ends_at")
    status = Appointment.Status.BOOKED
    booked_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def cells(self, create: bool, extracted: object, **kwargs: object) -> None:
        assert isinstance(self, Appointment)
        if create:
            OccupiedCell.objects.bulk_create(self.occupied())


class WaitingFactory(factory.django.DjangoModelFactory[Waiting]):
    class Meta:
        model = Waiting

    appointment = factory.SubFactory(AppointmentFactory)


class EarlierOfferFactory(factory.django.DjangoModelFactory[EarlierOffer]):
    """An offer of the same time two days earlier, which is kept."""

    class Meta:
        model = EarlierOffer

    appointment = factory.SubFactory(AppointmentFactory)
    held = factory.SubFactory(
        AppointmentFactory,
        held=True,
        resident=None,
        service=factory.SelfAttribute("..appointment.service"),
        starts_at=factory.LazyAttribute(
            lambda held: held.factory_parent.appointment.starts_at - timedelta(days=2)
        ),
    )
    desk = factory.SelfAttribute("held.desk")
    starts_at = factory.SelfAttribute("held.starts_at")
    expires_at = factory.SelfAttribute("held.hold_expires_at")
