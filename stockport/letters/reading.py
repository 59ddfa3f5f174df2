"""Letters as residents read them: the list of a year's, and the file of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, Generic

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import render

from stockport.letters.models import AnyLetter, Letter, OpeningQuerySet
from stockport.readonly import reading

if TYPE_CHECKING:
    from django.http import HttpRequest

HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Listed(Generic[AnyLetter]):
    """A letter in the list, and when this resident first opened it."""

    document: AnyLetter
    opened_at: datetime | None


def by_year(
    documents: Iterable[AnyLetter], opened: Mapping[str, datetime]
) -> list[tuple[str, list[Listed[AnyLetter]]]]:
    """The letters of each tax year, in the order given: a March bill is in the year that follows,
    because the back office says which year a letter is about.
    """
    return [
        (year, [Listed(each, opened.get(each.reference)) for each in letters])
        for year, letters in groupby(documents, key=lambda document: document.year)
    ]


def replaced_by(document: AnyLetter, documents: Iterable[AnyLetter]) -> AnyLetter | None:
    """The letter that replaces this one, where it is among these."""
    newer = (each for each in documents if each.reference == document.superseded_by)
    return next(newer, None) if document.superseded_by else None


def letter_page(
    request: HttpRequest,
    template: str,
    document: AnyLetter,
    *,
    letters: Iterable[AnyLetter],
    openings: OpeningQuerySet[Any],
    file_name: str,
    note_opening: Callable[[], None],
    **context: object,
) -> HttpResponseBase:
    """The page of one of these letters; a POST gives its file, because its opening is recorded.

    Raises Http404 where the file has gone.
    """
    if request.method == "POST" and document.is_delivered:
        return _file_of(document, file_name, note_opening)
    with reading():
        shown = {
            "document": document,
            "replaced_by": replaced_by(document, letters),
            "opened_at": openings.times().get(document.reference),
        }
        return render(request, template, context | shown)


def _file_of(document: Letter, file_name: str, note_opening: Callable[[], None]) -> FileResponse:
    """The letter's PDF under this name, once its opening is noted."""
    try:
        file = default_storage.open(document.storage_name)
    except FileNotFoundError:
        raise Http404 from None
    note_opening()
    return FileResponse(file, filename=file_name, content_type="application/pdf", headers=HEADERS)
