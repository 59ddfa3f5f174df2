"""One request: what was asked, and how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.http import resident_of
from council_tax.models import Request
from stockport.components import SummaryRow
from stockport.readonly import readonly

if TYPE_CHECKING:
    from django.http import HttpRequest


@readonly
def request(request: HttpRequest, reference: str) -> HttpResponse:
    """What this resident asked, with its reference."""
    mine = Request.objects.for_resident(resident_of(request)).select_related("delivery")
    found = get_object_or_404(mine, reference=reference)
    context = {
        "asked": found,
        "rows": [SummaryRow(key, value) for key, value in found.summary],
    }
    return render(request, "council_tax/request.html", context)
