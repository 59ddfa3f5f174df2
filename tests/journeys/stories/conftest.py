"""Stories are told on the whole running portal, with its own database and its own files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.journeys.stories.site import Site


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings: str
) -> Iterator[Site]:
    """The portal with the demo borough, started once: stories are one group of one worker."""
    folder = tmp_path_factory.mktemp("portal")
    with environment(folder, django_db_modify_db_settings) as variables:
        site = Site(folder, variables)
        try:
            site.start()
            yield site
        finally:
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
