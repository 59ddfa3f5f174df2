"""Whether the record of what happened is as it was sealed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.chain import faults
from accounts.models import AuditSeal


class Command(BaseCommand):
    help = "Check every event against its seal, and the chain of seals (docs/security.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        """A seal as the log has it, so that a chain made anew is noticed."""
        parser.add_argument("--seal", type=int, default=0, help="number of a seal in the log")
        parser.add_argument("--hash", default="", help="and its hash there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what is wrong, each in a line; raises CommandError where anything is."""
        found = 0
        for fault in faults(options["seal"], options["hash"]):
            self.stderr.write(fault)
            found += 1
        if found:
            raise CommandError(f"{found} faults: the record is not as it was sealed.")
        self.stdout.write(f"{AuditSeal.objects.count()} seals: the record is as it was sealed.")
