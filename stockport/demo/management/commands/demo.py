"""manage.py demo: the demo borough, as of today."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from stockport.demo.bill_to_link import bill_to_link
from stockport.demo.borough import borrowed_figures
from stockport.demo.residents import DEMO_RESIDENTS
from stockport.demo.seeding import load_extracts, seed_apps
from stockport.feeds.extract import ExtractRefused


class Command(BaseCommand):
    help = "Load the demo borough: 400 households, street lights and grids, demo residents."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--today", type=date.fromisoformat, help="as 2027-04-02")
        parser.add_argument(
            "--fresh", action="store_true", help="load again what is loaded for this day"
        )

    def handle(self, *args: object, **options: object) -> None:
        if not settings.DEMO_PASSWORD:
            raise CommandError("The demo borough is for development: DEMO_PASSWORD is not set.")
        given = options["today"]
        today = given if isinstance(given, date) else timezone.localdate()
        for year, used in borrowed_figures(today).items():
            self.stdout.write(f"No council tax is published for {year} yet: using {used}.")
        with quiet_logs():
            try:
                for words in load_extracts(settings.DEMO_DIR, today, fresh=bool(options["fresh"])):
                    self.stdout.write(words)
            except ExtractRefused as refused:
                raise CommandError(f"The demo was not loaded.\n{refused}") from refused
            for app in seed_apps(today):
                self.stdout.write(f"{app}: ready")
        self.stdout.write(residents_table())
        self.stdout.write(bill_to_link())


@contextmanager
def quiet_logs() -> Iterator[None]:
    """Only warnings: somebody watches what the command itself says."""
    before = logging.root.manager.disable
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(before)


def residents_table() -> str:
    """The demo residents, one a line, and their password."""
    width = max(len(resident.email) for resident in DEMO_RESIDENTS)
    lines = [f"  {resident.email:{width}}  {resident.story}" for resident in DEMO_RESIDENTS]
    return "\n".join([f"Sign in with the password “{settings.DEMO_PASSWORD}” as:", *lines])
