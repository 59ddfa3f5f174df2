"""What the dashboard shows, from every service; one that fails never takes the page down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import structlog
from django.utils import timezone

from stockport.services import Card, DatedEntry, Service, services

if TYPE_CHECKING:
    from accounts.models import Resident

logger = structlog.get_logger(__name__)

AHEAD = timedelta(days=60)
MOST_DATES = 12


@dataclass(frozen=True)
class ServiceCard:
    """A service with what it has to say: a card, nothing, or that it cannot be reached."""

    service: Service
    card: Card | None = None
    failed: bool = False


def cards(resident: Resident) -> list[ServiceCard]:
    """One per service, in the order of settings.SERVICES."""
    return [_card(service, resident) for service in services()]


def _card(service: Service, resident: Resident) -> ServiceCard:
    try:
        return ServiceCard(service, card=service.card(resident))
    except Exception:
        logger.exception("card_failed", service=service.slug)
        return ServiceCard(service, failed=True)


@dataclass(frozen=True)
class Upcoming:
    """What is due or happens, earliest first, and the services that could not say."""

    entries: list[DatedEntry]
    failed: list[Service]


def upcoming(resident: Resident, today: date) -> Upcoming:
    """The next entries of all services within 60 days of today, at most twelve."""
    found = gathered(resident, today, today + AHEAD)
    return Upcoming(found.entries[:MOST_DATES], found.failed)


def gathered(resident: Resident, start: date, end: date) -> Upcoming:
    """The entries of all services from start to end, both included."""
    entries: list[DatedEntry] = []
    failed: list[Service] = []
    for service in services():
        try:
            entries += service.dates(resident, start, end)
        except Exception:
            logger.exception("dates_failed", service=service.slug)
            failed.append(service)
    return Upcoming(in_date_order(entries), failed)


def in_date_order(entries: Iterable[DatedEntry]) -> list[DatedEntry]:
    """Entries by day; on one day those without a time first."""
    return sorted(entries, key=lambda entry: _moment(entry.when))


def _moment(when: date | datetime) -> datetime:
    if isinstance(when, datetime):
        return when
    return datetime.combine(when, time.min, timezone.get_current_timezone())
