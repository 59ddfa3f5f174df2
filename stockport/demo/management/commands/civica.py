"""`manage.py civica`: an invented Civica OpenRevenues with the demo borough's figures."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management.base import BaseCommand
from django.utils import timezone

from stockport.demo.borough import write_revenues
from stockport.demo.civica.office import office_of
from stockport.demo.civica.server import FAULTS, Server


class Command(BaseCommand):
    help = "Serve the demo borough as Civica's XML documents, until it is stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8003)
        parser.add_argument("--fault", choices=FAULTS, default="", help="What goes wrong.")

    def handle(self, *args: object, port: int, fault: str, **options: object) -> None:
        with TemporaryDirectory(prefix="civica-") as folder:
            office = office_of(write_revenues(Path(folder), timezone.localdate()))
        server = Server(port, office)
        server.fault = fault
        self.stdout.write(f"Civica listens on {server.url}")
        server.serve_forever()
