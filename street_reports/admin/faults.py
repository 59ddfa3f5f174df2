"""What can be wrong and what is dangerous: theirs to change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin, messages

from stockport.admin import ModelAdmin
from street_reports.checks import NOBODY_ON_DUTY
from street_reports.forms.fault import IN_GENERAL
from street_reports.models import Danger, FaultType, Kind

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@admin.register(FaultType)
class FaultTypeAdmin(ModelAdmin):
    """What residents can choose. One that was used is switched off, not deleted."""

    list_display = (
        "name",
        "kind",
        "code",
        "position",
        "is_active",
        "is_urgent",
        "target_working_days",
    )
    list_editable = ("position", "is_active", "is_urgent", "target_working_days")
    list_filter = ("kind", "is_active", "is_urgent")
    search_fields = ("name", "code")
    ordering = ("kind", "position")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with a warning where urgent faults tell nobody."""
        if not settings.DUTY_EMAILS:
            self.message_user(request, NOBODY_ON_DUTY, messages.WARNING)
        return super().changelist_view(request, extra_context)


@admin.register(Danger)
class DangerAdmin(ModelAdmin):
    """What is told by phone. The page with a kind's list is never empty (forms/fault.py)."""

    list_display = ("text", "kind", "position", "is_active")
    list_editable = ("position", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("text",)
    ordering = ("kind", "position")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with a warning for each kind whose dangers are all switched off."""
        asked = set(Danger.objects.filter(is_active=True).values_list("kind", flat=True))
        for kind in Kind:
            if kind not in asked:
                warning = f"No danger of a {kind.noun} is switched on: the page only asks whether"
                self.message_user(request, f"{warning} {IN_GENERAL}.", messages.WARNING)
        return super().changelist_view(request, extra_context)
