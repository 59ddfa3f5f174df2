"""Sealing the record of what happened: batches of events, each closed by a hash over the last.

Whoever changes or removes a row behind the trigger's back breaks the chain from there on, and who
writes the chain anew cannot match the hashes that the log has kept (docs/security.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

import structlog
from django.db import connection, transaction

from accounts.linking.budgets import take_turns
from accounts.models import AuditSeal

logger = structlog.get_logger(__name__)

AT_ONCE = 10_000  # events in one seal
# By the hour an event must be sealed: it is done every minute.
LATE = "1 hour"
# What began up to a day before the last seal may have been kept only after it.
FRESH = """
    SELECT e.id, accounts_auditevent_digest(e) FROM accounts_auditevent e
    WHERE e.at > coalesce((SELECT max(sealed_at) FROM accounts_auditseal), '-infinity')
        - interval '1 day'
    AND e.id NOT IN (
        SELECT unnest(events) FROM accounts_auditseal WHERE sealed_at > (
            SELECT max(sealed_at) FROM accounts_auditseal) - interval '2 days')
    ORDER BY e.id
"""
SEALED = """
    SELECT e.id, accounts_auditevent_digest(e),
        e.salt IS NULL OR e.about = accounts_auditevent_about(e)
    FROM accounts_auditevent e WHERE e.id = ANY(%s)
"""
UNSEALED = """
    SELECT e.id FROM accounts_auditevent e WHERE e.at < now() - %s::interval
    AND e.id NOT IN (SELECT unnest(events) FROM accounts_auditseal) ORDER BY e.id
"""


@transaction.atomic
def seal(now: datetime) -> int:
    """Close the events that no seal has; how many. The log keeps the hash, out of our reach."""
    take_turns("seal")
    fresh = _rows(FRESH, [])
    last = AuditSeal.objects.order_by("-number").first()
    for start in range(0, len(fresh), AT_ONCE):
        last = _close(fresh[start : start + AT_ONCE], last, now)
    return len(fresh)


def _close(batch: list[tuple[Any, ...]], last: AuditSeal | None, now: datetime) -> AuditSeal:
    number, previous = (last.number + 1, last.hash) if last else (1, "")
    events, digests = (list(each) for each in zip(*batch, strict=True))
    made = AuditSeal.objects.create(
        number=number,
        sealed_at=now,
        events=events,
        digests=digests,
        previous=previous,
        hash=chained(previous, digests),
    )
    logger.info("audit_sealed", number=number, hash=made.hash, events=len(events))
    return made


def chained(previous: str, digests: list[str]) -> str:
    """The hash of a batch: SHA-256 over that of the batch before and the digest of each event."""
    return sha256("".join([previous, *digests]).encode()).hexdigest()


def faults(number: int = 0, expected: str = "") -> Iterator[str]:
    """What has been changed since it was sealed, in sentences; also a seal unlike the log’s."""
    place, previous = 0, ""
    for each in AuditSeal.objects.order_by("number").iterator(chunk_size=100):
        if (each.number, each.previous) != (place + 1, previous):
            yield f"Seal {each.number} does not follow seal {place}."
        if each.hash != chained(each.previous, each.digests):
            yield f"Seal {each.number} was changed."
        if each.number == number and each.hash != expected:
            yield f"Seal {number} is not the one in the log."
        yield from _faults_of(each)
        place, previous = each.number, each.hash
    if place < number:
        yield f"Seal {number} is gone: the last is {place}."
    for (event,) in _rows(UNSEALED, [LATE]):
        yield f"Event {event} was never sealed."


def _faults_of(sealed: AuditSeal) -> Iterator[str]:
    kept = {pk: (digest, names) for pk, digest, names in _rows(SEALED, [sealed.events])}
    for pk, digest in zip(sealed.events, sealed.digests, strict=True):
        now, names_the_same = kept.get(pk, ("", True))
        if not now:
            yield f"Event {pk} of seal {sealed.number} is gone."
        elif now != digest:
            yield f"Event {pk} of seal {sealed.number} was changed."
        elif not names_the_same:
            yield f"Event {pk} of seal {sealed.number} names somebody else."


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
