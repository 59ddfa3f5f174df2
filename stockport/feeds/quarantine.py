"""Who is in quarantine after a load."""

from __future__ import annotations

from collections import defaultdict

from django.utils import timezone
from psycopg import sql

from stockport.feeds.control import Fault, told
from stockport.feeds.extract import Extract
from stockport.feeds.models import FeedRun, Quarantine
from stockport.feeds.sql import rows, staged

BATCH = 1000


def held(extract: Extract, faults: list[Fault]) -> set[tuple[str, str]]:
    """Owners (list and key) with a fault, and those in quarantine that a delta leaves out."""
    known = {(row.table, row.key) for row in _current(extract)}
    return {(fault.table, fault.owner) for fault in faults} | (known - _brought(extract))


def record(run: FeedRun, extract: Extract, faults: list[Fault]) -> None:
    """Put owners with faults in quarantine, and let those go whose figures add up again."""
    by_owner: dict[tuple[str, str], list[Fault]] = defaultdict(list)
    for fault in faults:
        by_owner[fault.table, fault.owner].append(fault)
    reasons = {owner: [str(each) for each in told(theirs)] for owner, theirs in by_owner.items()}
    known = {(row.table, row.key): row for row in _current(extract)}
    for (table, key), row in known.items():
        if (table, key) in reasons:
            row.reasons, row.run = reasons[table, key], run
            row.save(update_fields=["reasons", "run"])
    sound = (_brought(extract) & known.keys()) - reasons.keys()
    Quarantine.objects.filter(pk__in=[known[name].pk for name in sound]).update(
        released_at=timezone.now()
    )
    Quarantine.objects.bulk_create(
        (
            Quarantine(source=extract.source, table=table, key=key, reasons=why, run=run)
            for (table, key), why in reasons.items()
            if (table, key) not in known
        ),
        batch_size=BATCH,
    )


def _current(extract: Extract) -> list[Quarantine]:
    tables = [table.name for table in extract.tables if table.lists_owners]
    return list(Quarantine.objects.current().filter(source=extract.source, table__in=tables))


def _brought(extract: Extract) -> set[tuple[str, str]]:
    """Owners that the extract speaks of: a full one of all, though it may leave them out."""
    if extract.kind == FeedRun.Kind.FULL:
        return {(row.table, row.key) for row in _current(extract)}
    return {
        (table.name, str(key))
        for table in extract.tables
        if table.lists_owners
        for (key,) in rows(
            sql.SQL("SELECT {} FROM {}").format(sql.Identifier(table.owner), staged(table))
        )
    }
