"""What staff do about one report: each on a page of its own, linked from the report's page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from stockport.admin import ReadOnlyAdmin
from street_reports.models import Report

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest
    from django.urls import URLPattern
    from django.utils.safestring import SafeString


@dataclass(frozen=True)
class StaffAct:
    """Something that staff can do: the words of its link, when it can be done, and its page."""

    words: str
    is_allowed: Callable[[Report], bool]
    page: Callable[[StaffActs, HttpRequest, Report], HttpResponse]


class StaffActs(ReadOnlyAdmin):
    """The admin of reports, whose `acts` have pages of their own."""

    acts: dict[str, StaffAct] = {}

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Whether this member of staff may do more than look."""
        return request.user.has_perm("street_reports.change_report")

    def get_urls(self) -> list[URLPattern]:
        """With one address for all acts."""
        view = self.admin_site.admin_view(self.act_view)
        here = path("<int:pk>/do/<slug:act>/", view, name="street_reports_report_do")
        return [here, *super().get_urls()]

    def act_view(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """The page of an act; back to the report where it cannot be done now."""
        if not self.has_act_permission(request):
            raise PermissionDenied
        report = get_object_or_404(Report.objects.in_full(), pk=pk)
        if act not in self.acts:
            raise Http404
        if not self.acts[act].is_allowed(report):
            return self.back(report)
        return self.acts[act].page(self, request, report)

    @admin.display(description="what you can do")
    def doing(self, report: Report) -> SafeString:
        """Links to what can be done now."""
        links = [
            (reverse("admin:street_reports_report_do", args=[report.pk, slug]), act.words)
            for slug, act in self.acts.items()
            if act.is_allowed(report)
        ]
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a>', links)

    def done(self, request: HttpRequest, report: Report, note: str) -> HttpResponse:
        """Say what was done, and go back to the report. The caller has put it on record."""
        self.message_user(request, note)
        return self.back(report)

    def back(self, report: Report) -> HttpResponse:
        """To the report's page."""
        return HttpResponseRedirect(reverse("admin:street_reports_report_change", args=[report.pk]))

    def ask(
        self,
        request: HttpRequest,
        report: Report,
        *,
        title: str,
        form: forms.Form,
        buttons: Sequence[tuple[str, str]],
        **more: Any,
    ) -> HttpResponse:
        """A page with a form about the report. A button is its name and its words."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "report": report,
            "form": form,
            "buttons": buttons,
            "preview": more.get("preview", ()),
            "notes": more.get("notes", ()),
        }
        return TemplateResponse(request, "admin/street_reports/act.html", context)
