"""The demo borough's letters, as files in private storage."""

from __future__ import annotations

from datetime import date

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from council_tax.actions import look_for_documents
from council_tax.models import Document
from council_tax.requests import DESTINATION
from stockport.demo.accounts import accounts_of
from stockport.demo.borough import SEED
from stockport.demo.households import households
from stockport.demo.letters import letters_of
from stockport.demo.queues import open_queue


def seed(today: date) -> None:
    """The revenues team's queue, and the letters that are not there yet, as the printer would."""
    open_queue(DESTINATION, "revenues team")
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
