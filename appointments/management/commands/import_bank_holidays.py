"""Adds England's bank holidays to those that close every desk."""

from typing import Any

from django.core.management.base import BaseCommand

from appointments.bank_holidays import import_bank_holidays


class Command(BaseCommand):
    help = "Add England's bank holidays that are not in the table yet."

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and say how many were new."""
        self.stdout.write(f"Bank holidays added: {len(import_bank_holidays())}")
