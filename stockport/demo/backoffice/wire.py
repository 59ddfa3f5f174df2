"""Answers as XML and as JSON (GeoReport v2, “JSON and XML conversion”; pure)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from xml.sax.saxutils import escape


@dataclass(frozen=True)
class Many:
    """A container of elements of one name, texts or rows: in JSON an array, also of one."""

    name: str
    rows: Sequence[Row | str]


Value: TypeAlias = str | bool | int | Many | None
Row: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True)
class Reply:
    """What is answered: a document named `root`, or with `raw` any bytes at all."""

    root: str
    body: Many | Row
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def error(status: int, description: str, **headers: str) -> Reply:
    """An error in the form of the specification."""
    rows = [{"code": str(status), "description": description}]
    return Reply("errors", Many("error", rows), status, headers)


def as_xml(reply: Reply) -> bytes:
    """The reply as XML with its declaration, without attributes or namespaces."""
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_element(reply.root, reply.body)}'.encode()


def _element(name: str, body: Value | Row) -> str:
    """Written by hand: a look-up reads thousands of rows, and a tree takes four times as long."""
    if isinstance(body, Many):
        inside = "".join([_element(body.name, row) for row in body.rows])
    elif isinstance(body, Mapping):
        inside = "".join([_element(name, value) for name, value in body.items()])
    elif isinstance(body, bool):
        inside = str(body).lower()
    else:
        inside = "" if body is None else escape(str(body))
    return f"<{name}>{inside}</{name}>"


def as_json(reply: Reply) -> bytes:
    """The reply as JSON: without the outer name, what is empty as null."""
    return json.dumps(_plain(reply.body), ensure_ascii=False).encode()


def _plain(body: Many | Row | str) -> object:
    if isinstance(body, str):
        return body
    if isinstance(body, Many):
        return [_plain(row) for row in body.rows]
    return {
        name: _plain(value) if isinstance(value, Many) else None if value == "" else value
        for name, value in body.items()
    }
