"""Puts the files of the demo's letters where the council's printer would."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from stockport.demo.benefit_letters import BenefitLetter
from stockport.demo.letters import Letter
from stockport.letters.finding import look_for_documents
from stockport.letters.models import AnyLetter, LetterQuerySet


def print_letters(
    documents: LetterQuerySet[AnyLetter], letters: Iterable[Letter | BenefitLetter]
) -> None:
    """Write those that are not there yet, and find them."""
    wanted = {
        document.reference: document.storage_name
        for document in documents.undelivered().only("reference", "file")
    }
    for letter in letters:
        if name := wanted.get(letter.reference):
            default_storage.delete(name)
            default_storage.save(name, ContentFile(letter.pdf))
    look_for_documents()
