"""What another income would change: an estimate from the figures of a claim."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import resident_of
from benefits import rules
from benefits.models import Award, AwardLine, Claim
from benefits.what_if import HEAD, IncomesForm, WhatIf, known_awards
from stockport.readonly import reading


@require_http_methods(["GET", "HEAD", "POST"])
def what_if(request: HttpRequest, reference: str) -> HttpResponse:
    """The incomes of a claim, to be changed, and what would come of it; nothing is kept."""
    with reading():
        lines = Prefetch("lines", AwardLine.objects.order_by("number"))
        awards = Award.objects.order_by("-kind", "-start").prefetch_related(lines)
        claims = Claim.objects.for_resident(resident_of(request))
        found = get_object_or_404(
            claims.prefetch_related(Prefetch("awards", awards)), reference=reference
        )
        context = {"claim": found, **_answer(request, found)}
        return render(request, "benefits/what_if.html", context)


def _answer(request: HttpRequest, claim: Claim) -> dict[str, Any]:
    """The form and what came of it; nothing where no award depends on an income."""
    today = timezone.localdate()
    awards = known_awards(claim, today)
    if not awards:
        return {}
    form = IncomesForm(request.POST if request.method == "POST" else None, award=awards[0])
    if not form.is_valid():
        return {"form": form}
    try:
        result = WhatIf(form.more, awards, today)
        return {"form": form, "head": HEAD, "rows": result.rows, "words": result.words}
    except rules.UnknownYearError:
        return {"form": form, "unknown": True}
