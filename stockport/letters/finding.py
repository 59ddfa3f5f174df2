"""Finds the files of letters that have come to the folder of letters."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from stockport.letters.models import FOLDER, Letter, LetterQuerySet
from stockport.letters.telling import tell_of


def look_for_documents() -> tuple[int, int]:
    """Look for the files of letters that were not there; how many were found, and still are not.

    A file counts as found only where its size and SHA-256 are those that the extract gives. Whoever
    may open one that is new is told by e-mail, once for all of them.
    """
    told: set[int] = set()
    counts = [_look_for(LetterQuerySet(model), told) for model in _kinds()]
    return sum(found for found, _ in counts), sum(missing for _, missing in counts)


def _kinds() -> list[type[Letter]]:
    return [model for model in apps.get_models() if issubclass(model, Letter)]


def _look_for(letters: LetterQuerySet[Letter], told: set[int]) -> tuple[int, int]:
    found = missing = 0
    for letter in letters.undelivered().order_by("pk").iterator():
        if is_here(letter.file, letter.size, letter.sha256):
            found += _note(letters, letter, told)
        else:
            missing += 1
    return found, missing


@transaction.atomic
def _note(letters: LetterQuerySet[Letter], letter: Letter, told: set[int]) -> int:
    # Unless an extract has named another file in the meantime, or somebody else has noted it.
    same = letters.filter(pk=letter.pk, sha256=letter.sha256, found_sha256=letter.found_sha256)
    noted = same.update(found_sha256=letter.sha256)
    if noted and not letter.found_sha256:
        tell_of(letter, told)
    return noted


def is_here(name: str, size: int, sha256: str) -> bool:
    """Whether the folder has a file of this name, with this size in bytes and this SHA-256."""
    try:
        with default_storage.open(f"{FOLDER}/{name}") as file:
            if file.size != size:
                return False
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return False


def keep_letters(files: Mapping[str, bytes]) -> None:
    """Put files (by their name in the folder) where letters that are loaded, and have none yet,
    name exactly them.

    Where a file cannot be written whole, nothing stays of it; raises OSError.
    """
    told: set[int] = set()
    for model in _kinds():
        letters: LetterQuerySet[Letter] = LetterQuerySet(model)
        for letter in letters.undelivered().filter(file__in=files):
            content = files[letter.file]
            if hashlib.sha256(content).hexdigest() == letter.sha256:
                _put(letter.storage_name, content)
                _note(letters, letter, told)


def _put(name: str, content: bytes) -> None:
    default_storage.delete(name)
    try:
        default_storage.save(name, ContentFile(content))
    except BaseException:
        default_storage.delete(name)
        raise
