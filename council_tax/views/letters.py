"""Letters and bills: the list of an account's, one of them, and its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.http import resident_of
from council_tax.actions import record_opening
from council_tax.models import Document, Opening
from council_tax.views.chosen import account_of
from stockport.letters.reading import by_year, file_of, replaced_by
from stockport.readonly import reading, readonly

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from council_tax.models import Account
    from council_tax.models.letter import DocumentQuerySet


@readonly
def letters(request: HttpRequest, reference: str) -> HttpResponse:
    """The letters to this resident about one account, by the year that they are about."""
    found = account_of(request, reference)
    years = by_year(_letters(request, found), _openings(request, found))
    return render(request, "council_tax/letters.html", {"account": found, "years": years})


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, reference: str, number: int) -> HttpResponseBase:
    """One letter; a POST opens its file, because the first opening is recorded."""
    found = account_of(request, reference)
    document = get_object_or_404(_letters(request, found), pk=number)
    if request.method == "POST" and document.is_delivered:
        return _file(request, document)
    with reading():
        context = {
            "account": found,
            "document": document,
            "replaced_by": replaced_by(document, _letters(request, found)),
            "opened_at": _openings(request, found).get(document.reference),
        }
        return render(request, "council_tax/letter.html", context)


def _letters(request: HttpRequest, account: Account) -> DocumentQuerySet:
    mine = Document.objects.for_resident(resident_of(request)).filter(account=account)
    mine = mine.select_related("account")
    return mine.order_by("-year", "-issued", "-pk")


def _openings(request: HttpRequest, account: Account) -> dict[str, datetime]:
    """When this resident first opened each letter, by its reference."""
    mine = Opening.objects.for_resident(resident_of(request))
    of_account = mine.filter(account_reference=account.reference)
    return dict(of_account.values_list("document_reference", "opened_at"))


def _file(request: HttpRequest, document: Document) -> FileResponse:
    def note_opening() -> None:
        record_opening(resident=resident_of(request), document=document)

    return file_of(document, f"{document.type}-{document.issued}.pdf", note_opening)
