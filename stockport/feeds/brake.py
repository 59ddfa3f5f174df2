"""The brakes: an extract that lacks too much, or contradicts itself too often, is wrong itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from psycopg import sql

from stockport.feeds.control import Fault, told
from stockport.feeds.extract import Extract, Refusal
from stockport.feeds.merge import is_staged
from stockport.feeds.models import FeedRun
from stockport.feeds.sql import located, rows, staged

# As many as staff look at one by one: a share of fewer than these means nothing.
FEW = 20


def too_many_removed(extract: Extract) -> list[Refusal]:
    """Files that lack a larger share of the rows in use than settings.FEED_MAX_REMOVAL percent."""
    if extract.kind != FeedRun.Kind.FULL:
        return []
    refusals = []
    for table in extract.tables:
        if not table.brake or (table.owner and not table.lists_owners):
            continue
        place = located(table)
        counted = sql.SQL("SELECT count(*) FROM {} WHERE {}").format(
            place.tables, place.of_source(extract.source)
        )
        total = rows(counted)[0][0]
        # In WHERE, and not in FILTER, so that it is one join and not a search for each row.
        gone = rows(sql.SQL("{} AND NOT {}").format(counted, is_staged(table)))[0][0]
        if gone * 100 > total * settings.FEED_MAX_REMOVAL:
            reason = (
                f"{gone} of {total} rows would go, more than the"
                f" {settings.FEED_MAX_REMOVAL}% that one extract may remove"
            )
            refusals.append(Refusal(table.file, None, "", reason))
    return refusals


def too_many_held(extract: Extract, faults: list[Fault]) -> list[Refusal]:
    """Why so many owners would be in quarantine: more than settings.FEED_MAX_QUARANTINE percent."""
    refusals = []
    for table in extract.tables:
        ours = [fault for fault in faults if fault.table == table.name]
        held = len({fault.owner for fault in ours})
        if held <= FEW:
            continue
        total = rows(sql.SQL("SELECT count(*) FROM {}").format(staged(table)))[0][0]
        if held * 100 > total * settings.FEED_MAX_QUARANTINE:
            reason = (
                f"{held} of {total} would be in quarantine, more than the"
                f" {settings.FEED_MAX_QUARANTINE}% that one extract may put there"
            )
            refusals += [Refusal(table.file, None, "", reason), *_of_each_rule(ours)]
    return refusals


def _of_each_rule(faults: Iterable[Fault]) -> list[Refusal]:
    by_rule: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_rule[fault.rule].append(fault)
    return [reason for broken in by_rule.values() for reason in told(broken)]
