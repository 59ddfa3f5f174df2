"""Letters about a claim: the list, one of them, and its file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.http import resident_of
from benefits.actions import record_opening
from benefits.models import Claim, Document, Opening
from stockport.letters.reading import by_year, letter_page
from stockport.readonly import readonly

if TYPE_CHECKING:
    from django.http import HttpRequest

    from benefits.models.letters import ClaimDocumentQuerySet
    from stockport.letters.models import OpeningQuerySet


@readonly
def letters(request: HttpRequest, reference: str) -> HttpResponse:
    """The letters to this resident about one claim, by the year that they are about."""
    found = _claim_of(request, reference)
    years = by_year(_letters(request, found), _openings(request, found).times())
    return render(request, "benefits/letters.html", {"claim": found, "years": years})


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, reference: str, number: int) -> HttpResponseBase:
    """One letter; a POST opens its file, because the first opening is recorded."""
    found = _claim_of(request, reference)
    mine = _letters(request, found)
    document = get_object_or_404(mine, pk=number)
    resident = resident_of(request)
    return letter_page(
        request,
        "benefits/letter.html",
        document,
        letters=mine,
        openings=_openings(request, found),
        file_name=f"{document.type}-{document.issued}.pdf",
        note_opening=partial(record_opening, resident=resident, document=document),
        claim=found,
    )


def _claim_of(request: HttpRequest, reference: str) -> Claim:
    mine = Claim.objects.for_resident(resident_of(request))
    return get_object_or_404(mine, reference=reference)


def _letters(request: HttpRequest, claim: Claim) -> ClaimDocumentQuerySet:
    mine = Document.objects.for_resident(resident_of(request)).filter(claim=claim)
    return mine.select_related("claim").order_by("-year", "-issued", "-pk")


def _openings(request: HttpRequest, claim: Claim) -> OpeningQuerySet[Opening]:
    mine = Opening.objects.for_resident(resident_of(request))
    return mine.filter(claim_reference=claim.reference)
