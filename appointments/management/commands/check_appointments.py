"""Proves on live data that every appointment is as it should be: exit code 1 and why where not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appointments.checks import everything


class Command(BaseCommand):
    help = "Check that nobody is booked twice, and that each has its cells and an open desk."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print that all is well, or raise CommandError with every fault."""
        if found := everything():
            raise CommandError("\n".join(found))
        self.stdout.write("Nobody is booked twice; each has its cells and an open desk.")
