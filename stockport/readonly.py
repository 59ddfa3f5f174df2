"""Pages that only show something never write: `@readonly` makes a write during a view an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

P = ParamSpec("P")
WRITES = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|MERGE|COPY|TRUNCATE|ALTER|CREATE|DROP)\b|.*\bFOR (NO KEY )?UPDATE\b",
    re.I | re.S,
)
# Without Redis the cache is a table. Counting who asks how often changes no record, nor does
# putting on record that something was read.
ALLOWED = re.compile(
    r'\s*((INSERT INTO|UPDATE|DELETE FROM) "cache"|INSERT INTO "?accounts_auditevent"?)', re.I
)


class WroteInReadOnlyView(RuntimeError):
    """A view marked @readonly tried to change the database."""


def _refuse(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    if WRITES.match(sql) and not ALLOWED.match(sql):
        raise WroteInReadOnlyView(f"A read-only page tried to write: {sql[:120]}")
    return execute(sql, params, many, context)


@contextmanager
def reading() -> Iterator[None]:
    """Any write to the database inside raises WroteInReadOnlyView."""
    with connection.execute_wrapper(_refuse):
        yield


def readonly(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A view that may be asked for with GET or HEAD and must not write."""
    # The session is saved by its middleware after the view, outside this guard.

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            from django.http import HttpResponseNotAllowed

            return HttpResponseNotAllowed(["GET", "HEAD"])
        with reading():
            return view(request, *args, **kwargs)

    return guarded
