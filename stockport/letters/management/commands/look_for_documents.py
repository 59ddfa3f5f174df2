"""Looks for the files of letters: exit code 1 where some that an extract names are not there."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from stockport.letters.finding import look_for_documents


class Command(BaseCommand):
    help = "Look in the folder of letters for the files that an extract names."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was found, or raise CommandError with how many are missing."""
        found, missing = look_for_documents()
        self.stdout.write(f"{found} found.")
        if missing:
            raise CommandError(
                f"{missing} are not there, or are other files than the extract says: in the"
                " admin, Documents, “Not delivered” lists them."
            )
