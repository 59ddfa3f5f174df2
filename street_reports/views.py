"""The pages about a resident's own reports. Those of the form are in reporting.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.http import resident_of
from stockport.readonly import readonly
from street_reports import pages
from street_reports.models import Photo, Report
from street_reports.timeline import headline

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

PER_PAGE = 20


@readonly
def index(request: HttpRequest) -> HttpResponse:
    """How to report, and what the resident reported or follows, newest first."""
    seen = Report.objects.seen_by(resident_of(request))
    reports = seen.select_related("fault", "asset", "delivery").order_by("-created_at", "-pk")
    page = Paginator(reports, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "reports": pages.listed(page)}
    return render(request, "street_reports/index.html", context)


@readonly
def report_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One report and what has happened to it, for who made it and who follows it."""
    resident = resident_of(request)
    seen = Report.objects.seen_by(resident).in_full()
    report = get_object_or_404(seen, public_id=public_id)
    context = {
        "report": report,
        "rows": pages.summary(report, resident),
        "expected": pages.expected(report),
        "headline": headline(report.status, report.delivery.state),
        "timeline": pages.history(report),
        "photos": list(report.photos.for_resident(resident).in_order()),
    }
    return render(request, "street_reports/report.html", context)


@readonly
def submitted(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """That the report is received, and what happens next."""
    mine = _mine(request, public_id)
    context = {"report": mine, "expected": pages.expected(mine)}
    return render(request, "street_reports/submitted.html", context)


def _mine(request: HttpRequest, public_id: UUID) -> Report:
    reports = Report.objects.for_resident(resident_of(request)).in_full()
    return get_object_or_404(reports, public_id=public_id)


@readonly
def photo(request: HttpRequest, public_id: UUID) -> FileResponse:
    """A photo, for who added it and for staff."""
    photos = Photo.objects.all()
    if not request.user.has_perm("street_reports.view_photo"):
        photos = photos.for_resident(resident_of(request))
    try:
        file = get_object_or_404(photos, public_id=public_id).file.open("rb")
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
