"""`manage.py load_extract EXTRACT`: load one extract and say what it changed."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from stockport.feeds.extract import ExtractRefused
from stockport.feeds.loader import load
from stockport.feeds.models import FeedRun


class Command(BaseCommand):
    help = "Load an extract: a folder, or a zip file, with manifest.json and CSV files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("extract", type=Path)

    def handle(self, *args: object, extract: Path, **options: object) -> None:
        try:
            run = load(extract)
        except ExtractRefused as refused:
            raise CommandError(f"Refused, the old figures stay.\n{refused}") from None
        self.stdout.write(f"{run}: {run.get_state_display()}.")
        for file, counts in run.counts.items():
            self.stdout.write(
                f"  {file}: {counts['rows']} rows, {counts['added']} added,"
                f" {counts['changed']} changed, {counts['removed']} removed"
            )
        self._say_quarantined(run)

    def _say_quarantined(self, run: FeedRun) -> None:
        held = run.quarantined.current().count()
        if held:
            self.stdout.write(f"  {held} in quarantine: see the admin.")
