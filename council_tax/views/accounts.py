"""My accounts, and one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.http import resident_of
from council_tax.models import Account, Request
from council_tax.overview import Overview, details, overviews_of
from council_tax.requests import state_words
from council_tax.views.chosen import account_of, chosen_year, years_of
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
    found = account_of(request, reference)
    years = years_of(found)
    instalments = list(found.instalments.order_by("due", "number"))
    liabilities = found.liabilities.select_related("person").order_by("start", "pk")
    mine = Account.objects.for_resident(resident_of(request)).select_related("property")
    asked = Request.objects.for_resident(resident_of(request)).filter(account_reference=reference)
    asked = asked.select_related("delivery").order_by("-created_at", "-pk")
    context = {
        "requests": [(each, state_words(each)) for each in asked[:REQUESTS_SHOWN]],
        "overview": Overview(found, instalments, timezone.localdate(), chosen_year(request, years)),
        "details": details(found, liabilities),
        "years": years,
        "others": list(mine.exclude(pk=found.pk).open_first()),
    }
    return render(request, "council_tax/account.html", context)
