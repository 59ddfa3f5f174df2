"""The pages about a resident's own reports. Those of the form are in reporting.py."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts import looking
from accounts.http import resident_of
from accounts.second_step.staff import has_power
from stockport.readonly import readonly
from street_reports import acting, pages
from street_reports.begun import begun
from street_reports.drafts import delete_draft
from street_reports.forms.act import TITLES, ActForm, FixedForm
from street_reports.models import Act, Draft, Photo, Report, Storm
from street_reports.workflow import NotAllowed

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

PER_PAGE = 20


@login_not_required
@readonly
def index(request: HttpRequest) -> HttpResponse:
    """How to report, and what the resident began, reported or follows, newest first."""
    if not request.user.is_authenticated:
        return render(request, "street_reports/two_ways.html")
    resident = resident_of(request)
    seen = Report.objects.seen_by(resident)
    reports = seen.select_related("fault", "asset", "delivery").order_by("-created_at", "-pk")
    page = Paginator(reports, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "reports": pages.listed(page),
        "begun": begun(Draft.objects.for_resident(resident).unfinished()),
        "storm": Storm.objects.on().first(),
    }
    return render(request, "street_reports/index.html", context)


def delete_page(request: HttpRequest, key: UUID) -> HttpResponse:
    """Asks whether to delete what was begun, and a POST that does it."""
    resident = resident_of(request)
    drafts = Draft.objects.for_resident(resident).unfinished()
    draft = get_object_or_404(drafts, key=key)
    if request.method != "POST":
        [item] = begun([draft])
        return render(request, "street_reports/delete_draft.html", {"item": item})
    delete_draft(resident=resident, key=key)
    messages.success(request, "We have deleted what you began.")
    return redirect("street_reports:index")


@readonly
def report_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One report and what has happened to it, for who made it and who follows it."""
    resident = resident_of(request)
    seen = Report.objects.seen_by(resident).in_full().prefetch_related("acts")
    report = get_object_or_404(seen, public_id=public_id)
    may = acting.allowed(report, resident)
    context = {
        "report": report,
        "rows": pages.summary(report, resident),
        "expected": pages.expected(report),
        "acts": pages.acts(report, may),
        "asks": Act.Kind.CONFIRM in may,
        "headline": pages.head(report),
        "timeline": pages.history(report, resident),
        "photos": list(report.photos.for_resident(resident).in_order()),
    }
    return render(request, "street_reports/report.html", context)


@readonly
def submitted(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """That the report is received, and what happens next."""
    mine = _mine(request, public_id)
    context = {"report": mine, "expected": pages.expected(mine)}
    return render(request, "street_reports/submitted.html", context)


def act_page(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    """A page on which a resident does something, and a POST that does it."""
    resident = resident_of(request)
    if kind not in TITLES:
        raise Http404
    report = (_seen if kind == Act.Kind.REOPEN else _mine)(request, public_id)
    if kind not in acting.allowed(report, resident):
        return redirect(report)
    data = request.POST if request.method == "POST" else None
    form = ActForm(data, kind=Act.Kind(kind))
    if not form.is_valid():
        context = {"report": report, "place": report.place_for(resident), "form": form}
        return render(request, "street_reports/act.html", context)
    with suppress(NotAllowed):  # it was done in another tab; the report's page shows it
        text = form.cleaned_data["text"]
        report = acting.act(report=report, resident=resident, kind=Act.Kind(kind), text=text)
    return redirect(report)


def fixed_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Asks whether it is fixed. “Yes” is recorded; “no” leads to the page that opens it again."""
    resident, report = resident_of(request), _seen(request, public_id)
    if Act.Kind.CONFIRM not in acting.allowed(report, resident):
        return redirect(report)
    data = request.POST if request.method == "POST" else None
    form = FixedForm(data, report=report, place=report.place_for(resident))
    if not form.is_valid():
        return render(request, "street_reports/fixed.html", {"report": report, "form": form})
    if form.cleaned_data["fixed"] == "no":
        return redirect("street_reports:act", report.public_id, Act.Kind.REOPEN)
    with suppress(NotAllowed):
        acting.act(report=report, resident=resident, kind=Act.Kind.CONFIRM)
    messages.success(request, "Thank you for telling us.")
    return redirect(report)


def _seen(request: HttpRequest, public_id: UUID) -> Report:
    reports = Report.objects.seen_by(resident_of(request)).in_full()
    return get_object_or_404(reports, public_id=public_id)


def _mine(request: HttpRequest, public_id: UUID) -> Report:
    reports = Report.objects.for_resident(resident_of(request)).in_full()
    return get_object_or_404(reports, public_id=public_id)


@readonly
def photo(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """A photo, for who added it and for staff, who say why they look; that is put on record."""
    resident = resident_of(request)
    photos = Photo.objects.all()
    if not has_power(request, "street_reports.view_photo"):
        photos = photos.for_resident(resident)
    shown = get_object_or_404(photos, public_id=public_id)
    is_theirs = shown.resident_id == resident.pk
    if not is_theirs and looking.WHY not in request.session:
        return looking.to_why(request)
    answer = _file_of(shown)
    if not is_theirs:
        looking.seen(request, shown)
    return answer


def _file_of(photo: Photo) -> FileResponse:
    """The picture, which can do nothing in a browser and is stored nowhere; or Http404."""
    try:
        file = photo.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        file,
        content_type="image/jpeg",
        headers={
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
