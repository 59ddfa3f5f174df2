"""`manage.py civica`: an invented Civica OpenRevenues with the demo borough's figures."""

from __future__ import annotations

import signal
import sys
from argparse import ArgumentParser
from contextlib import suppress
from types import FrameType

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from stockport.demo.civica.borough import demo_office
from stockport.demo.civica.server import FAULTS, STYLES, Server


class Command(BaseCommand):
    help = "Serve the demo borough as Civica's XML documents, until it is stopped."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8002)
        parser.add_argument("--fault", choices=FAULTS, default="", help="What goes wrong.")
        parser.add_argument("--at", default="ctxsel", help="With which document it goes wrong.")
        parser.add_argument(
            "--style", choices=STYLES, action="append", default=[], help="How this one writes."
        )

    def handle(
        self, *args: object, port: int, fault: str, at: str, style: list[str], **options: object
    ) -> None:
        """Serve until interrupted or terminated; a port in use gets one clear sentence."""
        try:
            server = Server(port, demo_office(timezone.localdate()))
        except OSError as error:
            raise CommandError(f"Civica cannot listen on port {port}: {error.strerror}.") from None
        server.switch(fault, at, style)
        with server, suppress(KeyboardInterrupt):
            signal.signal(signal.SIGTERM, _interrupt)
            sys.stdout.write(f"The invented Civica listens on {server.url}\n")
            sys.stdout.flush()
            server.serve_forever()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
