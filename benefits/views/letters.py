"""Letters about a claim: the list, one of them, and its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.http import resident_of
from benefits.actions import record_opening
from benefits.models import Claim, Document, Opening
from stockport.letters.reading import by_year, file_of, replaced_by
from stockport.readonly import reading, readonly

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from benefits.models.letters import ClaimDocumentQuerySet


@readonly
def letters(request: HttpRequest, reference: str) -> HttpResponse:
    """The letters to this resident about one claim, by the year that they are about."""
    found = _claim_of(request, reference)
    years = by_year(_letters(request, found), _openings(request, found))
    return render(request, "benefits/letters.html", {"claim": found, "years": years})


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, reference: str, number: int) -> HttpResponseBase:
    """One letter; a POST opens its file, because the first opening is recorded."""
    found = _claim_of(request, reference)
    document = get_object_or_404(_letters(request, found), pk=number)
    if request.method == "POST" and document.is_delivered:
        return _file(request, document)
    with reading():
        context = {
            "claim": found,
            "document": document,
            "replaced_by": replaced_by(document, _letters(request, found)),
            "opened_at": _openings(request, found).get(document.reference),
        }
        return render(request, "benefits/letter.html", context)


def _claim_of(request: HttpRequest, reference: str) -> Claim:
    mine = Claim.objects.for_resident(resident_of(request))
    return get_object_or_404(mine, reference=reference)


def _letters(request: HttpRequest, claim: Claim) -> ClaimDocumentQuerySet:
    mine = Document.objects.for_resident(resident_of(request)).filter(claim=claim)
    return mine.select_related("claim").order_by("-year", "-issued", "-pk")


def _openings(request: HttpRequest, claim: Claim) -> dict[str, datetime]:
    """When this resident first opened each letter, by its reference."""
    mine = Opening.objects.for_resident(resident_of(request))
    of_claim = mine.filter(claim_reference=claim.reference)
    return dict(of_claim.values_list("document_reference", "opened_at"))


def _file(request: HttpRequest, document: Document) -> FileResponse:
    def note_opening() -> None:
        record_opening(resident=resident_of(request), document=document)

    return file_of(document, f"{document.type}-{document.issued}.pdf", note_opening)
