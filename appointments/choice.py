"""What a resident is looking for, as the address of a page carries it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict
from urllib.parse import urlencode

from appointments import availability
from appointments.models import Appointment, Service
from appointments.places import Place


class Size(TypedDict):
    """What makes an appointment longer than its service takes."""

    people: int
    longer: bool


@dataclass(frozen=True)
class Choice:
    """A service, how many people it is for, and whether somebody needs a longer appointment."""

    service: Service
    people: int = 1
    longer: bool = False

    @classmethod
    def read(cls, service: Service, query: Mapping[str, str]) -> Choice:
        """What an address asks for; what makes no sense in it counts as not asked for."""
        people = query.get("people", "")
        known = people in map(str, range(1, service.max_people + 1))
        longer = query.get("longer") == "yes" and service.longer_minutes > 0
        return cls(service, int(people) if known else 1, longer)

    @classmethod
    def of(cls, draft: Appointment) -> Choice:
        """What somebody is looking for who has begun to answer the questions."""
        return cls(draft.service, draft.people, draft.needs_longer)

    @property
    def size(self) -> Size:
        """What `hold` wants to know about its length."""
        return {"people": self.people, "longer": self.longer}

    @property
    def minutes(self) -> int:
        """How long the appointment will be."""
        return self.service.minutes(**self.size)

    @property
    def parameters(self) -> dict[str, str]:
        """The part of an address that says all this; nothing for what every service starts with."""
        people = {"people": str(self.people)} if self.service.max_people > 1 else {}
        return people | ({"longer": "yes"} if self.longer else {})

    @property
    def query(self) -> str:
        """The same, to put at the end of an address."""
        return f"?{urlencode(self.parameters)}" if self.parameters else ""

    def slots(
        self, place: Place, first: date, last: date, *, now: datetime, ignore: Iterable[int] = ()
    ) -> list[availability.Slot]:
        """Every time there from first to last that can be booked for as long as it takes."""
        return availability.slots(
            self.service, place.desks, first, last, now=now, ignore=ignore, minutes=self.minutes
        )
