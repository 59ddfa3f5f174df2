"""The money page: what every service has to say about a resident's money, home by home."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import structlog

from stockport.components import SummaryRow
from stockport.money import pounds
from stockport.services import Figure, Flow, Home, Money, Movement, Note, Service, services

if TYPE_CHECKING:
    from accounts.models import Resident

logger = structlog.get_logger(__name__)

AHEAD = timedelta(days=60)
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Group:
    """The figures under one title; its total is their sum."""

    title: str
    figures: list[Figure]

    @property
    def total(self) -> Decimal:
        """Pounds."""
        return sum((figure.amount for figure in self.figures), ZERO)


def grouped(figures: Iterable[Figure]) -> list[Group]:
    """The figures by title, in the order of their first ones."""
    by_title: dict[str, list[Figure]] = {}
    for figure in figures:
        by_title.setdefault(figure.title, []).append(figure)
    return [Group(title, found) for title, found in by_title.items()]


@dataclass(frozen=True)
class HomeMoney:
    """What is said about one home."""

    home: Home
    groups: list[Group]
    notes: list[Note]


@dataclass(frozen=True)
class Told:
    """A service with what it has to say; None where it could not be asked."""

    service: Service
    money: Money | None


@dataclass(frozen=True)
class MoneyPage:
    """All of a resident's money on a day, from the services that could be asked."""

    told: list[Told]

    @property
    def failed(self) -> list[Service]:
        """The services that could not be asked."""
        return [each.service for each in self.told if each.money is None]

    @property
    def as_at(self) -> list[tuple[Service, datetime]]:
        """How old the figures of each service are."""
        return [
            (each.service, each.money.as_at)
            for each in self.told
            if each.money and each.money.as_at
        ]

    @property
    def is_empty(self) -> bool:
        """Whether no service that could be asked has anything to say."""
        return not self.homes

    @property
    def homes(self) -> list[HomeMoney]:
        """Every home that money is about, in the order of the services."""
        found: dict[tuple[str, str], Home] = {}
        for money in self._moneys:
            said = (money.figures, money.movements, money.notes)
            for home in (each.home for kind in said for each in kind):
                found.setdefault(home.key, home)
        return [self._about(home) for home in found.values()]

    def _about(self, home: Home) -> HomeMoney:
        figures = [one for money in self._moneys for one in money.figures]
        notes = [one for money in self._moneys for one in money.notes]
        return HomeMoney(
            home,
            grouped(figure for figure in figures if figure.home.key == home.key),
            [note for note in notes if note.home.key == home.key],
        )

    @property
    def overall(self) -> list[SummaryRow]:
        """Each title's total over several homes; nothing where there is one."""
        if len(self.homes) < 2:
            return []
        groups = grouped(one for money in self._moneys for one in money.figures)
        return [SummaryRow(group.title, pounds(group.total)) for group in groups]

    @property
    def movements(self) -> list[Movement]:
        """What moves, in date order."""
        found = [one for money in self._moneys for one in money.movements]
        return sorted(found, key=lambda movement: movement.when)

    @property
    def sums(self) -> list[str]:
        """What the movements come to, each way, in words."""
        return [f"{pounds(total)} {flow.value}" for flow in Flow if (total := self._total_of(flow))]

    def _total_of(self, flow: Flow) -> Decimal:
        return sum((each.amount for each in self.movements if each.flow is flow), ZERO)

    @property
    def _moneys(self) -> list[Money]:
        return [each.money for each in self.told if each.money]


def money_page(resident: Resident, today: date) -> MoneyPage:
    """What each service says of today and the next 60 days; one that fails is left out."""
    return MoneyPage([Told(each, _asked(each, resident, today)) for each in services()])


def _asked(service: Service, resident: Resident, today: date) -> Money | None:
    try:
        return service.money(resident, today, today + AHEAD)
    except Exception:
        logger.exception("money_failed", service=service.slug)
        return None
