"""The demo borough's letters, as files in private storage."""

from __future__ import annotations

from datetime import date

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from council_tax.actions import look_for_documents
from council_tax.models import Document
from stockport.demo.accounts import accounts_of
from stockport.demo.borough import SEED
from stockport.demo.households import households
from stockport.demo.letters import letters_of


def seed(today: date) -> None:
    """Write the letters that are not there yet, as the council's printer would."""
    wanted = {
        document.reference: document
        for document in Document.objects.undelivered().only("reference", "file")
    }
    for household in households(SEED):
        for account in accounts_of(household, today):
            for letter in letters_of(account):
                if document := wanted.get(letter.reference):
                    _write(document.storage_name, letter.pdf)
    look_for_documents()


def _write(name: str, content: bytes) -> None:
    default_storage.delete(name)
    default_storage.save(name, ContentFile(content))
