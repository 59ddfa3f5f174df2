"""manage.py load_street_reports: a borough large enough to measure with."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from street_reports import borough, demo
from street_reports.models import Asset


class Command(BaseCommand):
    help = "Load a large, invented borough of lights, grids and reports, to measure speed with."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--assets", type=int, default=100_000)
        parser.add_argument("--reports", type=int, default=500_000)

    def handle(self, *args: Any, **options: Any) -> None:
        """All of it or nothing; CommandError where there are assets, or in production."""
        if not settings.DEMO_PASSWORD:
            raise CommandError("This is for measuring, never for a council's own database.")
        if Asset.objects.exists():
            raise CommandError("There are lights and grids already: use an empty database.")
        if options["assets"] < 1 or options["reports"] < 0:
            raise CommandError("Ask for at least one asset.")
        with transaction.atomic():
            demo.seed(timezone.localdate())
            borough.load_assets(options["assets"])
            borough.load_reports(options["reports"])
        borough.know_what_is_there()
        self.stdout.write(f"{options['assets']:,} assets and {options['reports']:,} reports")
