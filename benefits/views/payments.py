"""What a claim has paid, by tax year, and the same as a file."""

from __future__ import annotations

from django.db.models import Max, Min, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.http import resident_of
from benefits import history
from benefits.models import BenefitPayment, Claim, Recovery
from benefits.models.payments import BenefitPaymentQuerySet
from stockport.readonly import readonly
from stockport.spreadsheet import csv_answer


@readonly
def payments(request: HttpRequest, reference: str) -> HttpResponse:
    """The payments of one tax year, the newest first."""
    claim, made = _made(request, reference)
    years = _years(made)
    year = _chosen(request, years)
    shown = list(made.filter(paid_on__range=history.days_of(year))) if year else []
    context = {
        "claim": claim,
        "years": years,
        "year": year,
        "history": history.History(shown),
    }
    return render(request, "benefits/payments.html", context)


@readonly
def payments_csv(request: HttpRequest, reference: str) -> HttpResponse:
    """Every payment of a claim, for a spreadsheet."""
    claim, made = _made(request, reference)
    return csv_answer(f"payments-{claim.reference}", history.csv_rows(made))


def _made(request: HttpRequest, reference: str) -> tuple[Claim, BenefitPaymentQuerySet]:
    resident = resident_of(request)
    claim = get_object_or_404(Claim.objects.for_resident(resident), reference=reference)
    made = BenefitPayment.objects.filter(claim=claim).of_money().made()
    recoveries = Recovery.objects.order_by("overpayment", "number")
    return claim, made.prefetch_related(Prefetch("recoveries", recoveries))


def _years(made: BenefitPaymentQuerySet) -> list[str]:
    ends = made.aggregate(first=Min("paid_on"), last=Max("paid_on"))
    return history.years_between(ends["first"], ends["last"]) if ends["first"] else []


def _chosen(request: HttpRequest, years: list[str]) -> str:
    """The year that is asked for, or the newest; empty where nothing was paid."""
    asked = request.GET.get("year")
    if asked and asked not in years:
        raise Http404("Nothing was paid in this year.")
    return asked or next(iter(years), "")
