"""What a move or a discount would change: an estimate for anybody.

The answers are kept in the session alone: what somebody has paid, and whether somebody at home is
disabled, is nothing for an address.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Sum
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts.models import Resident
from council_tax.bill import HEAD
from council_tax.estimate import Estimate, EstimateForm
from council_tax.models import Account, Element
from council_tax.rules import band_charge, tax_year_of, year_bounds
from stockport.readonly import reading
from stockport.steps import query_of

if TYPE_CHECKING:
    from django.http import HttpRequest

TYPED = "council_tax_estimate"
MOST_KEPT = 2_000  # characters: the answers of a form that is filled in have far fewer


@login_not_required
@cache_control(no_store=True)  # for visitors too: it shows what they answered
@require_http_methods(["GET", "HEAD", "POST"])
def estimate(request: HttpRequest) -> HttpResponse:
    """The form, and above it what it comes to."""
    year = tax_year_of(timezone.localdate())
    if request.method == "POST":
        return _answered(request, year)
    with reading():
        form = EstimateForm(QueryDict(request.session.get(TYPED)), year=year)
        if form.is_valid():
            return _page(request, form, year)
        account = _account_of(request)
        fresh = EstimateForm(year=year, initial=_known(account, year) if account else {})
        return _page(request, fresh, year, account)


def _answered(request: HttpRequest, year: str) -> HttpResponse:
    """Keep good answers, or forget those that are kept; then show what they come to."""
    form = EstimateForm(request.POST, year=year)
    if "forget" in request.POST:
        request.session.pop(TYPED, None)
    elif form.is_valid():
        request.session[TYPED] = query_of(request.POST, form.fields)[:MOST_KEPT]
    else:
        return _page(request, form, year)
    return redirect("council_tax:estimate")


def _page(
    request: HttpRequest, form: EstimateForm, year: str, account: Account | None = None
) -> HttpResponse:
    annuals = _annuals(year)
    context: dict[str, Any] = {"form": form, "year": year, "head": HEAD, "account": account}
    context["unknown"] = not annuals
    if annuals and form.is_valid():
        today = timezone.localdate()
        context["worked"] = Estimate(form.cleaned_data, annuals, *year_bounds(year), today)
    return render(request, "council_tax/estimate.html", context)


def _annuals(year: str) -> dict[str, Decimal]:
    """What each band pays for the year, as published; empty where the bands are not all known."""
    of_year = Element.objects.filter(year=year).values_list("band")
    found = dict(of_year.annotate(Sum("amount")))
    if not set("ABCDEFGH") <= found.keys():
        return {}
    return {"A-": band_charge(found["D"], "A-"), **found}


def _account_of(request: HttpRequest) -> Account | None:
    """The open account of somebody who is signed in and has just one."""
    if not isinstance(request.user, Resident):
        return None
    mine = list(Account.objects.for_resident(request.user).filter(status="open")[:2])
    return mine[0] if len(mine) == 1 else None


def _known(account: Account, year: str) -> dict[str, Any]:
    """The answers that the account gives."""
    period = account.charge_periods.filter(year=year).order_by("-sequence").first()
    totals = account.year_totals.filter(year=year).first()
    if period is None or totals is None:
        return {}
    has_discount = period.lines.filter(type="discount", code="SPD").exists()
    return {
        "move": "none",
        "band": period.band_listed,
        "adults": "one" if has_discount else "two",
        "disabled": "yes" if period.band_charged != period.band_listed else "no",
        "paid": f"{max(totals.payments, Decimal()):.2f}",
        "number": "12" if account.instalments.filter(year=year).count() > 10 else "10",
    }
