"""Figures for a monitor, as text that Prometheus reads, for whoever has the token.

Source: the Prometheus text exposition format, version 0.0.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Gauge:
    """A figure of now: for each set of labels its value, which is told in whole numbers."""

    name: str
    help: str
    values: list[tuple[dict[str, str], float]]


def answer(request: HttpRequest) -> HttpResponse:
    """Every gauge of settings.METRICS; 404 without the token, 503 while there is no database."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    if not token or not constant_time_compare(given, f"Bearer {token}"):
        return HttpResponse("not found", status=404, content_type="text/plain")
    try:
        lines = [line for name in settings.METRICS for line in _lines(import_string(name)())]
    except DatabaseError:
        return HttpResponse("no database", status=503, content_type="text/plain")
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type=CONTENT_TYPE)


def _lines(gauges: Iterable[Gauge]) -> Iterator[str]:
    for gauge in gauges:
        yield f"# HELP {gauge.name} {gauge.help}"
        yield f"# TYPE {gauge.name} gauge"
        for labels, value in gauge.values:
            yield f"{gauge.name}{_told(labels)} {value:.0f}"


def _told(labels: dict[str, str]) -> str:
    pairs = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
    return f"{{{pairs}}}" if pairs else ""


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
