"""What a move or a discount would change: an estimate for anybody, never kept."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Resident
from council_tax.bill import HEAD
from council_tax.estimate import Estimate, EstimateForm
from council_tax.models import Account, Element
from council_tax.rules import band_charge, tax_year_of, year_bounds
from stockport.readonly import readonly

if TYPE_CHECKING:
    from django.http import HttpRequest

SENT = "paid"  # the form's box of text: a browser sends it whatever was filled in


@login_not_required
@readonly
def estimate(request: HttpRequest) -> HttpResponse:
    """The form, and above it what it comes to; the answers are in the address."""
    today = timezone.localdate()
    year = tax_year_of(today)
    annuals = _annuals(year)
    context: dict[str, Any] = {"year": year, "head": HEAD, "unknown": not annuals}
    if SENT in request.GET:
        form = EstimateForm(request.GET, year=year)
        if annuals and form.is_valid():
            context["worked"] = Estimate(form.cleaned_data, annuals, *year_bounds(year), today)
    else:
        account = _account_of(request)
        form = EstimateForm(year=year, initial=_known(account, year) if account else {})
        context["account"] = account
    return render(request, "council_tax/estimate.html", {"form": form, **context})


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
