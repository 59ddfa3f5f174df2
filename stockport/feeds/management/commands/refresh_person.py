"""`manage.py refresh_person REFERENCE`: ask Civica for one person's figures now."""

from __future__ import annotations

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from stockport.feeds.civica.client import Away
from stockport.feeds.civica.reading import WrongAnswer
from stockport.feeds.civica.refresh import refresh
from stockport.feeds.extract import ExtractRefused


class Command(BaseCommand):
    help = "Ask Civica OpenRevenues for the figures of one person, and load them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", help="The person reference.")

    def handle(self, *args: object, reference: str, **options: object) -> None:
        if not settings.CIVICA_URL:
            raise CommandError("Set CIVICA_URL first: docs/civica.md says how.")
        try:
            run = refresh(reference)
        except (Away, WrongAnswer, ExtractRefused) as failed:
            raise CommandError(f"The old figures stay.\n{failed}") from None
        self.stdout.write(f"{run}: {run.get_state_display()}.")
        for reason in run.reasons:
            self.stdout.write(f"  {reason}")
        for held in run.quarantined.current():
            self.stdout.write(f"  {held} is in quarantine: see the admin.")
