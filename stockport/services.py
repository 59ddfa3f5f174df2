"""The contract that every council service fulfils, and the list of services."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.module_loading import import_string

from stockport.money import pounds

if TYPE_CHECKING:
    from accounts.models import Resident
    from stockport.outbox.connectors.base import Update
    from stockport.outbox.models import Delivery


@dataclass(frozen=True)
class Card:
    """What matters now, for the dashboard.

    `as_at` is when its figures are from, where a council's system gives them between nights.
    """

    title: str
    url: str
    status: str
    detail: str = ""
    urgent: bool = False
    as_at: datetime | None = None


@dataclass(frozen=True)
class DatedEntry:
    """Something due or happening: on a date (all day) or at an aware datetime.

    `public_title` is what a calendar says instead that others may see, `place` where it happens.
    """

    when: date | datetime
    title: str
    url: str
    uid: str
    detail: str = ""
    ends: datetime | None = None
    public_title: str = ""
    place: str = ""

    @property
    def shared_title(self) -> str:
        """What it is called where others may see it."""
        return self.public_title or self.title

    @property
    def timed(self) -> bool:
        """Whether it happens at a time of day, not all day."""
        return isinstance(self.when, datetime)


@dataclass(frozen=True)
class Home:
    """Where something is about, as one service writes it: services may differ in what follows the
    first line.
    """

    address: str  # on one line, its parts with commas between, with or without the postcode
    postcode: str

    @property
    def key(self) -> tuple[str, str]:
        """The same for the same home: its first line and its postcode, however they are spaced."""
        first = self.first_line.casefold()
        return "".join(first.split()), "".join(self.postcode.split()).upper()

    @property
    def first_line(self) -> str:
        """What its address begins with: 12 High Street."""
        return self.address.split(",")[0].strip()


@dataclass(frozen=True)
class Figure:
    """An amount in pounds under a title that says who owes whom: it is never below zero."""

    title: str
    words: str
    amount: Decimal
    url: str
    home: Home
    detail: str = ""


class Flow(Enum):
    """Which way money goes, seen from the resident."""

    IN = "paid to you"
    ELSEWHERE = "paid for you"  # to a landlord or a rent account
    OUT = "for you to pay"


@dataclass(frozen=True)
class Movement:
    """Money that is due to move on a day, in pounds."""

    when: date
    words: str
    amount: Decimal
    flow: Flow
    url: str
    home: Home
    detail: str = ""

    @property
    def title(self) -> str:
        """What it is, how much, and which way it goes: Council tax: £90.00 for you to pay."""
        return f"{self.words}: {pounds(self.amount)} {self.flow.value}"


@dataclass(frozen=True)
class Note:
    """What is the matter with something: why money is held up and what to do, in sentences."""

    title: str
    words: str
    url: str
    home: Home


@dataclass(frozen=True)
class Money:
    """What one service has to say on the money page; `as_at` is its oldest figure's time."""

    figures: Sequence[Figure] = ()
    movements: Sequence[Movement] = ()
    notes: Sequence[Note] = ()
    as_at: datetime | None = None


@dataclass(frozen=True)
class Kept:
    """What the law makes the council keep after an erasure: rows, the rule, and until when."""

    what: str
    rows: int
    rule: str
    until: date | None


@dataclass(frozen=True)
class Erasure:
    """What an erasure did."""

    deleted: int = 0
    anonymised: int = 0
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True)
class Notice:
    """A kind of message that a service sends."""

    key: str
    label: str
    can_disable: bool = True


class Service(ABC):
    """One council service; `<app>/service.py` subclasses it and names the instance `service`."""

    slug: str = ""
    title: str = ""
    summary: str = ""
    notices: tuple[Notice, ...] = ()
    # Whether its first page shows something to somebody who has not signed in.
    is_open: bool = False
    # Addresses outside its slug, for machines: where they begin, and their URLconf. No cookie is
    # looked at there.
    machine_urls: tuple[tuple[str, str], ...] = ()

    @property
    def url_name(self) -> str:
        """The name of the service's first page."""
        return f"{self.slug.replace('-', '_')}:index"

    def card(self, resident: Resident) -> Card | None:
        """What matters now, in at most two queries; None when there is nothing to say."""
        return None

    def dates(self, resident: Resident, start: date, end: date) -> Iterable[DatedEntry]:
        """What is due or will happen from start to end, both included."""
        return ()

    def money(self, resident: Resident, today: date, until: date) -> Money:
        """What is owed, given and taken back on the day, and what moves from then until a day."""
        return Money()

    # What its letters call the reference that leads to somebody's records; empty if it has none.
    reference_label: str = ""

    def people_behind(self, references: Collection[str]) -> Iterable[tuple[int, str]]:
        """Who a record under any of these references is about: person and its place's postcode."""
        return ()

    # How each kind of record that staff open leads to whose it is: look-ups from the model, by its
    # label in small letters, to a person of the council's or a resident.
    records_of_people: Mapping[str, tuple[str, ...]] = {}

    def hear(self, delivery: Delivery, update: Update) -> bool:
        """Take news of a delivery that this service made; False where another service made it.

        Each update comes once, in the transaction in which it is marked applied: whatever this
        raises undoes both, and it comes again later. Updates come in any order, and a status is the
        destination's own word.
        """
        return False

    @abstractmethod
    def export(self, resident: Resident) -> Iterable[tuple[str, list[Mapping[str, Any]]]]:
        """All personal data held: (name of the set, rows of plain values)."""

    @abstractmethod
    def erase(self, resident: Resident) -> Erasure:
        """Delete or anonymise the resident's data, atomically; a second call changes nothing."""


@cache
def services() -> tuple[Service, ...]:
    """The services in settings.SERVICES, in order."""
    return tuple(import_string(f"{app}.service.service") for app in settings.SERVICES)
