"""Guards to take away, and what must be true after every test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from appointments.checks import problems
from appointments.models import Appointment, Desk
from tests.appointments.concurrency.crowd import deadlocks, residents_with_too_many


@pytest.fixture
def expected_deadlocks() -> list[str]:
    """Where a test that takes a guard away says which it has seen."""
    return []


@pytest.fixture(autouse=True)
def nothing_is_broken_afterwards(
    transactional_db: None, expected_deadlocks: list[str]
) -> Iterator[None]:
    """No overlap, cells that are the intervals, no deadlock, nobody with too many."""
    before = deadlocks()
    yield
    assert problems() == []
    assert residents_with_too_many() == []
    assert deadlocks() - before == len(expected_deadlocks)


@pytest.fixture
def no_desk_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the desks without locking them."""

    def only_look(keys: Any) -> dict[int, Desk]:
        return {desk.pk: desk for desk in Desk.objects.filter(pk__in=set(keys))}

    for module in ("locks", "booking", "closing", "moving", "waiting"):
        monkeypatch.setattr(f"appointments.actions.{module}.lock_desks", only_look)


@pytest.fixture
def no_appointment_lock(no_desk_lock: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the appointment without locking anything."""

    def only_look(appointment: Appointment) -> Appointment:
        return Appointment.objects.with_place().select_related("resident").get(pk=appointment.pk)

    for module in ("booking", "cancelling"):
        monkeypatch.setattr(f"appointments.actions.{module}.lock_appointment", only_look)
