"""All that the database holds, so that a test can say that nothing changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.contrib.sessions.models import Session

from accounts.models import AuditEvent

Rows = dict[str, list[tuple[object, ...]]]


def everything() -> Rows:
    """Every row of every table; apart from sessions, which every visit may touch, and from what
    tells that somebody read something.
    """
    models = [model for model in apps.get_models() if model not in (Session, AuditEvent)]
    return {m._meta.label: list(m._base_manager.order_by("pk").values_list()) for m in models}


@contextmanager
def nothing_changes() -> Iterator[None]:
    """AssertionError names the tables in which rows changed, came or went."""
    before = everything()
    yield
    after = everything()
    changed = [table for table in before if before[table] != after[table]]
    assert not changed, f"changed: {changed}"
