"""`manage.py backoffice`: the demo back office, which takes reports and works on them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from stockport.demo.backoffice.main import add_arguments, serve


class Command(BaseCommand):
    help = "A strict little Open311 back office for the demo and the tests."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The same as those of `python -m stockport.demo.backoffice`, at the portal's pace."""
        add_arguments(parser)
        parser.set_defaults(
            folder=settings.DEMO_DIR / "backoffice",
            pace=settings.DEMO_BACKOFFICE_PACE,
            webhook_secret=settings.DEMO_WEBHOOK_SECRET,
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until interrupted."""
        serve(options)
