"""One person's figures, asked of Civica now and loaded as an extract of that person."""

from __future__ import annotations

import csv
import hashlib
import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

from stockport.feeds.civica.claims import read_claim
from stockport.feeds.civica.client import Away, Conversation
from stockport.feeds.civica.letters import Post, read_letters
from stockport.feeds.civica.reading import WrongAnswer, field
from stockport.feeds.civica.tax import read_account
from stockport.feeds.extract import MANIFEST
from stockport.feeds.held import PEOPLE, Row, held_rows, owners_of_person, person_row
from stockport.feeds.loader import load
from stockport.feeds.manifest import ASKED_FOR
from stockport.feeds.models import FeedRun, loaded_up_to
from stockport.feeds.tables import declared
from stockport.letters.finding import keep_letters

logger = structlog.get_logger(__name__)

AWAY = "civica-away"
REST_SECONDS = 300


def is_away() -> bool:
    """Whether Civica failed in the last five minutes, so that it is left alone.

    Not where nobody can tell, because the cache is away: a page has figures all the same.
    """
    with suppress(RedisError):
        return bool(settings.CIVICA_URL) and cache.get(AWAY) is not None
    return False


def refresh(person: str) -> FeedRun:
    """Load what Civica says of this person (by reference) now; the run says what was done.

    Raises Away, WrongAnswer or ExtractRefused: the figures stay as they were, staff see why.
    """
    source, now = settings.CIVICA_SOURCE, timezone.now()
    since = loaded_up_to(source)
    try:
        if since is None:
            raise WrongAnswer("No extract of this source is loaded: load one first.")
        rows, post = _read(source, person)
    except (Away, WrongAnswer) as failed:
        if isinstance(failed, Away):
            cache.set(AWAY, True, REST_SECONDS)
        FeedRun.objects.create(
            source=source,
            kind=FeedRun.Kind.PERSON,
            extracted_at=now,
            state=FeedRun.State.FAILED,
            reasons=[str(failed)],
            finished_at=timezone.now(),
        )
        logger.warning("civica_refresh_failed", reason=str(failed))
        raise
    about = {"source": source, "kind": "person", "since": since.isoformat()}
    with TemporaryDirectory(prefix="person-") as folder:
        manifest = {**about, "extracted_at": now.isoformat()}
        run = load(_written(Path(folder), manifest, rows), kinds=ASKED_FOR)
    if post.reasons:
        run.reasons = post.reasons
        run.save(update_fields=["reasons"])
    keep_letters(post.files)
    return run


def _read(source: str, person: str) -> tuple[dict[str, list[Row]], Post]:
    """The person's rows in every file, those that Civica speaks of brought up to date, and the
    files of letters.
    """
    civica = Conversation(person)
    accounts = civica.document("ctxsel", "CtaxSelectDoc")
    if field(accounts, "PersonReference") != person:
        raise WrongAnswer("Civica's ctxsel is about another person.")
    claims = civica.document("hbsel", "HBSelectDoc", claimsts="All")
    ours = {
        "accounts": owners_of_person(source, person, declared()["liabilities.csv"]),
        "claims": owners_of_person(source, person, declared()["claims.csv"]),
    }
    told = {
        "accounts": {field(one, "@CtaxActRef") for one in accounts.iter("CtaxActDetails")},
        "claims": {field(one, "@ClaimNumber") for one in claims.iter("HBClaimDetails")},
    }
    # What is not held yet has parts that Civica does not give: it comes with the next extract.
    both = {name: told[name] & ours[name] for name in ours}
    rows = held_rows(source, both)
    rows[PEOPLE] = person_row(source, person)
    for reference in sorted(both["accounts"]):
        read_account(civica, reference, rows)
    for one in claims.iter("HBClaimDetails"):
        if (reference := field(one, "@ClaimNumber")) in both["claims"]:
            read_claim(civica, one, reference, rows)
    return rows, read_letters(civica, person, both["accounts"] | both["claims"], rows)


def _written(folder: Path, manifest: dict[str, str], rows: dict[str, list[Row]]) -> Path:
    files = {}
    for file, found in rows.items():
        names = [column.name for column in declared()[file].columns]
        with (folder / file).open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(found)
        digest = hashlib.sha256((folder / file).read_bytes()).hexdigest()
        files[file] = {"rows": len(found), "sha256": digest}
    text = json.dumps({**manifest, "files": files})
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return folder
