"""Stories are told on the whole running portal, with its own database and its own files."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

import psycopg
import pytest
from psycopg import sql

from tests.journeys.stories.site import Site


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings: str
) -> Iterator[Site]:
    """The portal with the demo borough, started once for the stories of every worker."""
    meeting = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        meeting = meeting.parent
    with (meeting / "users").open("a") as users, ExitStack() as ours:
        with (meeting / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # one worker starts it while another waits
            fcntl.flock(users, fcntl.LOCK_SH)
            site = found(meeting)
            if not site:
                folder = tmp_path_factory.mktemp("portal")
                variables = environment(folder, django_db_modify_db_settings)
                site = ours.enter_context(started(folder, variables, meeting, users))
        yield site


def found(meeting: Path) -> Site | None:
    """The portal that another worker has started."""
    try:
        folder, variables, port = json.loads((meeting / "site").read_bytes())
    except FileNotFoundError:
        return None
    return Site(Path(folder), variables, port)


@contextmanager
def started(
    folder: Path,
    environment: AbstractContextManager[dict[str, str]],
    meeting: Path,
    users: TextIO,
) -> Iterator[Site]:
    """A portal of our own, which other workers find; it stops when they have gone."""
    with environment as variables:
        site, told = Site(folder, variables), meeting / "site"
        try:
            site.start()
            told.write_text(json.dumps([str(folder), variables, site.port]), encoding="utf-8")
            yield site
        finally:
            told.unlink(missing_ok=True)
            fcntl.flock(users, fcntl.LOCK_EX)
            site.stop()


@contextmanager
def environment(folder: Path, template: str) -> Iterator[dict[str, str]]:
    """Variables of a portal of its own: a new database on the same server, other files.

    It is migrated already: tests/test_commands.py starts a portal on an empty one.
    """
    variables = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "stockport.settings.development",
        "STATE_DIR": str(folder),
        "BACKOFFICE_PACE": "2",
        "OUTBOX_UPDATES_SECONDS": "1",
    }
    if redis := os.environ.get("REDIS_URL"):
        variables["REDIS_URL"] = f"{redis.rpartition('/')[0]}/9"
    server = os.environ.get("DATABASE_URL")
    if not server:
        yield variables
        return
    name = f"stories_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        copied = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(copied.format(sql.Identifier(name), sql.Identifier(template)))
        variables["DATABASE_URL"] = f"{server.rpartition('/')[0]}/{name}"
        yield variables
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def address(site: Site) -> str:
    """Where the visitors of these stories go."""
    return site.url
