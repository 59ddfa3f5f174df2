"""The brakes: an extract that lacks too much, or contradicts itself too often, is wrong itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from psycopg import sql

from stockport.feeds.changes import changes
from stockport.feeds.control import Fault, told
from stockport.feeds.extract import Extract, Refusal
from stockport.feeds.merge import is_staged
from stockport.feeds.models import FeedRun
from stockport.feeds.sql import located, rows, staged
from stockport.feeds.tables import Table, owners_of

# As many as staff look at one by one: a share of fewer than these means nothing.
FEW = 20
# As many rows of owners may go from a short file, unless they were all that it had.
FEW_ROWS = 5


def too_many_removed(extract: Extract) -> list[Refusal]:
    """Lists (of accounts, say) that lack a larger share of their rows than one extract may remove,
    or of their rows in use, counted by themselves.
    """
    if extract.kind != FeedRun.Kind.FULL:
        return []
    lists = [table for table in extract.tables if _is_list(table)]
    return [refusal for table in lists for refusal in _missing(extract, table)]


def too_many_cut(extract: Extract) -> list[Refusal]:
    """Files with rows of owners, or of years, that lack too large a share of them.

    Asked once the changes are known. An owner that leaves is its list's own affair, and so are its
    rows. Those of years before the file's first leave together when a year is over, and where old
    rows leave one by one, owners that would have none left are counted.
    """
    if extract.kind != FeedRun.Kind.FULL:
        return []
    files = [table for table in extract.tables if not _is_list(table)]
    return [refusal for table in files for refusal in _cut(extract, table)]


def _cut(extract: Extract, table: Table) -> list[Refusal]:
    kept, gone = _kept_and_gone(extract, table)
    # Most nights few rows go, and nobody asks which.
    if not _is_cut(gone, kept):
        return []
    what = "rows would go"
    if table.owner and table.drops_old_rows:
        kept, gone = _owners_kept_and_emptied(table)
        what = f"{_owners(table).name} would have no row left"
    else:
        gone = _gone_though_wanted(table)
    return [_too_many(table, gone, gone + kept, what)] if _is_cut(gone, kept) else []


def _is_cut(gone: int, kept: int) -> bool:
    return _is_too_many(gone, gone + kept) and (gone > FEW_ROWS or not kept)


def _is_list(table: Table) -> bool:
    """Whether rows stand by themselves and are not of a year: accounts, claims, people."""
    return not table.has_years and (not table.owner or table.lists_owners)


def _missing(extract: Extract, table: Table) -> list[Refusal]:
    """Rows of the list that are not in the file, where they are too many."""
    place = located(table)
    counted = sql.SQL("SELECT count(*), count(*) FILTER (WHERE {}) FROM {} WHERE {}").format(
        _is_live(table), place.tables, place.of_source(extract.source)
    )
    total, live = rows(counted)[0]
    # In WHERE, and not in FILTER, so that it is one join and not a search for each row.
    gone, live_gone = rows(sql.SQL("{} AND NOT {}").format(counted, is_staged(table)))[0]
    if _is_too_many(gone, total):
        return [_too_many(table, gone, total)]
    if table.live and _is_too_many(live_gone, live):
        codes = " or ".join(table.live.codes)
        what = f"rows with {table.live.column} {codes} would go"
        return [_too_many(table, live_gone, live, what)]
    return []


def _is_live(table: Table) -> sql.Composable:
    if table.live is None:
        return sql.SQL("true")
    codes = sql.SQL(", ").join(map(sql.Literal, table.live.codes))
    return sql.SQL("{} IN ({})").format(sql.Identifier("t", table.live.column), codes)


def _kept_and_gone(extract: Extract, table: Table) -> tuple[int, int]:
    """How many of the held rows the file has too, and how many it lacks."""
    counted = sql.SQL(
        "SELECT count(*) FILTER (WHERE id IS NULL), count(*) FILTER (WHERE csv_line IS NULL)"
        " FROM {}"
    )
    added, gone = rows(counted.format(changes(table)))[0]
    return extract.files[table.file].rows - added, gone


def _gone_though_wanted(table: Table) -> int:
    """How many rows go of owners that stay, and of years that the file still has or had."""
    conditions = [_is_lost_by_one_that_stays(table)]
    if table.has_years:
        year = located(table).keys.get("year", sql.Identifier("t", "year"))
        first = sql.SQL("SELECT min(nullif(year, '')) FROM {}").format(staged(table))
        old = sql.SQL("nullif({}, '') < ({})").format(year, first)
        conditions.append(sql.SQL("({}) IS NOT TRUE").format(old))
    counted = sql.SQL("SELECT count(*) FROM {} WHERE {}")
    tables = located(table).tables
    return int(rows(counted.format(tables, sql.SQL(" AND ").join(conditions)))[0][0])


def _owners_kept_and_emptied(table: Table) -> tuple[int, int]:
    """How many owners the file has rows of, and how many that stay would lose all of theirs."""
    place, owner = located(table), sql.Identifier(table.owner)
    counted = sql.SQL(
        "SELECT (SELECT count(DISTINCT {owner}) FROM {staged}), count(DISTINCT {key})"
        " FROM {tables} WHERE {lost} AND {key} NOT IN (SELECT {owner} FROM {staged})"
    ).format(
        owner=owner,
        staged=staged(table),
        key=place.keys[table.owner],
        tables=place.tables,
        lost=_is_lost_by_one_that_stays(table),
    )
    kept, emptied = rows(counted)[0]
    return kept, emptied


def _is_lost_by_one_that_stays(table: Table) -> sql.Composable:
    """That a row goes, though its owner, if it has one, is in the extract."""
    lost = sql.SQL("t.id IN (SELECT id FROM {} WHERE csv_line IS NULL)").format(changes(table))
    if not table.owner:
        return lost
    owners = _owners(table)
    stays = sql.SQL("{} IN (SELECT {} FROM {})").format(
        located(table).keys[table.owner], sql.Identifier(owners.owner), staged(owners)
    )
    return sql.SQL("{} AND {}").format(lost, stays)


def _owners(table: Table) -> Table:
    owners = owners_of(table)
    assert owners, "a declaration whose owner cannot be found is told by `check`"  # noqa: S101
    return owners


def _is_too_many(gone: int, total: int) -> bool:
    return gone * 100 > total * settings.FEED_MAX_REMOVAL


def _too_many(table: Table, gone: int, total: int, what: str = "rows would go") -> Refusal:
    reason = (
        f"{gone} of {total} {what}, more than the"
        f" {settings.FEED_MAX_REMOVAL}% that one extract may remove"
    )
    return Refusal(table.file, None, "", reason)


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
