"""Pages that show a resident's claims."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.http import resident_of
from accounts.models import Person
from benefits import rules, tables
from benefits.models import BenefitPayment, Claim, Kind
from benefits.overview import Overview, with_details
from stockport.readonly import readonly

PAYMENTS_A_PAGE = 13  # a year of four-weekly payments


@readonly
def index(request: HttpRequest) -> HttpResponse:
    """Every claim in every state."""
    resident, today = resident_of(request), timezone.localdate()
    claims = with_details(Claim.objects.for_resident(resident).most_pressing_first())
    overviews = [Overview(claim, today) for claim in claims]
    context = {
        "claims": [(overview, tables.summary_rows(overview)) for overview in overviews],
        "as_at": min((claim.as_at for claim in claims), default=None),
        "linked": bool(overviews) or Person.objects.for_resident(resident).exists(),
    }
    return render(request, "benefits/index.html", context)


@readonly
def claim(request: HttpRequest, reference: str) -> HttpResponse:
    """One claim."""
    resident = resident_of(request)
    claims = Claim.objects.for_resident(resident).select_related("person")
    found = get_object_or_404(with_details(claims), reference=reference)
    overview = Overview(found, timezone.localdate())
    payments = BenefitPayment.objects.for_resident(resident)
    made = payments.filter(claim=found, kind=Kind.HB).made()
    page = Paginator(made, PAYMENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "overview": overview,
        "claim": found,
        "claim_rows": tables.claim_rows(found),
        "awards": tables.award_rows(overview.live_awards),
        "awards_head": tables.AWARDS_HEAD,
        "next_payment": overview.next_payment,
        "page": page,
        "payments": tables.Payments(list(page)),
        "support_head": tables.SUPPORT_HEAD,
        "support": tables.support_rows(overview.support),
        "overpayments": [
            (each, tables.overpayment_rows(each, overview.today)) for each in overview.overpayments
        ],
        "appeal": rules.Appeal(found.decided, overview.today) if found.decided else None,
    }
    if overview.next_payment:
        context["next_payment_rows"] = tables.next_payment_rows(overview.next_payment)
    elif last := made.first():
        context["expected_on"] = overview.expected_after(last)
    return render(request, "benefits/claim.html", context)
