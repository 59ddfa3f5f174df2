"""A real back office, as a process, for the tests of the outbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.db.models.functions import Now

from stockport.outbox import delivering
from stockport.outbox.models import Delivery, Destination
from tests.backoffice import API_KEY, BackOffice, running_backoffice
from tests.factories.outbox import DestinationFactory


@pytest.fixture(scope="session")
def shared_office() -> Iterator[BackOffice]:
    with running_backoffice("--pace", "0.2", "--ignore-keys") as office:
        yield office


@pytest.fixture
def office(shared_office: BackOffice) -> Iterator[BackOffice]:
    """Without faults. It knows no idempotency keys: a second POST is a second case."""
    shared_office.fault()
    yield shared_office
    shared_office.fault()


@pytest.fixture
def highways(office: BackOffice, db: None) -> Destination:
    return DestinationFactory(endpoint=office.url, api_key=API_KEY)


@pytest.fixture
def work() -> Callable[[Delivery], Delivery]:
    """One round of work for the delivery's destination, as if its waiting times were over."""

    def work(delivery: Delivery) -> Delivery:
        Delivery.objects.filter(state__in=Delivery.WAITING).update(next_attempt_at=Now())
        Destination.objects.update(resting_until=None)
        claimed = delivering.claim(delivery.destination_id)
        if claimed is not None:
            delivering.carry(claimed)
        delivery.refresh_from_db()
        return delivery

    return work


@pytest.fixture
def committed(transactional_db: None) -> None:
    """Real commits, for what several connections do at once; cleared away at the end."""


@pytest.fixture
def database_url(django_db_setup: None) -> str:
    """The test database, for processes that a test starts."""
    at = connection.settings_dict
    # The embedded server's host is the folder of its socket.
    host = quote(at["HOST"], safe="")
    return f"postgresql://{at['USER']}:{at['PASSWORD']}@{host}:{at['PORT']}/{at['NAME']}"


@pytest.fixture
def at_once() -> Callable[[int, Callable[[], Any]], list[Any]]:
    """What some work returns in each of so many threads that start together."""

    def at_once(count: int, work: Callable[[], Any]) -> list[Any]:
        start = Barrier(count)

        def run() -> Any:
            start.wait()
            try:
                return work()
            finally:
                connection.close()

        with ThreadPoolExecutor(count) as pool:
            return [future.result() for future in [pool.submit(run) for _ in range(count)]]

    return at_once
