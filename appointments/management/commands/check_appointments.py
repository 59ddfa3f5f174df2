"""Proves on live data that no two appointments overlap: exit code 1 and the faults where not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appointments.checks import problems


class Command(BaseCommand):
    help = "Check that no two appointments overlap and that every cell belongs to one."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print that all is well, or raise CommandError with every fault."""
        if found := problems():
            raise CommandError("\n".join(found))
        self.stdout.write("No two appointments overlap, and every cell belongs to one.")
