"""My accounts, and one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.http import resident_of
from council_tax.models import Account, Request
from council_tax.overview import Overview, details, overviews_of
from council_tax.views.chosen import chosen_year, totals_of
from stockport.readonly import readonly

if TYPE_CHECKING:
    from django.http import HttpRequest

REQUESTS_SHOWN = 5


@readonly
def index(request: HttpRequest) -> HttpResponse:
    """My accounts, open and closed."""
    overviews = overviews_of(resident_of(request), timezone.localdate())
    return render(request, "council_tax/index.html", {"overviews": overviews})


@readonly
def account(request: HttpRequest, reference: str) -> HttpResponse:
    """One account: its balance, what to do, and a year's instalments."""
    resident = resident_of(request)
    mine = list(Account.objects.for_resident(resident).for_pages().open_first())
    found = next((each for each in mine if each.reference == reference), None)
    if found is None:
        raise Http404("The resident has no such account.")
    totals = totals_of(found)
    years = list(totals)
    year = chosen_year(request, years)
    instalments = list(found.instalments.order_by("due", "number"))
    asked = Request.objects.for_resident(resident).filter(account_reference=reference)
    context = {
        "requests": asked.newest()[:REQUESTS_SHOWN],
        "overview": Overview(found, instalments, timezone.localdate(), year),
        "nothing_charged": year in totals and totals[year].charge == 0,
        "owed": [each for each in totals.values() if each.outstanding],
        "details": details(found, found.liabilities.with_names()),
        "years": years,
        "others": [each for each in mine if each != found],
    }
    return render(request, "council_tax/account.html", context)
