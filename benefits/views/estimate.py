"""What somebody of working age might get off their council tax bill: an estimate, never kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from benefits import rules, working
from benefits.forms import EstimateForm
from stockport.money import to_pennies
from stockport.readonly import reading

TYPED = "benefits_estimate"  # in the session: it goes when somebody signs out
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
        request.session[TYPED] = typed.urlencode()[:MOST_KEPT]
        return redirect("benefits:estimate")
    with reading():
        kept = request.session.get(TYPED)
        form = EstimateForm(QueryDict(kept)) if kept else EstimateForm()
        context = _result(form, timezone.localdate()) if kept and form.is_valid() else {}
        return render(request, "benefits/estimate.html", {"form": form, **context})


def _result(form: EstimateForm, today: date) -> dict[str, Any]:
    """The lines of the estimate, and the year's amount; `unknown` where there are no figures."""
    try:
        worked = rules.council_tax_support(form.circumstances(), today)
    except rules.UnknownYearError:
        return {"unknown": True}
    bill = form.cleaned_data["council_tax"]
    return {
        "worked": worked,
        "head": working.HEAD,
        "rows": working.rows_of(worked.lines, "Council Tax Support each week", worked.weekly),
        "yearly": min(bill, to_pennies(worked.weekly * rules.weeks_in_year(today))),
    }
