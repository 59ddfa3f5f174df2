"""Where and how a service is given: a location in person, or a channel such as the phone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from appointments.facilities import missing_at, needs_of
from appointments.models import Appointment, Channel, Desk, DeskService, Location, Service


@dataclass(frozen=True)
class Place:
    """What a resident chooses between, with the desks that any of its appointments may use."""

    channel: Channel
    location: Location | None
    desks: tuple[Desk, ...]

    @property
    def slug(self) -> str:
        """Its word in an address: the location's, or the channel's."""
        return self.location.slug if self.location else str(self.channel.value)

    @property
    def name(self) -> str:
        """Its name as a page shows it."""
        return self.location.name if self.location else str(self.channel.label)

    @property
    def phrase(self) -> str:
        """Its name within a sentence: “at Cedar House”, “by phone”."""
        return f"at {self.name}" if self.location else f"{self.name[:1].lower()}{self.name[1:]}"

    def suits(self, needs: Collection[str]) -> bool:
        """Whether it has what somebody needs who comes there."""
        return not missing_at(self.location, needs)


class NoSuchPlace(LookupError):
    """The service is not given there."""


def places(service: Service, *, for_staff: bool = False, slug: str = "") -> list[Place]:
    """Where this service can be booked, in one query; locations first, by name.

    Desks that are not bookable online are for staff only. With a `slug`, only the place that has
    this word in its address.
    """
    offers = DeskService.objects.filter(service=service)
    if slug:
        located = Q(channel=Channel.IN_PERSON, desk__location__slug=slug)
        offers = offers.filter(located | ~Q(channel=Channel.IN_PERSON) & Q(channel=slug))
    if not for_staff:
        offers = offers.filter(desk__online=True)
    pools: dict[tuple[Location | None, str], list[Desk]] = defaultdict(list)
    for offer in offers.select_related("desk__location").order_by("desk__location__name", "desk"):
        in_person = offer.channel == Channel.IN_PERSON
        pools[offer.desk.location if in_person else None, offer.channel].append(offer.desk)
    found = [Place(Channel(way), where, tuple(desks)) for (where, way), desks in pools.items()]
    return sorted(found, key=lambda place: (place.location is None, place.name))


def place_of(service: Service, slug: str) -> Place:
    """The place of the service with this word in its address; raises NoSuchPlace."""
    return named(places(service, slug=slug), slug)


def named(found: Iterable[Place], slug: str) -> Place:
    """The one of these with this word in its address; raises NoSuchPlace."""
    for place in found:
        if place.slug == slug:
            return place
    raise NoSuchPlace(slug)


def equal_place(appointment: Appointment) -> Place:
    """The same place, with the other desks that can give the same service; perhaps none."""
    in_person = appointment.channel == Channel.IN_PERSON
    offers = DeskService.objects.filter(service=appointment.service, channel=appointment.channel)
    if in_person:
        offers = offers.filter(desk__location=appointment.desk.location)
    others = offers.exclude(desk=appointment.desk).select_related("desk__location")
    return Place(
        Channel(appointment.channel),
        appointment.desk.location if in_person else None,
        tuple(offer.desk for offer in others.order_by("desk")),
    )


def same_channel(appointment: Appointment) -> list[Place]:
    """Where it could be without another kind of appointment: there, or where all needs are met."""
    here, needs = place_slug(appointment), needs_of(appointment)
    found = (each for each in places(appointment.service) if each.channel == appointment.channel)
    return [each for each in found if each.slug == here or each.suits(needs)]


def place_slug(appointment: Appointment) -> str:
    """The word in an address for the place of this appointment."""
    in_person = appointment.channel == Channel.IN_PERSON
    return appointment.desk.location.slug if in_person else appointment.channel
