"""What the list shows, as a file; and the record of every file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from accounts.http import resident_of
from stockport.admin import ReadOnlyAdmin
from street_reports.admin.queue import QueueAdmin
from street_reports.exporting import begin_export, lines
from street_reports.models import Export

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern
    from django.utils.safestring import SafeString

LIST = "admin:street_reports_report_changelist"


class ExportingAdmin(QueueAdmin):
    """The queue, with a way to take out what it shows."""

    def get_urls(self) -> list[URLPattern]:
        """With the address of the file."""
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/", view, name="street_reports_report_export"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list; whoever may take out personal data is asked which file they need."""
        may = {"may_export_personal_data": may_export_personal_data(request)}
        return super().changelist_view(request, {**may, **(extra_context or {})})

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """The file for a POST, which puts it on record; the address has the filters."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        personal = "personal" in request.POST
        if personal and not may_export_personal_data(request):
            raise PermissionDenied
        if request.method != "POST":
            return redirect(LIST)
        try:
            reports = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect(LIST)
        filters = request.GET.urlencode()
        export = begin_export(by=resident_of(request), filters=filters, personal=personal)
        name = f"street-reports-{timezone.localdate().isoformat()}.csv"
        return StreamingHttpResponse(
            lines(export=export, reports=reports),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def may_export_personal_data(request: HttpRequest) -> bool:
    """Whether this member of staff may take out who reported what, in their words."""
    return request.user.has_perm("street_reports.export_personal_data")


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    """Who took out what, and when."""

    list_display = ("created_at", "by", "rows", "has_personal_data", "shown")
    list_filter = ("has_personal_data", ("created_at", admin.DateFieldListFilter))
    list_select_related = ("by",)
    search_fields = ("by__email",)
    ordering = ("-created_at",)

    @admin.display(description="filters")
    def shown(self, export: Export) -> SafeString:
        """What was taken out, as a link to the list with the same filters."""
        words = export.filters or "To do"
        return format_html('<a href="{}?{}">{}</a>', reverse(LIST), export.filters, words)
