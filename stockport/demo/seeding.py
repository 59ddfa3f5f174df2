"""Brings the demo borough into the database: extracts through the loader, then each app's seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import module_has_submodule

from stockport.demo.borough import HIGHWAYS, write_highways, write_revenues
from stockport.demo.extract import extracted_at
from stockport.demo.people import SOURCE
from stockport.feeds.loader import load
from stockport.feeds.models import loaded_up_to
from stockport.feeds.tables import declared

EXTRACTS: tuple[tuple[str, str, Callable[[Path, date], Path]], ...] = (
    (SOURCE, "people.csv", write_revenues),
    (HIGHWAYS, "assets.csv", write_highways),
)


def load_extracts(folder: Path, today: date, *, fresh: bool = False) -> Iterator[str]:
    """Write and load each extract that is not loaded for this day; says what was done.

    Raises ExtractRefused where the loader refuses one.
    """
    for source, file, write in EXTRACTS:
        if file not in declared():
            yield f"{source}: no app takes {file}"
            continue
        loaded = loaded_up_to(source)
        if loaded and loaded >= extracted_at(today) and not fresh:
            yield f"{source}: loaded already, as at {loaded:%d %B %Y}"
            continue
        # The demo may be of a day to come: then the night before is not ahead of it.
        run = load(write(folder / source, today), now=max(extracted_at(today), timezone.now()))
        rows = sum(count["rows"] for count in run.counts.values())
        yield f"{source}: {rows:,} rows {run.get_state_display().lower()}"


def seed_apps(today: date) -> Iterator[str]:
    """Call seed(today) of each app's demo.py, accounts first; gives the names of the apps."""
    for app in ("accounts", *settings.SERVICES):
        if module_has_submodule(apps.get_app_config(app).module, "demo"):
            import_module(f"{app}.demo").seed(today)
            yield app
