"""What was charged and paid, and how to pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from council_tax.statement import HEAD, csv_rows, statement_rows
from council_tax.views.chosen import account_of
from stockport.readonly import readonly
from stockport.spreadsheet import csv_answer

if TYPE_CHECKING:
    from django.http import HttpRequest

ON_A_PAGE = 25


@readonly
def transactions(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything that happened on one account, newest first."""
    found = account_of(request, reference)
    pages = Paginator(found.transactions.with_balance(), ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "account": found,
        "page": page,
        "head": HEAD,
        "rows": statement_rows(page.object_list),
    }
    return render(request, "council_tax/transactions.html", context)


@readonly
def transactions_csv(request: HttpRequest, reference: str) -> HttpResponse:
    """The same, all of it, for a spreadsheet."""
    found = account_of(request, reference)
    rows = csv_rows(found.transactions.with_balance())
    return csv_answer(f"council-tax-{found.reference}", rows)


@readonly
def pay(request: HttpRequest, reference: str) -> HttpResponse:
    """The ways to pay, with what to give each time."""
    return render(request, "council_tax/pay.html", {"account": account_of(request, reference)})
