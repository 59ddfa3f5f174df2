"""The brake: a full extract that lacks too much is wrong, not the borough."""

from __future__ import annotations

from django.conf import settings
from psycopg import sql

from stockport.feeds.extract import Extract, Refusal
from stockport.feeds.merge import is_staged
from stockport.feeds.models import FeedRun
from stockport.feeds.sql import located, rows


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
