"""Writing down what happened: one row for each event, in the transaction of the event itself."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import AuditEvent, Person, Resident


def record(
    kind: str,
    *,
    resident: Resident | None,
    actor: Resident | None = None,
    person: Person | None = None,
    detail: str = "",
) -> AuditEvent:
    """Keep that this happened. `detail` has no secret and no answer that somebody gave."""
    return AuditEvent.objects.create(
        kind=kind, resident=resident, actor=actor, person=person, detail=detail
    )


def record_all(
    kind: str, *, resident: Resident, people: Iterable[Person | None], detail: str
) -> None:
    """Keep in one statement that the resident did this about each of these people."""
    events = [
        AuditEvent(kind=kind, resident=resident, actor=resident, person=person, detail=detail)
        for person in people
    ]
    AuditEvent.objects.bulk_create(events)
