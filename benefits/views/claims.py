"""A resident's claims: all of them, one of them, and why it gives what it gives."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.http import resident_of
from accounts.models import Person
from benefits import rules, tables, working
from benefits.models import (
    Award,
    AwardLine,
    BenefitPayment,
    Claim,
    ClaimDraft,
    ClaimMember,
    ClaimRequest,
    Recovery,
)
from benefits.overview import Overview, with_awards, with_due, with_letters
from stockport.readonly import readonly

PAYMENTS_SHOWN = 4
ASKED_SHOWN = 20
DUE_LOOKED_AT = 4  # the next of each kind of money


@readonly
def index(request: HttpRequest) -> HttpResponse:
    """Every claim in every state."""
    resident, today = resident_of(request), timezone.localdate()
    claims = with_due(with_awards(Claim.objects.for_resident(resident).most_pressing_first()))
    overviews = [Overview(claim, today, list(claim.payments.all())) for claim in claims]
    context = {
        "claims": [(overview, tables.summary_rows(overview)) for overview in overviews],
        "as_at": min((claim.as_at for claim in claims), default=None),
        "drafts": ClaimDraft.objects.for_resident(resident).unfinished(),
        "asked": ClaimRequest.objects.for_resident(resident).newest()[:ASKED_SHOWN],
        "linked": bool(overviews) or Person.objects.for_resident(resident).exists(),
    }
    return render(request, "benefits/index.html", context)


@readonly
def claim(request: HttpRequest, reference: str) -> HttpResponse:
    """One claim: where it stands, what it gives and what is next."""
    resident = resident_of(request)
    claims = Claim.objects.for_resident(resident).select_related("person")
    found = get_object_or_404(with_letters(with_awards(claims), resident), reference=reference)
    due, made = _next_and_latest(found)
    overview = Overview(found, timezone.localdate(), due)
    decided = overview.rent_decided
    context = {
        "overview": overview,
        "claim": found,
        "claim_rows": tables.claim_rows(found),
        "requests": tables.request_tags(overview.requests),
        "awards": tables.award_rows(overview.live_awards),
        "awards_head": tables.AWARDS_HEAD,
        "decisions": working.latest_decisions(overview.decisions_in_force),
        "next_payments": [
            (each.kind, tables.next_payment_rows(each)) for each in overview.next_payments
        ],
        "payments": tables.Payments(made),
        "support_head": tables.SUPPORT_HEAD,
        "support": tables.support_rows(overview.support),
        "overpayments": tables.overpayment_cards(overview),
        "appeal": rules.Appeal(decided, overview.today) if decided else None,
    }
    if made and not due:
        context["expected_on"] = overview.expected_after(made[0])
    return render(request, "benefits/claim.html", context)


def _next_and_latest(claim: Claim) -> tuple[list[BenefitPayment], list[BenefitPayment]]:
    """Payments to come, soonest first, and the last few, newest first: one query."""
    payments = BenefitPayment.objects.filter(claim=claim).of_money()
    found = list(payments.due()[:DUE_LOOKED_AT].union(payments.made()[:PAYMENTS_SHOWN], all=True))
    found.sort(key=lambda payment: (payment.paid_on, payment.number))
    due = [payment for payment in found if payment.state == BenefitPayment.State.DUE]
    made = [payment for payment in found if payment.state == BenefitPayment.State.PAID]
    return due, made[::-1]


@readonly
def worked_out(request: HttpRequest, reference: str) -> HttpResponse:
    """How each award is worked out, what changed in it, and who counts in it."""
    lines = Prefetch("lines", AwardLine.objects.order_by("number"))
    awards = Award.objects.order_by("-kind", "-start").prefetch_related(lines)
    claims = Claim.objects.for_resident(resident_of(request)).prefetch_related(
        Prefetch("awards", awards), Prefetch("members", ClaimMember.objects.now())
    )
    found = get_object_or_404(claims, reference=reference)
    overview = Overview(found, timezone.localdate(), ())
    shown = overview.live_awards or overview.awards[:1]
    context = {
        "claim": found,
        "overview": overview,
        "worked_out": working.worked_out(overview.awards, shown),
        "head": working.HEAD,
        "savings_head": working.SAVINGS_HEAD,
        "members": tables.member_rows(found.members.all()),
    }
    return render(request, "benefits/worked_out.html", context)


@readonly
def overpayments(request: HttpRequest, reference: str) -> HttpResponse:
    """What was paid too much, and every amount that was paid back."""
    recoveries = Recovery.objects.order_by("-taken_on", "-number")
    claims = with_awards(Claim.objects.for_resident(resident_of(request)))
    found = get_object_or_404(
        claims.prefetch_related(Prefetch("overpayments__recoveries", recoveries)),
        reference=reference,
    )
    overview = Overview(found, timezone.localdate(), ())
    context = {
        "claim": found,
        "overpayments": tables.overpayment_cards(overview),
        "head": tables.RECOVERIES_HEAD,
    }
    return render(request, "benefits/overpayments.html", context)
