"""Reads postcodes from a CSV of the ONS Postcode Directory, so that places sort by distance."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from appointments.models import Postcode

COLUMNS = ("pcds", "lat", "long")
BATCH = 5000


class Command(BaseCommand):
    help = "Replace the known postcodes by those of a CSV with the columns pcds, lat and long."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and which postcodes of it are wanted."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--area", default="", help="only those that begin so: SK")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Import all or nothing, and say how many there are now."""
        with options["file"].open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := set(COLUMNS) - set(reader.fieldnames or ()):
                raise CommandError(f"The file has no column {sorted(missing)[0]}.")
            rows = [
                Postcode(code=row["pcds"], latitude=row["lat"], longitude=row["long"])
                for row in reader
                if row["pcds"].startswith(options["area"])
            ]
        Postcode.objects.all().delete()
        Postcode.objects.bulk_create(rows, batch_size=BATCH)
        self.stdout.write(f"Postcodes: {len(rows)}")
