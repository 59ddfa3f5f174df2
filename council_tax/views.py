"""Council tax pages: my accounts, one account, its bill, its transactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.http import resident_of
from council_tax.bill import HEAD as BILL_HEAD
from council_tax.bill import Bill
from council_tax.models import Account, Element
from council_tax.overview import Overview, details, overviews_of
from council_tax.rules import tax_year_of
from council_tax.statement import HEAD as STATEMENT_HEAD
from council_tax.statement import statement_rows
from stockport.readonly import readonly

if TYPE_CHECKING:
    from django.http import HttpRequest

ON_A_PAGE = 25


@readonly
def index(request: HttpRequest) -> HttpResponse:
    """My accounts, open and closed."""
    overviews = overviews_of(resident_of(request), timezone.localdate())
    return render(request, "council_tax/index.html", {"overviews": overviews})


@readonly
def account(request: HttpRequest, reference: str) -> HttpResponse:
    """One account: its balance, what to do, and a year's instalments."""
    found = _account(request, reference)
    years = _years(found)
    year = _chosen_year(request, years)
    instalments = list(found.instalments.order_by("due", "number"))
    liabilities = found.liabilities.select_related("person").order_by("start", "pk")
    return render(
        request,
        "council_tax/account.html",
        {
            "overview": Overview(found, instalments, timezone.localdate(), year),
            "details": details(found, liabilities),
            "years": years,
        },
    )


@readonly
def bill(request: HttpRequest, reference: str) -> HttpResponse:
    """How a year's bill of one account is made up."""
    found = _account(request, reference)
    totals = {each.year: each for each in found.year_totals.order_by("-year")}
    year = _chosen_year(request, list(totals))
    periods = found.charge_periods.filter(year=year).order_by("sequence")
    made_up = Bill(
        year=year,
        periods=list(periods.prefetch_related("lines")),
        totals=totals.get(year),
        elements=list(Element.objects.filter(year=year).order_by("band", "element")),
    )
    context = {"account": found, "bill": made_up, "head": BILL_HEAD, "years": list(totals)}
    return render(request, "council_tax/bill.html", context)


@readonly
def transactions(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything that happened on one account, newest first."""
    found = _account(request, reference)
    pages = Paginator(found.transactions.with_balance(), ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "account": found,
        "page": page,
        "head": STATEMENT_HEAD,
        "rows": statement_rows(page.object_list),
    }
    return render(request, "council_tax/transactions.html", context)


def _account(request: HttpRequest, reference: str) -> Account:
    mine = Account.objects.for_resident(resident_of(request)).for_pages()
    return get_object_or_404(mine, reference=reference)


def _years(account: Account) -> list[str]:
    return list(account.year_totals.order_by("-year").values_list("year", flat=True))


def _chosen_year(request: HttpRequest, years: list[str]) -> str:
    """The year that is asked for, or the running one, or the newest that there is."""
    running = tax_year_of(timezone.localdate())
    if asked := request.GET.get("year"):
        if asked not in years:
            raise Http404("This account has no such year.")
        return asked
    return running if running in years or not years else years[0]
