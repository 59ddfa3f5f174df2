"""Letters and bills: the list of an account's, one of them, and its file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.http import resident_of
from council_tax.actions import record_opening
from council_tax.models import Document, Opening
from council_tax.views.chosen import account_of
from stockport.letters.reading import by_year, letter_page
from stockport.readonly import readonly

if TYPE_CHECKING:
    from django.http import HttpRequest

    from council_tax.models import Account
    from council_tax.models.letter import DocumentQuerySet
    from stockport.letters.models import OpeningQuerySet


@readonly
def letters(request: HttpRequest, reference: str) -> HttpResponse:
    """The letters to this resident about one account, by the year that they are about."""
    found = account_of(request, reference)
    years = by_year(_letters(request, found), _openings(request, found).times())
    return render(request, "council_tax/letters.html", {"account": found, "years": years})


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, reference: str, number: int) -> HttpResponseBase:
    """One letter; a POST opens its file, because the first opening is recorded."""
    found = account_of(request, reference)
    mine = _letters(request, found)
    document = get_object_or_404(mine, pk=number)
    resident = resident_of(request)
    return letter_page(
        request,
        "council_tax/letter.html",
        document,
        letters=mine,
        openings=_openings(request, found),
        file_name=f"{document.type}-{document.issued}.pdf",
        note_opening=partial(record_opening, resident=resident, document=document),
        account=found,
    )


def _letters(request: HttpRequest, account: Account) -> DocumentQuerySet:
    mine = Document.objects.for_resident(resident_of(request)).filter(account=account)
    mine = mine.select_related("account")
    return mine.order_by("-year", "-issued", "-pk")


def _openings(request: HttpRequest, account: Account) -> OpeningQuerySet[Opening]:
    mine = Opening.objects.for_resident(resident_of(request))
    return mine.filter(account_reference=account.reference)
