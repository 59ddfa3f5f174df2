"""What happens to benefit records that is not the back office's doing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benefits.models import Document, Opening

if TYPE_CHECKING:
    from accounts.models import Resident


def record_opening(*, resident: Resident, document: Document) -> None:
    """Write down that the resident has opened the letter, the first time; later ones change
    nothing.
    """
    opening = Opening(
        resident=resident,
        claim_reference=document.claim.reference,
        document_reference=document.reference,
    )
    Opening.objects.bulk_create([opening], ignore_conflicts=True)
