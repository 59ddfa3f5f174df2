"""Finds the files of letters that have come to the folder of letters."""

from __future__ import annotations

import hashlib

from django.apps import apps
from django.core.files.storage import default_storage

from stockport.letters.models import Letter, LetterQuerySet


def look_for_documents() -> tuple[int, int]:
    """Look for the files of letters that were not there; how many were found, and still are not.

    A file counts as found only where its size and SHA-256 are those that the extract gives.
    """
    counts = [_look_for(LetterQuerySet(model)) for model in _kinds()]
    return sum(found for found, _ in counts), sum(missing for _, missing in counts)


def _kinds() -> list[type[Letter]]:
    return [model for model in apps.get_models() if issubclass(model, Letter)]


def _look_for(letters: LetterQuerySet[Letter]) -> tuple[int, int]:
    found = missing = 0
    for letter in letters.undelivered().order_by("pk").iterator():
        if _is_here(letter):
            # Unless an extract has named another file in the meantime.
            found += letters.filter(pk=letter.pk, sha256=letter.sha256).update(
                found_sha256=letter.sha256
            )
        else:
            missing += 1
    return found, missing


def _is_here(letter: Letter) -> bool:
    try:
        with default_storage.open(letter.storage_name) as file:
            if file.size != letter.size:
                return False
            return hashlib.file_digest(file, "sha256").hexdigest() == letter.sha256
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return False
