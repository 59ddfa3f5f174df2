"""Loads an extract: all of it or nothing, and an owner with wrong figures keeps its old ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import psycopg
import structlog
from django.db import transaction
from django.utils import timezone
from psycopg import sql

from stockport.feeds import first_load, quarantine
from stockport.feeds.agreeing import disagreements
from stockport.feeds.brake import too_many_cut, too_many_held, too_many_removed
from stockport.feeds.checking import check
from stockport.feeds.control import Fault, find_faults, hold, make_typed, wrong_totals
from stockport.feeds.extract import MANIFEST, Extract, ExtractRefused, refuse, shown, wrong_files
from stockport.feeds.manifest import NIGHTLY, Kinds, describe, extract_of, read_manifest
from stockport.feeds.merge import Counts, find_changes, merge, take_out_held
from stockport.feeds.models import ARRIVED_AS_LENGTH, FeedRun, loaded_up_to
from stockport.feeds.plain_staging import stage_plainly
from stockport.feeds.sql import in_order_of_keys, renew_statistics, rows, settle_in
from stockport.feeds.staging import stage
from stockport.feeds.unpacking import unpacked

logger = structlog.get_logger(__name__)

# One load at a time, whoever starts it: any number that nothing else in the portal locks.
LOCK = 7_250_106
# What a load of one person holds: short, so that the nightly one waits for it.
ONE_PERSON_LOCK = 7_250_107


# What was done, by file, and the faults found on the way.
Work = tuple[dict[str, Counts], list[Fault]]


def load(path: Path, *, now: datetime | None = None, kinds: Kinds = NIGHTLY) -> FeedRun:
    """Load the extract in this folder or zip file, of one of these kinds; the run says what was
    done. `now` is another moment than this one for invented figures of a day to come.

    Raises ExtractRefused with every reason, and any fault of the machine as it is: either way
    the figures stay as they were and the run is kept with its reasons.
    """
    run = FeedRun(arrived_as=_storable(path.name)[:ARRIVED_AS_LENGTH])
    with _kept_on_record(run), unpacked(path) as folder:
        manifest = read_manifest(folder)
        describe(run, manifest, kinds)
        extract = extract_of(folder, manifest, now or timezone.now(), kinds)
        run.save()
        with transaction.atomic():
            _load(extract, run)
    logger.info("extract_loaded", source=run.source, state=run.state, counts=run.counts)
    return run


def _storable(text: str) -> str:
    """A file's name, say, of which the system allows what the database does not."""
    return text.encode(errors="replace").decode().replace("\0", "?")


@contextmanager
def _kept_on_record(run: FeedRun) -> Iterator[None]:
    """Inside, what goes wrong is kept with the run, also where it was not even read."""
    try:
        yield
    except ExtractRefused as refused:
        _end(run, FeedRun.State.REFUSED, [str(reason) for reason in refused.reasons])
        raise
    except BaseException as fault:
        _end(run, FeedRun.State.FAILED, [_words(fault)])
        raise


def _words(fault: BaseException) -> str:
    """What broke, without the message of the database: that may quote a row."""
    if isinstance(fault, OSError) and fault.strerror:
        return f"{type(fault).__name__}: {fault.strerror}"
    cause = fault.__cause__ if isinstance(fault.__cause__, psycopg.Error) else fault
    return type(cause).__name__


def _end(run: FeedRun, state: FeedRun.State, reasons: list[str]) -> None:
    run.state, run.finished_at, run.counts = state, timezone.now(), {}
    run.reasons = [_storable(reason) for reason in reasons]
    run.save()
    logger.warning("extract_not_loaded", source=run.source, state=state, reasons=len(reasons))


def _load(extract: Extract, run: FeedRun) -> None:
    _take_turn(run)
    settle_in()
    _refuse_out_of_order(extract)
    if refusals := wrong_files(extract):
        raise ExtractRefused(shown(refusals, MANIFEST))
    filled = first_load.fill(extract)
    counts, faults = (_take_out_held if filled else _stage_and_merge)(extract)
    for table in extract.tables:
        if not filled and (differences := counts[table.file].differences):
            renew_statistics(table, differences)
    quarantine.record(run, extract, faults)
    if filled:
        first_load.forget(extract)
    different = any(count.differences for count in counts.values())
    run.state = FeedRun.State.LOADED if different else FeedRun.State.UNCHANGED
    run.counts = {file: asdict(count) for file, count in counts.items()}
    run.finished_at = timezone.now()
    run.save()


def _take_out_held(extract: Extract) -> Work:
    """After `fill`: every row is in its table, and no row breaks a rule of its own."""
    with in_order_of_keys():
        faults = wrong_totals(extract, first=True)
        faults += disagreements(extract, faults, first=True)
    if refusals := too_many_held(extract, faults):
        raise ExtractRefused(refusals)
    hold(quarantine.held(extract, faults))
    return take_out_held(extract), faults


def _stage_and_merge(extract: Extract) -> Work:
    if not stage_plainly(extract):
        _stage_thoroughly(extract)
    refusals, faults = find_faults(extract)
    faults += disagreements(extract, faults, first=False)
    if refusals := [
        *refusals,
        *too_many_removed(extract),
        *too_many_held(extract, faults),
    ]:
        raise ExtractRefused(refusals)
    hold(quarantine.held(extract, faults))
    find_changes(extract)
    if refusals := too_many_cut(extract):
        raise ExtractRefused(refusals)
    return merge(extract), faults


def _stage_thoroughly(extract: Extract) -> None:
    """Look at every value; raises ExtractRefused with every reason."""
    refusals = stage(extract)
    refusals += check(extract, {refusal.file for refusal in refusals})
    if refusals:
        raise ExtractRefused(sorted(refusals, key=lambda each: (each.file, each.line or 0)))
    make_typed(extract)


def _take_turn(run: FeedRun) -> None:
    """Refuse while another load is going on; a run that was killed is not, and is closed."""
    one_person = run.kind == FeedRun.Kind.PERSON
    lock = ONE_PERSON_LOCK if one_person else LOCK
    if not rows(sql.SQL("SELECT pg_try_advisory_xact_lock(%s)"), [lock])[0][0]:
        raise refuse("another extract is being loaded at this moment; try again when it is done")
    cut_off = FeedRun.objects.filter(state=FeedRun.State.RUNNING, started_at__lt=run.started_at)
    if one_person:
        cut_off = cut_off.filter(kind=FeedRun.Kind.PERSON)
    else:
        rows(sql.SQL("SELECT pg_advisory_xact_lock(%s)"), [ONE_PERSON_LOCK])
    cut_off.exclude(pk=run.pk).update(
        state=FeedRun.State.FAILED, reasons=["The load was cut off."], finished_at=timezone.now()
    )


def _refuse_out_of_order(extract: Extract) -> None:
    newest = loaded_up_to(extract.source)
    if newest and extract.extracted_at < newest:
        raise refuse(
            f"older than the extract of {newest:%Y-%m-%d %H:%M %Z} that is loaded",
            column="extracted_at",
        )
    if extract.kind == FeedRun.Kind.FULL or extract.extracted_at == newest:
        return
    if newest is None or extract.since != newest:
        told = f"{newest.isoformat()}" if newest else "a full extract first: none is loaded"
        raise refuse(f"a delta follows the extract that is loaded: {told}", column="since")
