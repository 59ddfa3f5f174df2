"""How a year's bill is made up, and what changed in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render

from council_tax.bill import HEAD, Bill
from council_tax.changes import Comparison, bills_sent, during
from council_tax.models import Account, ChargeLine, Element, YearTotal
from council_tax.rules import previous_year
from council_tax.views.chosen import account_of, chosen_year, totals_of
from stockport.readonly import readonly

if TYPE_CHECKING:
    from django.http import HttpRequest


@readonly
def bill(request: HttpRequest, reference: str) -> HttpResponse:
    """How a year's bill of one account is made up."""
    found = account_of(request, reference)
    totals = totals_of(found)
    year = chosen_year(request, list(totals))
    made_up = _bills(found, totals, year)[year]
    context = {"account": found, "bill": made_up, "head": HEAD, "years": list(totals)}
    return render(request, "council_tax/bill.html", context)


@readonly
def changes(request: HttpRequest, reference: str) -> HttpResponse:
    """What changed since the year before, and within the year."""
    found = account_of(request, reference)
    totals = totals_of(found)
    year = chosen_year(request, list(totals))
    before = previous_year(year)
    bills = _bills(found, totals, year, before)
    sent = found.notices.filter(year=year, type="bill").order_by("-issued", "-pk")
    context = {
        "account": found,
        "bill": bills[year],
        "comparison": Comparison(bills[before], bills[year]) if before in totals else None,
        "during": during(bills[year]),
        "sent": bills_sent(sent),
        "head": HEAD,
        "years": list(totals),
    }
    return render(request, "council_tax/changes.html", context)


def _bills(account: Account, totals: dict[str, YearTotal], *years: str) -> dict[str, Bill]:
    """The bills of these years, in three queries."""
    periods = account.charge_periods.filter(year__in=years).order_by("year", "sequence")
    lines = Prefetch("lines", ChargeLine.objects.order_by("line"))
    of_account = list(periods.prefetch_related(lines))
    known = {*years, *(previous_year(year) for year in years)}
    elements = list(Element.objects.filter(year__in=known).order_by("year", "band", "element"))
    return {
        year: Bill(
            year=year,
            periods=[period for period in of_account if period.year == year],
            totals=totals.get(year),
            elements=elements,
        )
        for year in years
    }
