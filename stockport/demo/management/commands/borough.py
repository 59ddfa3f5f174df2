"""manage.py borough: an extract of a whole borough, or of what changed the night after."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from stockport.demo.borough import SEED
from stockport.demo.full_size import write_delta, write_full


class Command(BaseCommand):
    help = "Write an invented borough's extract of people and council tax, for load_extract."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?", help="written over if it is there")
        parser.add_argument("--accounts", type=int, default=140_000)
        parser.add_argument(
            "--delta", action="store_true", help="what changed in the night after, about 2%%"
        )
        parser.add_argument("--today", type=date.fromisoformat, help="as 2027-04-02")
        parser.add_argument("--seed", type=int, default=SEED, help="another one, another borough")

    def handle(
        self, *args: object, accounts: int, delta: bool, seed: int, **options: object
    ) -> None:
        folder = options["folder"] or settings.DEMO_DIR / ("borough-delta" if delta else "borough")
        assert isinstance(folder, Path)  # noqa: S101
        if folder.is_file():
            raise CommandError(f"{folder} is a file: name a folder.")
        if accounts < 1:
            raise CommandError("A borough has at least one account.")
        given = options["today"]
        today = given if isinstance(given, date) else timezone.localdate()
        if delta:
            write_delta(folder, today + timedelta(days=1), accounts, seed)
        else:
            write_full(folder, today, accounts, seed)
        self.stdout.write(f"{folder}: now python manage.py load_extract {folder}")
