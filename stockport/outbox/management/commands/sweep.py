"""`manage.py sweep`: carry what is due, again and again, until told to stop."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from stockport.outbox.sweeping import Sweeper


class Command(BaseCommand):
    help = "Send what waits in the outbox, every few seconds, without a broker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--alive", type=Path, help="a file to touch after every sweep")

    def handle(self, *args: object, alive: Path | None, **options: object) -> None:
        sweeper = Sweeper(every=settings.OUTBOX_SWEEP_SECONDS, alive=alive)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: sweeper.stop())
        sweeper.run()
