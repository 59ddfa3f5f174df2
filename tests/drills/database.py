"""A PostgreSQL of the drill's own, which it may stop and kill."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from stockport.embedded.cluster import PORT, SUPERUSER, Cluster
from stockport.embedded.keeper import take
from tests.drills.process import wait_for
from tests.emptying import emptying


class Database:
    """A cluster of the embedded wheel's programs; the drill is its keeper."""

    def __init__(self, folder: Path) -> None:
        self.cluster = Cluster(folder)
        self.server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """For DATABASE_URL."""
        host = quote(str(self.cluster.sockets), safe="")
        return f"postgresql://{SUPERUSER}@{host}:{PORT}/postgres"

    @property
    def version(self) -> str:
        """Such as 18.1."""
        return str(self.rows("SHOW server_version")[0][0])

    def start(self) -> None:
        """Start it once every process of its last life has ended; returns when it answers."""
        self.cluster.make_folders()
        lock = os.open(self.cluster.server_lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            take(lock, 60, "A process of the drill's PostgreSQL does not end.")
            self.cluster.status.unlink(missing_ok=True)
            self.cluster.create()
            self.server = self.cluster.serve(lock)
        finally:
            # The server holds it from here on.
            os.close(lock)
        wait_for(self.cluster.says_ready, "PostgreSQL answers")

    def restart_at_once(self) -> None:
        """`pg_ctl restart -m immediate`: every connection breaks, and the log is replayed."""
        self._signal(signal.SIGQUIT)
        self.start()

    def kill(self) -> None:
        """Kill -9 of the postmaster; its children end when they notice."""
        self._signal(signal.SIGKILL)

    def end(self) -> None:
        """Stop it in order."""
        self._signal(signal.SIGINT)

    def _signal(self, number: signal.Signals) -> None:
        if self.server is not None:
            self.server.send_signal(number)
            self.server.wait()
            self.server = None

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query returns, over a connection of its own."""
        with psycopg.connect(self.url, connect_timeout=5) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def empty(self, *tables: str) -> None:
        """Nothing is in these tables any more, nor in those that hang on them."""
        with psycopg.connect(self.url, connect_timeout=5) as connection:
            for statement in emptying(*tables):
                connection.execute(statement)
