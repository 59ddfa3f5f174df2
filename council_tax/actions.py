"""What happens to council tax records that is not the back office's doing."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage

from council_tax.models import Document, Opening

if TYPE_CHECKING:
    from accounts.models import Resident


def look_for_documents() -> tuple[int, int]:
    """Look for the files of letters that were not there; how many were found, and still are not.

    A file counts as found only where its size and SHA-256 are those that the extract gives.
    """
    found = missing = 0
    for document in Document.objects.undelivered().order_by("pk").iterator():
        if _is_here(document):
            # Unless an extract has named another file in the meantime.
            found += Document.objects.filter(pk=document.pk, sha256=document.sha256).update(
                found_sha256=document.sha256
            )
        else:
            missing += 1
    return found, missing


def _is_here(document: Document) -> bool:
    try:
        with default_storage.open(document.storage_name) as file:
            if file.size != document.size:
                return False
            return hashlib.file_digest(file, "sha256").hexdigest() == document.sha256
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return False


def record_opening(*, resident: Resident, document: Document) -> None:
    """Write down that the resident has opened the letter, the first time; later ones change
    nothing.
    """
    opening = Opening(
        resident=resident,
        account_reference=document.account.reference,
        document_reference=document.reference,
    )
    Opening.objects.bulk_create([opening], ignore_conflicts=True)
