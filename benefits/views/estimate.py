"""What somebody of working age might get off their council tax bill: an estimate, never kept."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import resident_of
from benefits import rules, working
from benefits.forms import EstimateForm
from benefits.models import Claim
from stockport.money import to_pennies
from stockport.readonly import reading

if TYPE_CHECKING:
    from accounts.models import Resident

# In the session, which goes when somebody signs out: the answers, and those before them.
TYPED, BEFORE = "benefits_estimate", "benefits_estimate_before"
MOST_KEPT = 2_000  # characters: the answers of a form that is filled in have far fewer


@require_http_methods(["GET", "HEAD", "POST"])
def estimate(request: HttpRequest) -> HttpResponse:
    """The form, and under it what it comes to; changing one answer shows what that would change."""
    if request.method == "POST":
        form = EstimateForm(request.POST)
        if not form.is_valid():
            return render(request, "benefits/estimate.html", {"form": form})
        typed = QueryDict(mutable=True)
        typed.update({name: request.POST.get(name, "") for name in form.fields})
        _keep(request, typed.urlencode()[:MOST_KEPT])
        return redirect("benefits:estimate")
    with reading():
        known = _known(resident_of(request))
        form, before = _kept(request, TYPED), _kept(request, BEFORE)
        context = _result(form, before, timezone.localdate()) if form.is_valid() else {}
        return render(request, "benefits/estimate.html", {"form": form, "known": known, **context})


def _known(resident: Resident) -> str:
    """The page that begins with the award of somebody who has one; empty without."""
    live = Claim.objects.for_resident(resident).filter(status=Claim.Status.CURRENT)
    claim = live.exclude(type=Claim.Type.HOUSING).most_pressing_first().first()
    return reverse("benefits:what_if", args=[claim.reference]) if claim else ""


def _keep(request: HttpRequest, typed: str) -> None:
    if (before := request.session.get(TYPED)) != typed:
        request.session[BEFORE] = before
    request.session[TYPED] = typed


def _kept(request: HttpRequest, name: str) -> EstimateForm:
    kept = request.session.get(name)
    return EstimateForm(QueryDict(kept)) if kept else EstimateForm()


def _result(form: EstimateForm, before: EstimateForm, today: date) -> dict[str, Any]:
    """The lines of the estimate, the year's amount, and what differs from the estimate before;
    `unknown` where there are no figures.
    """
    try:
        worked = rules.council_tax_support(form.circumstances(), today)
    except rules.UnknownYearError:
        return {"unknown": True}
    bill = form.cleaned_data["council_tax"]
    compared = ""
    if before.is_valid():
        weekly = rules.council_tax_support_weekly(before.circumstances(), today)
        compared = working.compared(weekly, worked.weekly)
    return {
        "worked": worked,
        "head": working.HEAD,
        "rows": working.rows_of(worked.lines, "Council Tax Support each week", worked.weekly),
        "compared": compared,
        "yearly": min(bill, to_pennies(worked.weekly * rules.weeks_in_year(today))),
    }
