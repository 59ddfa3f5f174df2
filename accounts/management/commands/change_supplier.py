"""`manage.py change_supplier OLD NEW FOLDER`: the same people in another supplier's system."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import audit
from stockport.feeds.supplier import SupplierRefused, change_supplier, references_in


class Command(BaseCommand):
    help = "Give what one source holds the references of another; residents stay linked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("old", help="the source that its extracts have named so far")
        parser.add_argument("new", help="the source that the new supplier’s extracts will name")
        parser.add_argument("folder", type=Path, help="people.csv, accounts.csv, … with old,new")

    @transaction.atomic
    def handle(self, *args: object, old: str, new: str, folder: Path, **options: object) -> None:
        try:
            counts = change_supplier(old=old, new=new, references=references_in(folder))
        except SupplierRefused as refused:
            raise CommandError(f"Refused, nothing has changed. {refused}") from None
        done = ", ".join(f"{file} {number:,}" for file, number in counts.items())
        audit.record("supplier_changed", resident=None, detail=f"{old} to {new}: {done}"[:500])
        self.stdout.write(f"{old} is {new} from now on: {done}. Load the first full extract.")
