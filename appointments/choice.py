"""What a resident is looking for, as the address of a page carries it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlencode

from django.urls import reverse

from appointments import availability
from appointments.facilities import FACILITIES, needs_of
from appointments.models import Appointment, Service
from appointments.places import NoSuchPlace, Place, place_of, places, same_channel

if TYPE_CHECKING:
    from django.http import QueryDict

    from accounts.models import Resident


class Size(TypedDict):
    """What makes an appointment longer than its service takes."""

    people: int
    longer: bool


@dataclass(frozen=True)
class Choice:
    """A service, how many people it is for, and whether somebody needs a longer appointment.

    `needs` are fields of an appointment that the building must meet (see `facilities`). `moving` is
    the booked appointment that is to have another time. Where somebody lives is no part of it: that
    would be in addresses (see `nearby`).
    """

    service: Service
    people: int = 1
    longer: bool = False
    needs: tuple[str, ...] = ()
    moving: Appointment | None = None

    @classmethod
    def read(cls, service: Service, query: QueryDict) -> Choice:
        """What an address asks for; what makes no sense in it counts as not asked for."""
        people = query.get("people", "")
        known = people in map(str, range(1, service.max_people + 1))
        longer = query.get("longer") == "yes" and service.longer_minutes > 0
        asked = query.getlist("need")
        needs = tuple(need for need, facility in FACILITIES.items() if facility.slug in asked)
        return cls(service, int(people) if known else 1, longer, needs)

    @classmethod
    def of(cls, draft: Appointment) -> Choice:
        """What somebody is looking for who has begun to answer the questions."""
        return cls(draft.service, draft.people, draft.needs_longer, needs=needs_of(draft))

    @classmethod
    def to_move(cls, booked: Appointment) -> Choice:
        """Another time for a booked appointment."""
        return cls(booked.service, moving=booked)

    @property
    def size(self) -> Size:
        """What `hold` wants to know about its length."""
        return {"people": self.people, "longer": self.longer}

    @property
    def minutes(self) -> int:
        """How long the appointment will be; one that is moved stays as long as it is."""
        if self.moving:
            return self.moving.minutes
        return self.service.minutes(**self.size)

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The part of an address that says what is wanted."""
        return [*self.size_parameters, *(("need", slug) for slug in self.need_slugs)]

    @property
    def size_parameters(self) -> list[tuple[str, str]]:
        """The part of that which says how long it takes, or which one is moved."""
        if self.moving:
            return [("move", str(self.moving.uuid))]
        people = [("people", str(self.people))] if self.service.max_people > 1 else []
        return people + ([("longer", "yes")] if self.longer else [])

    @property
    def need_slugs(self) -> list[str]:
        """What the building must have, in the words of an address."""
        return [FACILITIES[need].slug for need in self.needs]

    @property
    def query(self) -> str:
        """All of it, to put at the end of an address; nothing for what a service starts with."""
        return self._query()

    def _query(self, **more: str) -> str:
        parameters = [*self.parameters, *((name, text) for name, text in more.items() if text)]
        return f"?{urlencode(parameters)}" if parameters else ""

    @property
    def places_url(self) -> str:
        """The page on which a place for it is chosen."""
        return reverse("appointments:places", args=[self.service.slug]) + self.query

    def days_url(self, place: str) -> str:
        """The page on which a day there is chosen."""
        return reverse("appointments:days", args=[self.service.slug, place]) + self.query

    def times_url(self, place: str, day: date, start: str = "") -> str:
        """The page on which a time on this day is chosen; `start` is the one chosen already."""
        address = reverse("appointments:times", args=[self.service.slug, place, day.isoformat()])
        return address + self._query(start=start)

    def ignored(self, resident: Resident | None) -> list[int]:
        """Keys of appointments that do not stand in the way: the one that is moved, or a hold."""
        if self.moving:
            return [self.moving.pk]
        if resident is None:
            return []
        held = Appointment.objects.for_resident(resident).filter(status=Appointment.Status.HELD)
        return list(held.order_by("pk").values_list("pk", flat=True))

    def places(self) -> list[Place]:
        """Where it can be and all needs are met; one that is moved stays in person, or by phone."""
        if self.moving:
            return same_channel(self.moving)
        return [place for place in places(self.service) if place.suits(self.needs)]

    def place(self, slug: str) -> Place:
        """The place with this word in its address; raises NoSuchPlace."""
        place = place_of(self.service, slug)
        if self.moving and place.channel != self.moving.channel:
            raise NoSuchPlace(slug)
        return place

    def slots(
        self, place: Place, first: date, last: date, *, now: datetime, ignore: Iterable[int] = ()
    ) -> list[availability.Slot]:
        """Every time there from first to last that can be booked for as long as it takes."""
        return availability.slots(
            self.service, place.desks, first, last, now=now, ignore=ignore, minutes=self.minutes
        )
