"""Writing down what happened: one row for each event, in the transaction of the event itself."""

from __future__ import annotations

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
