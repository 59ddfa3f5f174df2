"""Waiting for what other threads and processes do."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import connection


def eventually(condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Until it is so; AssertionError where it is not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.02)


def somebody_waits_for_a_lock() -> bool:
    """Whether a connection to this database does."""
    with connection.cursor() as cursor:
        # Else a transaction would go on seeing who was connected when it first looked.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND datname = current_database())"
        )
        return bool(cursor.fetchone()[0])
